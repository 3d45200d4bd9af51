import fc from 'fast-check';
import { CapacityPlan, type CapacityPlanProps } from '../../../src';
import { compareNodes, type NodeOption, usdPerMonth } from '../../../src/comparison/node-comparison';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';
import { aks, eks } from '../guards/clusters';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);

const compared = (stack: SynthesizedStack, plan: CapacityPlanProps = {}, more = {}) =>
  compareNodes(stack, { capacity: new CapacityPlan(plan), ...more });
const option = (nodeSize: string, ...of: Parameters<typeof compared>): NodeOption => {
  const found = compared(...of)?.options.find((one) => one.nodeSize === nodeSize);
  if (!found) throw new Error(`${nodeSize} is not compared`);
  return found;
};

test('the default plan on EKS, by hand', () => {
  const t4g = option('t4g.large', eks());
  // 1730m hold 3 replicas of 500m; one node for 2 replicas, one for what EKS runs.
  expect([t4g.used, t4g.vcpus, t4g.memoryGib, t4g.replicasPerNode, t4g.peak.nodes]).toEqual([true, 2, 8, 3, 2]);
  expect([t4g.peak.requestsPerSecond, t4g.mean.requestsPerSecond]).toEqual([1000, 50]);
  expect(t4g.peak.usdPerHour).toBeCloseTo(2 * 0.0672);
  expect(usdPerMonth(t4g.peak)).toBeCloseTo(98.112);
  // 3.6, 0.18 and, with 3 × 600 a second on a node, 6.48 million requests an hour
  expect(t4g.peak.usdPerMillion).toBeCloseTo(0.1344 / 3.6);
  expect(t4g.mean.usdPerMillion).toBeCloseTo(0.1344 / 0.18);
  expect(t4g.usdPerMillionFilled).toBeCloseTo(0.0672 / 6.48);
  // ln 100 / (4500 × 0.5 − 1000 / 2) s
  expect(t4g.peak.queueP99Ms).toBeCloseTo(2.6315, 3);
});

test.each([
  ['t4g.large', {}, 7, 'six for 17 replicas, one beside'],
  ['m7g.xlarge', {}, 4, 'three with 7 each, one beside'],
  ['t4g.large', { requestsPerSecondPerReplica: 1300 }, 6, 'three of six are left for 8 replicas without a zone'],
])('ten times the load on %s with %j needs %d nodes: %s', (nodeSize, plan, nodes, _) => {
  expect(option(nodeSize, eks(), { concurrentUsers: 100_000, ...plan }).peak.nodes).toBe(nodes);
});

test('of one zone nothing is left without it, so its nodes bear the rate while it is there', () => {
  expect(option('t4g.large', eks({ zones: 1 }), { concurrentUsers: 100_000 }).peak.nodes).toBe(7);
  expect(option('Standard_D2ps_v6', aks({ zones: 0 })).peak.nodes).toBe(1);
});

test('AKS is compared with sizes of Azure, by the rules of AKS', () => {
  const { options = [], cloud } = compared(aks()) ?? {};
  expect(cloud).toBe('azure');
  expect(options.filter(({ used }) => used).map(({ nodeSize }) => nodeSize)).toEqual(['Standard_D2ps_v6']);
  expect(options.every(({ nodeSize }) => nodeSize.startsWith('Standard_'))).toBe(true);
  // 1600m hold 3 replicas; 2 × 2 vCPUs of $0.0351.
  expect(option('Standard_D2ps_v6', aks()).peak).toMatchObject({ replicas: 2, nodes: 2, usdPerHour: 4 * 0.0351 });
});

test('a price of the user wins, and a size of the user comes along', () => {
  const own = option('c7g.2xlarge', eks({ nodeSize: 'c7g.2xlarge' }), {}, { prices: { 'aws/ec2/c7g.2xlarge': 0.1 } });
  expect([own.used, own.usdPerHour, own.priceConfirmed]).toEqual([true, 0.1, true]);
});

test('a region that publishes nothing has no figure of carbon', () => {
  expect(option('t4g.large', eks()).carbonKgPerMonth).toBeUndefined();
  const json = { ...eks().json, provider: { aws: [{ region: 'us-east-1' }] } };
  expect(option('t4g.large', new SynthesizedStack('shop', json)).carbonKgPerMonth).toBeCloseTo(0.976, 3);
});

test('what cannot be compared is left out, with the reason', () => {
  const { leftOut, options } = compared(eks({ nodeSize: 'z9.mega' })) ?? {};
  expect(leftOut).toEqual([{ nodeSize: 'z9.mega', reason: 'what it holds is not known' }]);
  expect(options?.some(({ used }) => used)).toBe(false);
  const large = compared(eks({ cpu: '3' }))?.leftOut;
  expect(large).toContainEqual({ nodeSize: 't4g.large', reason: 'no replica fits it' });
  expect(compared(new SynthesizedStack('other', {}))).toBeUndefined();
});

test(`more load never needs fewer nodes, on either cloud (seed ${SEED})`, () => {
  const users = fc.integer({ min: 1, max: 250_000 });
  fc.assert(
    fc.property(users, users, fc.constantFrom(eks(), eks({ zones: 3, min: 3 }), aks()), (a, b, stack) => {
      const [less, more] = [Math.min(a, b), Math.max(a, b)].map((concurrentUsers) =>
        compared(stack, { concurrentUsers }),
      );
      less?.options.forEach(({ peak, mean, nodeSize }, index) => {
        const other = more?.options[index];
        expect(other?.nodeSize).toBe(nodeSize);
        expect(other?.peak.nodes).toBeGreaterThanOrEqual(peak.nodes);
        expect(peak.nodes).toBeGreaterThanOrEqual(mean.nodes);
      });
    }),
    { seed: SEED, numRuns: 300 },
  );
});
