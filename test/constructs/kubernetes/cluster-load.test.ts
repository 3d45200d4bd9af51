import {
  ALWAYS_RUNNING,
  MODEL_SERVER_SIZE,
  nodesForWorkloads,
  OPERATORS_RUNNING,
} from '../../../constructs/kubernetes';
import { CapacityPlan } from '../../../src';

const capacity = new CapacityPlan();

test.each([
  // Follower 256 MiB; sync 256; Prometheus 1024; reloaders 2 × 64; operator 128; Alertmanager 64; kube-state-metrics 128; Grafana 256;
  // sidecars 2 × 128: 2496 in all.
  [2496, 1],
  [2495, 2],
  [1248, 2],
])(
  'what runs in every cluster takes, on nodes with %d MiB, %d of them beside those of the replicas',
  (memoryMib, shared) => {
    const node = { cpuMillis: 1000, memoryMib };
    const replicas = capacity.nodesFor(4, MODEL_SERVER_SIZE, node);
    expect(nodesForWorkloads({ capacity, replicas: 4, node }) - replicas).toBe(shared);
  },
);

test('what the cloud runs once is added', () => {
  const node = { cpuMillis: 1000, memoryMib: 4096 };
  const nodes = (cpuMillis: number) =>
    nodesForWorkloads({ capacity, replicas: 2, node, system: { cpuMillis, memoryMib: 0 } });
  expect([nodes(0), nodes(545), nodes(546)]).toEqual([2, 2, 3]);
});

test('each operator adds what its containers request, as often as they run', () => {
  const node = { cpuMillis: 1000, memoryMib: 100_000 };
  const running = [...ALWAYS_RUNNING, ...OPERATORS_RUNNING.keda, ...OPERATORS_RUNNING.envoyGateway];
  // 455m always, KEDA 2 × 50m + 50m + 10m, the gateway 2 × 50m + 2 × (100m + 10m): 935m.
  const nodes = (cpuMillis: number) =>
    nodesForWorkloads({ capacity, replicas: 2, node, running, system: { cpuMillis, memoryMib: 0 } });
  expect([nodes(65), nodes(66)]).toEqual([2, 3]);
});

test('what runs on each node leaves less of it to the rest', () => {
  const node = { cpuMillis: 1000, memoryMib: 4096 };
  const agent = (cpuMillis: number) => ({ size: { cpuMillis, memoryMib: 0 }, onEachNode: true });
  const nodes = (cpuMillis: number) => nodesForWorkloads({ capacity, replicas: 2, node, running: [agent(cpuMillis)] });
  // Two replicas of 500m fill a node.
  expect([nodes(0), nodes(1)]).toEqual([1, 2]);
});
