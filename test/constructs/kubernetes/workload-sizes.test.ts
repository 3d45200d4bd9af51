import { MODEL_SERVER_SIZE, nodesForWorkloads, SHARED_SIZE } from '../../../constructs/kubernetes';
import { CapacityPlan } from '../../../src';

test('what runs once counts both reloaders and both sidecars', () => {
  // Sync 100m, 256; Prometheus 200m, 1024; reloaders 2 × 10m, 64; operator 25m, 128; Alertmanager 10m, 64;
  // kube-state-metrics 20m, 128; Grafana 50m, 256; sidecars 2 × 10m, 128.
  expect(SHARED_SIZE).toEqual({ cpuMillis: 445, memoryMib: 2240 });
});

test.each([
  [2240, 1],
  [2239, 2],
  [1120, 2],
])('on nodes with %d MiB it takes %d of them, beside those of the replicas', (memoryMib, shared) => {
  const node = { cpuMillis: 1000, memoryMib };
  const plan = new CapacityPlan();
  const replicas = plan.nodesFor(4, MODEL_SERVER_SIZE, node);
  expect(nodesForWorkloads(plan, 4, node) - replicas).toBe(shared);
});

test('what the cloud runs once is added', () => {
  const node = { cpuMillis: 1000, memoryMib: 4096 };
  const nodes = (cpuMillis: number) => nodesForWorkloads(new CapacityPlan(), 2, node, { cpuMillis, memoryMib: 0 });
  expect([nodes(0), nodes(555), nodes(556)]).toEqual([2, 2, 3]);
});
