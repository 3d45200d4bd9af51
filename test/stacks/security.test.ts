import { join } from 'node:path';
import type { App, TerraformStack } from 'cdktf';
import { type Config, ENVIRONMENTS, loadConfig } from '../../src';
import { guardStacks } from '../../src/guards/guard-stacks';
import { clusterObjects } from '../../src/security/cluster-objects';
import { type Verdict, verdicts } from '../../src/security/find-violations';
import { SECURITY_RULES } from '../../src/security/rules';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { AwsStack } from '../../stacks/aws-stack';
import { AzureStack } from '../../stacks/azure-stack';
import { LocalStack } from '../../stacks/local-stack';
import { synthesize } from '../helpers/synth';
import { AREA_NAMES, areaOf } from '../rehearsal/aws/all-areas';
import { type AreaOptions, areaStack } from '../rehearsal/aws/area';

const CLOUDS = { aws: AwsStack, azure: AzureStack } as const;
const ROOT = join(__dirname, '../..');
const OPTIONS: AreaOptions = { protection: true, engine: 'stand-in' };

type Build = (app: App) => TerraformStack;

function stacksOf(name: string, config: Config): [string, Build][] {
  const clouds = ENVIRONMENTS.flatMap((environment) =>
    (['aws', 'azure'] as const)
      .filter((cloud) => config.environments[environment]?.[cloud])
      .map((cloud): [string, Build] => [
        `${cloud}-${environment} of ${name}`,
        (app) => new CLOUDS[cloud](app, { config, environment }),
      ]),
  );
  return config.local ? [...clouds, [`local of ${name}`, (app) => new LocalStack(app, { config })]] : clouds;
}

const STACKS: [string, Build][] = [
  ...stacksOf('recommender.config.ts', loadConfig(ROOT)),
  ...stacksOf('examples/regulated.config.ts', loadConfig(join(ROOT, 'examples/regulated.config.ts'))),
  ...AREA_NAMES.map((name): [string, Build] => [
    `the area ${name}`,
    (app) => {
      const stack = areaStack(app, name, OPTIONS);
      areaOf(name).build(stack, OPTIONS);
      return stack;
    },
  ]),
];

/** Rules that are about something of ours. */
const held = new Set<string>();

function verdictsOn(build: Build): { all: Verdict[]; unread: string[] } {
  const found: SynthesizedStack[] = [];
  synthesize((app) => {
    const stack = build(app);
    guardStacks([stack], [{ check: (stacks) => [found.push(...stacks)].flatMap(() => []) }]);
    return stack;
  });
  return {
    all: found.flatMap((stack) => verdicts(stack, SECURITY_RULES)),
    unread: found.flatMap((stack) => clusterObjects(stack).unread.map(({ resource }) => resource.address)),
  };
}

/** Of an area's own, beside its constructs: what they are used with. */
const isAreasOwn = ({ subject }: Verdict) => !(subject.address.split('.')[1] ?? '').includes('_');

test.each(STACKS)('%s keeps every security rule', (name, build) => {
  const { all, unread } = verdictsOn(build);
  const ours = name.startsWith('the area') ? all.filter((verdict) => !isAreasOwn(verdict)) : all;
  expect(ours.length).toBeGreaterThan(10);
  expect(unread).toEqual([]);
  const broken = ours.filter(({ problem }) => problem !== undefined);
  expect(broken.map(({ rule, subject, problem }) => `${rule.id} ${subject.address}: ${problem}`)).toEqual([]);
  for (const { rule } of ours) held.add(rule.id);
});

test('most of the rules are about something that is in our stacks', () => {
  expect(held.size).toBeGreaterThan(SECURITY_RULES.length * 0.75);
});
