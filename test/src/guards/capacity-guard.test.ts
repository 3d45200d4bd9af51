import { CapacityPlan, type CapacityPlanProps, loadConfig } from '../../../src';
import { capacityReport } from '../../../src/capacity/capacity-report';
import { CapacityGuard } from '../../../src/guards';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';
import { configStacks } from '../../helpers/config-stacks';
import { aks, eks } from './clusters';

const found = (stack: SynthesizedStack, plan: CapacityPlanProps = {}) =>
  new CapacityGuard({ capacity: new CapacityPlan(plan) })
    .check([stack])
    .map(({ severity, path, message }) => `${severity}: [${path}] ${message}`);

test('a cluster that bears its plan is let through', () => {
  expect([found(eks()), found(aks())]).toEqual([[], []]);
});

test.each<[string, SynthesizedStack, CapacityPlanProps]>([
  ['too few nodes on EKS', eks({ max: 10 }), {}],
  ['too few nodes on AKS', aks({ max: 10 }), {}],
  ['nodes that hold no replica', eks({ cpu: '4' }), {}],
  ['too few nodes to begin with', eks({ min: 2 }), { concurrentUsers: 60_000 }],
  [
    'a zone whose loss leaves too few',
    eks({ min: 8 }),
    { concurrentUsers: 200_000, requestsPerSecondPerReplica: 1300 },
  ],
  ['one zone', eks({ zones: 1 }), {}],
  ['one zone on AKS', aks({ zones: 0 }), {}],
  ['an autoscaler that stops too early', eks({ maxReplicas: 5 }), { concurrentUsers: 40_000 }],
  ['more than was measured', eks(), { requestsPerSecondPerReplica: 2000 }],
  ['subnets that are too small', eks({ prefix: 24 }), {}],
  ['a range of pods’ addresses that is too small', aks({ prefix: 20 }), {}],
  ['nodes of a size that is not known', eks({ nodeSize: 'z9.mega' }), {}],
])('fails with %s', (_, stack, plan) => {
  expect(found(stack, plan).join('\n')).toMatchSnapshot();
});

test('all failures are told at once, each on its construct', () => {
  const paths = new CapacityGuard({ capacity: new CapacityPlan() })
    .check([eks({ max: 10, zones: 1, prefix: 26, maxReplicas: 40 })])
    .map(({ path }) => path);
  expect(paths).toEqual(['shop/Nodes', 'shop/Nodes', 'shop/Network/Subnet1']);
});

test('pods count as well as CPU and memory', () => {
  const report = capacityReport(eks({ cpu: '10m', nodeSize: 't4g.medium' }), new CapacityPlan());
  expect(report?.pools).toMatchObject([{ replicasPerNode: 3, scarcest: 'memory' }]);
  const small = aks({ cpu: '1m', nodeSize: 'Standard_E64ps_v6' });
  expect(capacityReport(small, new CapacityPlan())?.pools).toMatchObject([{ replicasPerNode: 38, scarcest: 'pods' }]);
});

test('what runs beside the service takes room: other Deployments by their autoscaler, daemon sets on every node', () => {
  const pod = (cpu: string) => ({
    template: { spec: { container: [{ resources: { requests: { cpu, memory: '1Mi' } } }] } },
  });
  const beside = eks({
    more: {
      kubernetes_daemon_set_v1: { Agent: { metadata: { name: 'agent' }, spec: pod('130m') } },
      kubernetes_stateful_set_v1: { Store: { metadata: { name: 'store' }, spec: { replicas: '3', ...pod('1') } } },
    },
  });
  const report = capacityReport(beside, new CapacityPlan());
  expect(report).toMatchObject({ once: { cpuMillis: 3520, pods: 9 }, eachNode: { cpuMillis: 130, pods: 1 } });
  expect([report?.nodes.needed, report?.replicas.held]).toEqual([17 + 3, (20 - 3) * 3]);
});

test('what a chart’s values and an operator’s objects ask for counts, by the replicas beside it', () => {
  const resources = (cpu: string) => ({ requests: { cpu, memory: '64Mi' } });
  const values = JSON.stringify({
    replicaCount: 3,
    resources: resources('100m'),
    sidecar: { resources: resources('10m') },
    webhook: { replicas: 2, resources: resources('5m') },
  });
  const objects = JSON.stringify({
    objects: [
      {
        apiVersion: 'v1',
        kind: 'EnvoyProxy',
        metadata: { name: 'gateway' },
        spec: { envoyDeployment: { container: { resources: resources('1') } }, envoyHpa: { minReplicas: 2 } },
      },
    ],
  });
  const stack = eks({
    more: {
      helm_release: {
        Others: {
          name: 'others',
          namespace: 'others',
          repository: 'https://charts.example',
          chart: 'others',
          values: [values],
        },
        Ours: { name: 'ours', namespace: 'shop', chart: 'assets/Chart/ABC/chart', values: [objects] },
      },
    },
  });
  // Of EKS itself 520m; three of 100m and of 10m, two of 5m, two proxies.
  expect(capacityReport(stack, new CapacityPlan())?.once).toMatchObject({
    cpuMillis: 520 + 330 + 10 + 2000,
    pods: 6 + 8 + 2,
  });
});

test('a ScaledObject of KEDA says as well how many replicas there are at most', () => {
  const { json } = eks();
  const { kubernetes_horizontal_pod_autoscaler_v2: _, ...others } = json.resource ?? {};
  const spec = { scaleTargetRef: { name: 'model-server' }, maxReplicaCount: 40 };
  const scaled = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'model-server' }, spec };
  const values = [JSON.stringify({ objects: [scaled] })];
  const release = { name: 'autoscaler', namespace: 'shop', chart: 'assets/Chart/ABC/chart', values };
  const stack = new SynthesizedStack('shop', { resource: { ...others, helm_release: { Autoscaler: release } } });
  expect(capacityReport(stack, new CapacityPlan())?.replicas.most).toBe(40);
});

test('with prefixes a node runs more pods, and takes more addresses', () => {
  const configuration_values = JSON.stringify({ env: { ENABLE_PREFIX_DELEGATION: 'true' } });
  const addOn = { aws_eks_addon: { VpcCni: { addon_name: 'vpc-cni', configuration_values } } };
  const [plain, prefixes] = [{}, addOn].map((more) => capacityReport(eks({ more, cpu: '1m' }), new CapacityPlan()));
  // 35 and 110 pods cost the kubelet 11 MiB each of its memory: eight replicas fit, and seven.
  expect([plain, prefixes].map((report) => report?.pools[0]?.replicasPerNode)).toEqual([8, 7]);
  expect([plain, prefixes].map((report) => report?.subnets[0]?.needed)).toEqual([11 * 36, 11 * 131]);
});

test('on AKS without an overlay every pod a node may run takes an address', () => {
  const { json } = aks();
  const { network_profile: _, ...cluster } = json.resource?.azurerm_kubernetes_cluster?.Cluster ?? {};
  const resource = { ...json.resource, azurerm_kubernetes_cluster: { Cluster: cluster } };
  const report = capacityReport(new SynthesizedStack('shop', { resource }), new CapacityPlan());
  // 20 nodes and 7 of an upgrade.
  expect(report?.subnets).toEqual([{ path: 'shop/Network/Nodes', usable: 4091, needed: 27 * 51 }]);
});

test('a report is plain data', () => {
  const report = capacityReport(eks(), new CapacityPlan());
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
});

test.each<[string, SynthesizedStack]>([
  ['without a cluster', new SynthesizedStack('other', { resource: { aws_s3_bucket: { Store: { bucket: 'store' } } } })],
  ['without the service', eks({ more: { kubernetes_deployment_v1: {} } })],
  [
    'whose bounds are not known before a deploy',
    new SynthesizedStack('other', {
      resource: {
        aws_eks_node_group: {
          Nodes: { scaling_config: [{ min_size: `\${var.nodes}` }], subnet_ids: `\${var.subnets}` },
        },
      },
    }),
  ],
])('a stack %s is none of its business', (_, stack) => {
  expect(found(stack)).toEqual([]);
});

describe('our own stacks', () => {
  test.each(['recommender.config.ts', 'examples/regulated.config.ts'])('%s bears its plan', (file) => {
    const config = loadConfig(file);
    const stacks = Object.values(configStacks(config));
    const capacity = new CapacityPlan(config.capacity);
    expect(stacks.map((stack) => capacityReport(stack, capacity)?.replicas.most)).toEqual(stacks.map(() => 50));
    expect(new CapacityGuard({ capacity }).check(stacks)).toEqual([]);
  });
});
