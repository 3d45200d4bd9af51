import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Part } from './retired-parts';

/** A part, and the resource of the stack that has it. */
export interface UsedPart {
  readonly part: Part;
  readonly resource: SynthesizedResource;
  /** Whether the stack itself names it, where a chart's own values may name other ones. */
  readonly ownImage?: boolean;
}

/** Arguments in which resources name an image, by what they are called on their way there. */
const IMAGE_ARGUMENTS = new Set(['image', 'image_uri', 'docker_image_name']);

/** Every part of a stack that can be retired: its types, charts and images. */
export function partsOf(stack: SynthesizedStack): UsedPart[] {
  return stack.resources.flatMap((resource) => [
    { part: { kind: 'resource', name: resource.type }, resource },
    ...(resource.type === 'helm_release'
      ? chartParts(stack, resource)
      : imagesIn(stack.known(resource.block), resource, stack)),
  ]);
}

function chartParts(stack: SynthesizedStack, resource: SynthesizedResource): UsedPart[] {
  const {
    repository = '',
    chart,
    values = [],
  } = stack.known(resource.block) as {
    repository?: string;
    chart: string;
    values?: string[];
  };
  const given = values.map((text) => readYaml(text, stack));
  return [
    {
      part: { kind: 'chart', name: repository === '' ? chart : `${repository.replace(/\/$/, '')}/${chart}` },
      resource,
    },
    // A chart of one's own has nothing but what is given to it.
    ...(repository === ''
      ? given.flatMap((value) => imagesIn(value, resource, stack))
      : given.flatMap((value) => chartImages(value, resource))),
  ];
}

/** Images of containers, wherever they are in a block; JSON in text, such as ECS' containers, is read. */
function imagesIn(value: unknown, resource: SynthesizedResource, stack: SynthesizedStack): UsedPart[] {
  if (Array.isArray(value)) return value.flatMap((one) => imagesIn(one, resource, stack));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]): UsedPart[] => {
    if (typeof one !== 'string') return imagesIn(one, resource, stack);
    if (key === 'container_definitions') return imagesIn(readYaml(one, stack), resource, stack);
    return IMAGE_ARGUMENTS.has(key) ? [{ part: { kind: 'image', name: one }, resource, ownImage: true }] : [];
  });
}

/** Images that a chart is told to take instead of its own: `{ repository, tag }`, or text. */
function chartImages(value: unknown, resource: SynthesizedResource): UsedPart[] {
  if (Array.isArray(value)) return value.flatMap((one) => chartImages(one, resource));
  if (typeof value !== 'object' || value === null) return [];
  const { repository, tag = '' } = value as { repository?: unknown; tag?: unknown };
  const own: UsedPart[] =
    typeof repository === 'string' ? [{ part: { kind: 'image', name: `${repository}:${tag}` }, resource }] : [];
  return [
    ...own,
    ...Object.entries(value).flatMap(([key, one]): UsedPart[] =>
      key === 'image' && typeof one === 'string'
        ? [{ part: { kind: 'image', name: one }, resource }]
        : chartImages(one, resource),
    ),
  ];
}

/** Text that is no YAML has no parts. */
function readYaml(text: string, stack: SynthesizedStack): unknown {
  try {
    return stack.yaml(text);
  } catch {
    return undefined;
  }
}
