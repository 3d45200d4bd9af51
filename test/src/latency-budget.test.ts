import { LATENCY_PARTS, LatencyBudget, type LatencyBudgetProps, ServiceLevelObjective } from '../../src';

test('shares out the promise: 100 ms as 5 each for DNS, edge, gateway and pod, 20 for the cache, 60 for the model', () => {
  expect(JSON.parse(JSON.stringify(new LatencyBudget(100)))).toEqual({
    promisedMs: 100,
    totalMs: 100,
    spareMs: 0,
    parts: { dns: 5, edge: 5, gateway: 5, pod: 5, cache: 20, model: 60 },
    largest: 'model',
    serverMs: 85,
    derived: {
      serverThresholdMs: 100,
      deadlineMs: 80,
      cacheTimeoutMs: 20,
      requestTimeoutMs: 1000,
      probeTimeoutSeconds: 2,
    },
  });
});

test('an objective has its budget', () => {
  const { latency } = new ServiceLevelObjective({ latencyP99Ms: 250, latency: { cacheMs: 10 } });
  expect([latency.promisedMs, latency.parts.cache, latency.parts.model]).toEqual([250, 10, 150]);
});

test('what the server is held to is the bound of its histogram that its share is under', () => {
  expect(new LatencyBudget(100, { modelMs: 10, cacheMs: 5 }).serverThresholdMs).toBe(25);
});

test.each(LATENCY_PARTS)('%s counts: more of it than is left is refused', (part) => {
  const { parts } = new LatencyBudget(100);
  const most = { [`${part}Ms`]: parts[part] };
  expect(new LatencyBudget(100, most).totalMs).toBe(100);
  expect(() => new LatencyBudget(100, { [`${part}Ms`]: parts[part] + 0.5 })).toThrow('are 100.5 ms, 0.5 ms more than');
});

test.each<[LatencyBudgetProps]>([[{ modelMs: 90 }], [{ cacheMs: -1 }], [{ dnsMs: Number.NaN }], [{ modelMs: 0 }]])(
  'fails with %j',
  (props) => {
    expect(() => new LatencyBudget(100, props)).toThrowErrorMatchingSnapshot();
  },
);
