import { ObservabilityStack } from '../../../constructs/kubernetes';
import { costDashboard } from '../../../constructs/kubernetes/dashboards/cost-dashboard';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { CLUSTER, inCluster, modelServer } from './fixtures';

interface Panel {
  readonly type: string;
  readonly title: string;
  readonly description: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly datasource: object;
  readonly fieldConfig: {
    readonly defaults: { readonly unit: string; readonly thresholds: { readonly steps: { value: number | null }[] } };
  };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string; readonly refId: string }[];
}
interface GrafanaDashboard {
  readonly uid: string;
  readonly editable: boolean;
  readonly panels: readonly Panel[];
}

const SLO = new ServiceLevelObjective({ availabilityPercent: 99.5, latencyP99Ms: 250, windowDays: 14 });
const synthesized = inCluster((stack, namespace) => {
  const capacity = new CapacityPlan({ maxReplicas: 20, requestsPerSecondPerReplica: 300 });
  new ObservabilityStack(stack, 'Observability', {
    cluster: CLUSTER,
    modelServer: modelServer(stack, namespace, { capacity, slo: SLO }),
    slo: SLO,
  });
});
const maps = Object.entries(synthesized.resources('kubernetes_config_map_v1'))
  .filter(([id]) => id.includes('Dashboard'))
  .map(([, map]) => map as { metadata: { name: string; labels: object }; data: Record<string, string> });
const DASHBOARDS = new Map(
  [...maps.flatMap(({ data }) => Object.values(data)), costDashboard({ monthlyUsd: 250 }).json].map((json) => {
    const dashboard: GrafanaDashboard = JSON.parse(json);
    return [dashboard.uid, dashboard] as const;
  }),
);
const NAMES = [...DASHBOARDS.keys()];
const panels = (uid: string) => DASHBOARDS.get(uid)?.panels.filter(({ type }) => type !== 'row') ?? [];
const panel = (uid: string, title: string) => panels(uid).find((one) => one.title === title) as Panel;
/** Where a panel begins to be bad, or stops to be. */
const limit = (uid: string, title: string) => panel(uid, title).fieldConfig.defaults.thresholds.steps[1]?.value;

test('there is one of the service, the model, the business, the cluster and the cost', () => {
  const uids = ['service', 'model', 'business', 'cluster', 'cost'].map((name) => `recommender-${name}`);
  expect([...NAMES].sort()).toEqual(uids.sort());
});

test("each is a ConfigMap with the label that Grafana's sidecar looks for", () => {
  expect(maps.map(({ metadata }) => metadata.labels)).toEqual(Array(4).fill({ grafana_dashboard: '1' }));
  expect(maps.map(({ metadata }) => metadata.name)).toContain('dashboard-service');
});

test("nothing in them is a template to Terraform, which a file's text is", () => {
  for (const { data } of maps) expect(Object.values(data).join()).not.toMatch(/[$%]\{/);
});

describe.each(NAMES)('%s', (uid) => {
  test('is not edited in Grafana, where the next deploy would undo it', () => {
    expect(DASHBOARDS.get(uid)?.editable).toBe(false);
  });

  test("asks Prometheus by the uid that kube-prometheus-stack's data source has", () => {
    const sources = new Set(panels(uid).map(({ datasource }) => JSON.stringify(datasource)));
    expect([...sources]).toEqual(['{"type":"prometheus","uid":"prometheus"}']);
  });

  test('says of each panel what it shows, and in which unit', () => {
    for (const { title, description, fieldConfig } of panels(uid)) {
      expect([title, description]).toEqual([title, expect.stringMatching(/^[A-Z].{5,}\.$/)]);
      expect([title, fieldConfig.defaults.unit]).toEqual([title, expect.stringMatching(/^\w+$/)]);
    }
  });

  test('has no two panels in one place, and none beyond its 24 columns', () => {
    const cells = panels(uid).flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)},${y + Math.floor(cell / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(Math.max(...cells.map((cell) => Number(cell.split(',')[0])))).toBeLessThan(24);
  });

  test('asks for this', () => {
    const lines = panels(uid).flatMap(({ title, targets }) => [
      title,
      ...targets.map(({ legendFormat, expr }) => `  ${legendFormat}: ${expr}`),
    ]);
    expect(lines.join('\n')).toMatchSnapshot();
  });
});

describe('the limits come from the declarations', () => {
  test.each([
    ['recommender-service', 'Errors', 0.005],
    ['recommender-service', 'Latency', 0.25],
    // The slowest of the two pages: 6 times too fast.
    ['recommender-service', 'Error burn rate', 6],
    ['recommender-service', 'Requests a second and ready replica', 300],
    ['recommender-cluster', 'Replicas against their bounds', 20],
    ['recommender-cost', 'A month like this hour', 250],
  ])('%s, %s: %d', (uid, title, value) => {
    expect(limit(uid, title)).toBe(value);
  });

  test("the budget is that of the objective's window", () => {
    expect(panel('recommender-service', 'Error budget left').targets[0]?.expr).toMatch(/\[14d\].* \/ 0\.005$/);
    expect(panel('recommender-service', 'Latency budget left').targets[0]?.expr).toContain('le="0.25"');
  });

  test('every recorded series that the burn rates ask for is a window of the alerts', () => {
    const windows = panel('recommender-service', 'Error burn rate').targets.map(({ legendFormat }) => legendFormat);
    const alerts = SLO.burnRateAlerts.flatMap(({ shortWindow, longWindow }) => [shortWindow, longWindow]);
    expect(new Set(windows)).toEqual(new Set(alerts));
  });
});
