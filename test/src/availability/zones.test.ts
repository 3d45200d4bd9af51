import fc from 'fast-check';
import { availabilityOf } from '../../../src/availability/availability-of';
import { SERVICE_LEVELS, type ServiceLevel } from '../../../src/availability/service-levels';
import { type Replicated, replicated } from '../../../src/availability/zones';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const RUNS = { seed: SEED, numRuns: 10_000 };

const LEVELS = {
  aws: { region: SERVICE_LEVELS.ec2Region, single: SERVICE_LEVELS.ec2Instance },
  azure: { region: SERVICE_LEVELS.azureVmZones, single: SERVICE_LEVELS.azureVm },
} as const;
const nodes = (cloud: 'aws' | 'azure', counts: Pick<Replicated, 'zones' | 'count' | 'needed'>) =>
  availabilityOf(
    replicated('shop', { what: 'node', cloud, path: 'shop/Nodes', inCluster: true, ...LEVELS[cloud], ...counts }),
  );

const clouds = fc.constantFrom('aws' as const, 'azure' as const);
/** So many zones with so many nodes in each, of which as many are needed as one zone has at most. */
const spread = fc
  .record({ cloud: clouds, zones: fc.integer({ min: 1, max: 5 }), each: fc.integer({ min: 1, max: 4 }) })
  .chain((one) => fc.integer({ min: 1, max: one.each }).map((needed) => ({ ...one, needed })));
const ROUNDING = 1e-12;

describe(`machines in zones (SEED=${SEED})`, () => {
  test('a zone more, with its nodes, never lowers the availability', () => {
    fc.assert(
      fc.property(spread, ({ cloud, zones, each, needed }) => {
        const of = (count: number) => nodes(cloud, { zones: count, count: count * each, needed });
        return of(zones + 1) >= of(zones) - ROUNDING;
      }),
      RUNS,
    );
  });

  test('a node more never lowers it, and one that is needed more never raises it', () => {
    fc.assert(
      fc.property(spread, ({ cloud, zones, each, needed }) => {
        const count = zones * each + 1;
        const now = nodes(cloud, { zones, count, needed });
        return (
          nodes(cloud, { zones, count: count + 1, needed }) >= now - ROUNDING &&
          nodes(cloud, { zones, count, needed: needed + 1 }) <= now + ROUNDING
        );
      }),
      RUNS,
    );
  });

  test('it is never more than is promised of the region, or in one zone of a single machine', () => {
    fc.assert(
      fc.property(spread, ({ cloud, zones, each, needed }) => {
        const { region, single } = LEVELS[cloud];
        const most = zones > 1 ? region.percent : single.percent;
        return nodes(cloud, { zones, count: zones * each, needed }) <= most / 100 + ROUNDING;
      }),
      RUNS,
    );
  });
});

describe('what the clouds promise', () => {
  test.each(Object.entries<ServiceLevel>(SERVICE_LEVELS))(
    '%s has a figure, its publisher’s page and a day',
    (_, level) => {
      expect(level.percent).toBeGreaterThanOrEqual(99);
      expect(level.percent).toBeLessThanOrEqual(100);
      expect(level.url).toMatch(/^https:\/\/(aws\.amazon\.com|www\.microsoft\.com|learn\.microsoft\.com)\//);
      expect(level.readOn).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(level.condition).not.toBe('');
    },
  );

  test('a page that was read has the day of its version', () => {
    const levels: ServiceLevel[] = Object.values(SERVICE_LEVELS);
    expect(levels.filter(({ confirmed, version }) => confirmed !== (version !== undefined))).toEqual([]);
    expect(levels.filter(({ confirmed }) => confirmed)).not.toEqual([]);
  });
});
