import { type ControlPlane, type KubernetesObject, OpenApi, objectOf } from '@cdktf-recommender/rehearsal';
import { parse } from 'yaml';
import type { SynthesizedStack } from '../../helpers/synth';

type Fields = Record<string, unknown>;

interface Values {
  readonly chartSha256?: string;
  readonly objects: readonly KubernetesObject[];
}

/** What a stack has in its cluster through Terraform's Kubernetes provider, in the API server's terms. */
export async function ownObjects(stack: SynthesizedStack, controlPlane: ControlPlane): Promise<KubernetesObject[]> {
  const openApi = await OpenApi.of(controlPlane);
  return stack
    .resourceTypes()
    .filter((type) => type.startsWith('kubernetes_'))
    .flatMap((type) => Object.values(stack.resources(type)).map((fields) => ({ type, fields })))
    .map(({ type, fields }) => {
      const values = resolved(withoutOrder(fields), stack) as Fields;
      return objectOf({ type, configuration: values, values }, openApi);
    });
}

/** The order in which they can be applied. */
export const namespacesFirst = (objects: readonly KubernetesObject[]): KubernetesObject[] =>
  [...objects].sort((a, b) => Number(b.kind === 'Namespace') - Number(a.kind === 'Namespace'));

/** An object of a stack's `CustomResources`, and its release's namespace. */
export interface ReleasedObject {
  readonly namespace: string;
  readonly object: KubernetesObject;
}

/** The objects of a stack's `CustomResources`. */
export function releasedObjects(stack: SynthesizedStack): ReleasedObject[] {
  return Object.values(stack.resources('helm_release')).flatMap((release) => {
    const { values = [], namespace } = resolved(withoutOrder(release), stack) as {
      values?: string[];
      namespace: string;
    };
    const { chartSha256, objects } = (values[0] ? parse(values[0], { version: '1.1' }) : {}) as Values;
    return chartSha256 ? objects.map((object) => ({ namespace, object })) : [];
  });
}

/**
 * The same, those without a namespace in their release's, as Helm has it.
 *
 * @throws Error for a kind that the control plane doesn't serve
 */
export async function customObjects(
  stack: SynthesizedStack,
  controlPlane: ControlPlane,
  wanted: (object: KubernetesObject) => boolean = () => true,
): Promise<KubernetesObject[]> {
  const found: KubernetesObject[] = [];
  for (const { namespace, object } of releasedObjects(stack)) {
    if (!wanted(object)) continue;
    const placed = (await isNamespaced(controlPlane, object)) ? { namespace, ...object.metadata } : object.metadata;
    found.push({ ...object, metadata: placed });
  }
  return found;
}

/** What a stack tells a chart, by the construct's own values. */
// biome-ignore lint/suspicious/noExplicitAny: values of a chart
export function chartValues(stack: SynthesizedStack, chart: string): any {
  const release = Object.values(stack.resources('helm_release')).find((one) => one.chart === chart);
  if (!release) throw new Error(`the stack installs no ${chart}`);
  const { values } = resolved(withoutOrder(release), stack) as { values: [string, ...string[]] };
  return parse(values[0], { version: '1.1' });
}

async function isNamespaced(controlPlane: ControlPlane, { apiVersion, kind }: KubernetesObject): Promise<boolean> {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { resources } = (await controlPlane.get(path)) as { resources: { kind: string; namespaced: boolean }[] };
  const resource = resources.find((one) => one.kind === kind);
  if (!resource) throw new Error(`the control plane serves no ${kind} of ${apiVersion}`);
  return resource.namespaced;
}

/** What Terraform orders by is not the object's. */
const withoutOrder = ({ depends_on: _, ...fields }: Fields) => fields;

/** `value` with references to other resources of the stack replaced by what those are configured with. */
function resolved(value: unknown, stack: SynthesizedStack): unknown {
  if (typeof value === 'string') {
    return value.replaceAll(/\$\{([a-z]\w*)\.(\w+)\.([\w.[\]]+)\}/g, (_, type, id, path) => {
      const fields = path.split('.').map((part: string) => part.replace(/\[0\]$/, ''));
      let found: unknown = stack.resources(type)[id];
      for (const field of fields) found = (found as Fields | undefined)?.[field];
      if (typeof found !== 'string') throw new Error(`${type}.${id}.${path} is not known before an apply`);
      return resolved(found, stack) as string;
    });
  }
  if (Array.isArray(value)) return value.map((one) => resolved(one, stack));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, resolved(one, stack)]));
}
