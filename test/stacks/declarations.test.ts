import type { ConfigInput } from '../../src';
import { CLOUDS, type Cloud, NOTIFY, stackOn } from './both-clouds';

const BUDGET = { aws: 'aws_budgets_budget', azure: 'azurerm_consumption_budget_subscription' };
const NODES = { aws: 'aws_eks_node_group', azure: 'azurerm_kubernetes_cluster' };
const REPLICAS = 'kubernetes_deployment_v1';
const AUTOSCALER = 'kubernetes_horizontal_pod_autoscaler_v2';
const SETTINGS = 'kubernetes_config_map_v1';
const MONITORING = 'helm_release';
const DASHBOARDS = 'dashboards';

/** By type; dashboards apart from the other config maps. */
const resources = (cloud: Cloud, config: Partial<ConfigInput> = {}): Record<string, unknown> => {
  const byType = stackOn(cloud, { config }).json.resource as Record<string, Record<string, unknown>>;
  const maps = Object.entries(byType[SETTINGS] ?? {});
  const some = (dashboards: boolean) =>
    Object.fromEntries(maps.filter(([id]) => id.includes('Dashboard') === dashboards));
  return { ...byType, [SETTINGS]: some(false), [DASHBOARDS]: some(true) };
};
const before = { aws: resources('aws'), azure: resources('azure') };
/** Types of the resources that a declaration changes. */
const changed = (cloud: Cloud, declarations: Partial<ConfigInput>) =>
  Object.entries(resources(cloud, declarations))
    .filter(([type, value]) => JSON.stringify(value) !== JSON.stringify(before[cloud][type]))
    .map(([type]) => type)
    .sort();

describe.each(CLOUDS)('on %s', (cloud) => {
  test.each<[string, Partial<ConfigInput>, string[]]>([
    ['availabilityPercent', { slo: { availabilityPercent: 99.95 } }, [MONITORING, DASHBOARDS]],
    ['latencyP99Ms', { slo: { latencyP99Ms: 250 } }, [MONITORING, SETTINGS, REPLICAS, DASHBOARDS]],
    ['windowDays', { slo: { windowDays: 28 } }, [MONITORING, DASHBOARDS]],
    ['minReplicas', { capacity: { minReplicas: 9 } }, [NODES[cloud], REPLICAS, AUTOSCALER, DASHBOARDS]],
    // The forecast tells of more than all of them bear.
    ['maxReplicas', { capacity: { maxReplicas: 20 } }, [NODES[cloud], AUTOSCALER, MONITORING, DASHBOARDS]],
    ['monthlyUsd', { budget: { ...NOTIFY, monthlyUsd: 900 } }, [BUDGET[cloud]]],
    ['notify', { budget: { notify: ['finance@shop.example'] } }, [BUDGET[cloud]]],
    ['thresholdsPercent', { budget: { ...NOTIFY, thresholdsPercent: [90] } }, [BUDGET[cloud]]],
  ])('%s changes what derives from it, and nothing else', (_, declarations, types) => {
    expect(changed(cloud, declarations)).toEqual([...types].sort());
  });

  // Ten times the traffic, said three ways; only AWS has nothing yet that adds nodes when pods wait for one.
  test.each([{ concurrentUsers: 100_000 }, { thinkTimeSeconds: 1 }, { requestsPerSecondPerReplica: 60 }])(
    'with %j the first apply starts the 17 replicas of the peak, and the nodes are there or come',
    (capacity) => {
      const inCluster = [DASHBOARDS, REPLICAS, ...('requestsPerSecondPerReplica' in capacity ? [MONITORING] : [])];
      expect(changed(cloud, { capacity })).toEqual([...(cloud === 'aws' ? [NODES.aws] : []), ...inCluster].sort());
      const deployments = resources(cloud, { capacity })[REPLICAS] as Record<string, object>;
      const [, modelServer] = Object.entries(deployments).find(([id]) => id.startsWith('ModelServer_')) ?? [];
      expect(modelServer).toMatchObject({ spec: { replicas: '17' } });
    },
  );
});
