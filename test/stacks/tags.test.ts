import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type SynthesizedStack, synthesize } from '../helpers/synth';
import { type Area, type AreaOptions, areaStack } from '../rehearsal/aws/area';
import { stackOn } from './both-clouds';

const KEYS = ['project', 'environment', 'owner', 'cost-center'];
/** What AWS starts from a launch template, and tags as the template says. */
const STARTED = ['instance', 'network-interface', 'volume'];

type Attributes = Readonly<Record<string, unknown>>;
type Tags = Readonly<Record<string, string>>;

const AREAS = join(__dirname, '../rehearsal/aws/areas');
const areaNames = readdirSync(AREAS)
  // A migration's phases are the area migration, with one phase at a time on.
  .filter((file) => !file.endsWith('.roles.ts') && file !== 'migration-phases.ts')
  .map((file) => file.replace(/\.ts$/, ''));

function ofArea(name: string): SynthesizedStack {
  const { area } = require(join(AREAS, name)) as { area: Area };
  const options: AreaOptions = { protection: true, engine: 'stand-in' };
  return synthesize((app) => {
    const stack = areaStack(app, name, options);
    area.build(stack, options);
    return stack;
  });
}

const STACKS: [string, () => SynthesizedStack][] = [
  ['aws-dev', () => stackOn('aws', { environment: 'dev' })],
  ['aws-prod', () => stackOn('aws')],
  ...areaNames.map((name): [string, () => SynthesizedStack] => [`the area ${name}`, () => ofArea(name)]),
];

/** How a type takes tags: by the provider's default ones too, in blocks of its own, or not at all. */
function tagging(type: string): 'default' | 'own' | 'none' {
  const bindings: object = require(`@cdktf/provider-aws/lib/${type.replace(/^aws_/, '').replaceAll('_', '-')}`);
  const resource = Object.values(bindings).find(({ tfResourceType }) => tfResourceType === type);
  if (!resource) throw new Error(`the bindings have no ${type}`);
  const attributes = Object.getOwnPropertyNames(resource.prototype);
  if (attributes.includes('tagsAll')) return 'default';
  return attributes.some((name) => name === 'tag' || name === 'tags') ? 'own' : 'none';
}

const lacking = (tags: Tags = {}) => KEYS.filter((key) => !tags[key]);

describe.each(STACKS)('%s says of all that takes tags whose it is, which environment and who pays', (_, build) => {
  let stack: SynthesizedStack;
  let resources: [string, Attributes][];
  beforeAll(() => {
    stack = build();
    const types = stack.resourceTypes().filter((type) => type.startsWith('aws_'));
    resources = types.flatMap((type) =>
      Object.entries(stack.resources(type)).map(([id, one]) => [`${type}.${id}`, one]),
    );
  });
  const ofType = (type: string) => resources.filter(([address]) => address.startsWith(`${type}.`));

  test('by default tags of each AWS provider, which no resource changes', () => {
    const { aws } = stack.json.provider as { aws: { default_tags?: { tags: Tags }[] }[] };
    expect(aws.map(({ default_tags }) => lacking(default_tags?.[0]?.tags))).toEqual(aws.map(() => []));
    const changed = resources.filter(
      ([address, { tags }]) =>
        tagging(address.split('.')[0] as string) === 'default' && KEYS.some((key) => key in Object(tags)),
    );
    expect(changed.map(([address]) => address)).toEqual([]);
  });

  test('by tags of its own, where default tags do not reach', () => {
    const types = [...new Set(resources.map(([address]) => address.split('.')[0] as string))];
    expect(types.filter((type) => tagging(type) === 'own' && type !== 'aws_autoscaling_group')).toEqual([]);
    for (const [address, { tag }] of ofType('aws_autoscaling_group')) {
      const tags = Object.fromEntries((tag as { key: string; value: string }[]).map(({ key, value }) => [key, value]));
      expect({ address, lacking: lacking(tags) }).toEqual({ address, lacking: [] });
    }
    for (const [address, { tag_specifications }] of ofType('aws_launch_template')) {
      const made = (tag_specifications ?? []) as { resource_type: string; tags: Tags }[];
      expect({ address, made: made.map(({ resource_type }) => resource_type).sort() }).toEqual({
        address,
        made: STARTED,
      });
      expect(made.flatMap(({ tags }) => lacking(tags))).toEqual([]);
    }
    for (const [address, { propagate_tags }] of ofType('aws_ecs_service'))
      expect({ address, propagate_tags }).toEqual({ address, propagate_tags: 'SERVICE' });
  });
});

test('how a type takes tags is read from the bindings', () => {
  expect(['aws_s3_bucket', 'aws_autoscaling_group', 'aws_route'].map(tagging)).toEqual(['default', 'own', 'none']);
});
