import { join } from 'node:path';
import { costReport } from '../../cli/report/cost-report';
import { gatherGroups } from '../../cli/report/gather';
import { recommendations, withSetting } from '../../cli/report/recommendations';
import type { ReportTable } from '../../cli/report/report';
import { toText } from '../../cli/report/text';
import { Budget, CapacityPlan, type Config, type ConfigInput, loadConfig, parseConfig } from '../../src';
import { billOf } from '../../src/cost/bill';
import { countedStacks } from '../stacks/counted-stacks';

// Each setting is synthesized anew.
jest.setTimeout(120_000);

const ROOT = join(__dirname, '../..');
const EXAMPLE = loadConfig(ROOT);
const LARGEST = loadConfig(join(ROOT, 'examples/regulated.config.ts'));

function prodOf(config: Config) {
  const [group] = gatherGroups(config, ['prod']);
  if (!group) throw new Error('the config has no prod');
  return { group, all: recommendations(config, group) };
}

const optionsOf = (config: Config) => ({ capacity: new CapacityPlan(config.capacity), ...config.cost });
const CENT = 0.01;
const settingOf = ({ path, value }: { path: readonly string[]; value: unknown }) =>
  `${path.join('.')} ${JSON.stringify(value)}`;

/** AWS alone, with what is given. */
function aws(settings: object, changes: Partial<ConfigInput> = {}): Config {
  const prod = {
    aws: {
      accountId: '111122223333',
      endpointAccess: 'private',
      adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
      state: { kind: 's3', bucket: 'shop-state', region: 'us-east-1' },
      ...settings,
    },
  };
  const input = { owner: 'shop', budget: { notify: ['platform@shop.example'] }, environments: { prod }, ...changes };
  return parseConfig(input, 'test');
}

describe.each([
  ['the example', EXAMPLE, 3],
  ['the largest deployment', LARGEST, 10],
] as const)('recommendations for %s', (_, config, least) => {
  const { all } = prodOf(config);

  test('are ranked by what they save, and each says what it gives up', () => {
    const savings = all.map(({ expected }) => expected);
    expect(savings.length).toBeGreaterThanOrEqual(least);
    expect(savings).toEqual([...savings].sort((a, b) => b - a));
    expect(all.filter(({ givesUp }) => !/^[A-Z].{9,}\.$/.test(givesUp))).toEqual([]);
  });

  test('lower the bill by their figures, once they are applied', () => {
    const now = billOf(countedStacks(config, 'prod'), optionsOf(config)).usd;
    const wrong = all.filter((one) => {
      const changed = withSetting(config, 'prod', one);
      if (!changed) throw new Error(`${settingOf(one)} is refused by the config`);
      const { expected, ceiling } = billOf(countedStacks(changed, 'prod'), optionsOf(config)).usd;
      const off = [now.expected - expected - one.expected, now.ceiling - ceiling - one.ceiling];
      return off.some((usd) => Math.abs(usd) > CENT);
    });
    expect(wrong).toEqual([]);
  });
});

test('recommendations are a table of the report, within 80 columns', () => {
  const { group, all } = prodOf(EXAMPLE);
  const report = costReport([group], EXAMPLE, new Budget(EXAMPLE.budget));
  const table = report.tables.find(({ title }) => title === 'prod: what would cost less, each change by itself');
  expect((table as ReportTable).rows).toHaveLength(all.length);
  expect(
    toText(report)
      .split('\n')
      .filter(({ length }) => length > 80),
  ).toEqual([]);
});

test('one NAT gateway in place of three saves two, with their addresses', () => {
  const { all } = prodOf(aws({ zones: 3, nat: 'per-zone' }));
  const one = all.find((setting) => settingOf(setting) === 'aws.nat "one"');
  expect(one?.expected).toBeCloseTo(2 * (32.85 + 3.65), 2);
});

test.each([
  ['m5.large', 'm7g.large', 2 * 730 * (0.096 - 0.0816)],
  ['t3.large', 't4g.large', 2 * 730 * (0.0832 - 0.0672)],
])('nodes of %s are told what %s would save', (instanceType, value, usd) => {
  const { all } = prodOf(aws({ node: { instanceType, count: { min: 2, max: 20 } } }));
  const one = all.find((setting) => settingOf(setting) === `aws.node.instanceType "${value}"`);
  expect(one?.expected).toBeCloseTo(usd, 2);
});

test('what the guards would refuse is not recommended', () => {
  const zonesFor = (availabilityPercent: number) =>
    prodOf(aws({ zones: 3 }, { slo: { availabilityPercent } }))
      .all.map(settingOf)
      .filter((one) => one === 'aws.zones 2');
  expect([zonesFor(99.9), zonesFor(99.985)]).toEqual([['aws.zones 2'], []]);
});

test('what the constructs refuse is not recommended', () => {
  // Spot nodes beside it would be m7g.medium, of which nobody knows what they hold.
  const settings = prodOf(aws({ node: { instanceType: 't4g.medium' } })).all.map(settingOf);
  expect(settings.filter((one) => one.startsWith('aws.node'))).toEqual([]);
});
