import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { type PrometheusServer, startPrometheus } from '@cdktf-recommender/rehearsal';
import { businessDashboard } from '../../../constructs/kubernetes/dashboards/business-dashboard';
import { clusterDashboard } from '../../../constructs/kubernetes/dashboards/cluster-dashboard';
import { costDashboard } from '../../../constructs/kubernetes/dashboards/cost-dashboard';
import { modelDashboard } from '../../../constructs/kubernetes/dashboards/model-dashboard';
import { serviceDashboard } from '../../../constructs/kubernetes/dashboards/service-dashboard';
import { sloRules } from '../../../constructs/kubernetes/slo-rules';
import { environmentVariable } from '../../../model-server/src/config';
import { CapacityPlan, ServiceLevelObjective } from '../../../src';
import { MODEL, post, publish, request, Workbench } from '../../model-server/fixtures';
import { type EmulatedBlobStorage, emulatedBlobStorage } from '../azure-blob';
import { type Exporters, startExporters } from './exporters';

/** As built, because jest's realm has a Uint8Array of its own, which Node's HTTP client doesn't take. */
const MAIN = join(__dirname, '../../../model-server/dist/main.js');
const slo = new ServiceLevelObjective();
const capacity = new CapacityPlan();
const DASHBOARDS = [
  serviceDashboard({ slo, capacity }),
  modelDashboard(),
  businessDashboard(),
  clusterDashboard({ capacity, namespaceName: 'recommender', autoscalerName: 'model-server' }),
  costDashboard({ monthlyUsd: 250 }),
];

interface PanelQuery {
  readonly at: string;
  /** As Grafana sends it for scrapes of a second. */
  readonly expr: string;
}
const QUERIES: readonly PanelQuery[] = DASHBOARDS.flatMap(({ name, json }) =>
  JSON.parse(json).panels.flatMap(({ title, targets = [] }: { title: string; targets?: { expr: string }[] }) =>
    targets.map(({ expr }) => ({ at: `${name}: ${title}`, expr: expr.replaceAll('$__rate_interval', '10s') })),
  ),
);
/** Asks something of an exporter that is stood in for. */
const isStoodIn = ({ expr }: PanelQuery) => /kube_|container_|node_|pv_|kubecost_/.test(expr);

const bench = new Workbench();
let prometheus: PrometheusServer;
let exporters: Exporters;
let blob: EmulatedBlobStorage;
let server: ChildProcess;
let load: Promise<void>;
const over = new AbortController();

/** Its store is not on its machine, so that it looks versions up in its cache. */
async function startServer(): Promise<string> {
  await blob.fresh();
  const { store, users, modelCache } = await bench.config({ store: blob.url() });
  await publish(store);
  // Beside other tests a machine may be so slow that popular items would answer, which the panels would show.
  const deadlineMs = 30_000;
  const settings = {
    store,
    users,
    modelCache,
    model: MODEL,
    port: 0,
    drainSeconds: 0,
    resultCache: 'memory',
    deadlineMs,
  };
  const variables = Object.entries(settings).map(([name, value]) => [environmentVariable(name), `${value}`]);
  const env = { AZURE_STORAGE_CONNECTION_STRING: blob.azurite.connectionString, ...Object.fromEntries(variables) };
  server = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let url = '';
  for await (const line of createInterface({ input: server.stdout as NodeJS.ReadableStream })) {
    const entry = JSON.parse(line);
    url ||= entry.url ?? '';
    if (entry.msg === 'model version serves') break;
  }
  server.stdout?.resume();
  return url;
}

/** Visitors, known and not, what they buy, and what nobody has. */
async function visit(url: string): Promise<void> {
  for (let visit = 0; !over.signal.aborted; visit++) {
    const user = `user-${visit % 50}`;
    await Promise.all([
      post(`${url}/v1/events`, {
        events: [{ user, item: `item-${visit % 6}`, type: 'purchase', id: `e-${visit >> 1}` }],
      }),
      request(`${url}/v1/users/${user}/recommendations`),
      request(`${url}/v1/users/stranger-${visit}/recommendations`),
      post(`${url}/v1/recommendations`, { items: ['item-1', 'item-2'] }),
      request(`${url}/v1/users/${user}/recommendations?limit=none`),
    ]);
    await pause(5);
  }
}

beforeAll(async () => {
  blob = await emulatedBlobStorage();
  const url = await startServer();
  exporters = await startExporters();
  const scrape = (job_name: string, target: string, labels: object) => ({
    job_name,
    honor_labels: true,
    static_configs: [{ targets: [target], labels }],
  });
  prometheus = await startPrometheus({
    config: {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      scrape_configs: [
        scrape('model-server', new URL(url).host, { namespace: 'recommender', pod: 'model-server-0' }),
        scrape('exporters', exporters.target, {}),
      ],
    },
    groups: sloRules(slo, (alert) => alert).map((group) => ({ ...group, interval: '1s' })),
    onProgress: (line) => console.error(line),
  });
  load = visit(url);
}, 600_000);
afterAll(async () => {
  over.abort();
  await load;
  await prometheus?.stop();
  await exporters?.stop();
  if (server?.exitCode === null) {
    server.kill('SIGTERM');
    await once(server, 'exit');
  }
  await bench.cleanUp();
  await blob?.azurite.stop();
}, 60_000);

/** Those without a number, once they had the time that a rate of ten seconds takes. */
async function withoutData(queries: readonly PanelQuery[], seconds = 60): Promise<string[]> {
  const until = Date.now() + seconds * 1000;
  let empty = queries;
  do {
    await pause(1000);
    const answers = await Promise.all(empty.map(({ expr }) => prometheus.query(expr)));
    empty = empty.filter((_, index) => !answers[index]?.some(({ value }) => Number.isFinite(value)));
  } while (empty.length > 0 && Date.now() < until);
  return empty.map(({ at, expr }) => `${at}: ${expr}`);
}

test('every query of the service, the model and the business has data of a model server that is in use', async () => {
  const queries = QUERIES.filter((query) => !isStoodIn(query));
  expect(queries.length).toBeGreaterThan(35);
  expect(await withoutData(queries)).toEqual([]);
}, 120_000);

test('every query of the cluster and of the cost has data of exporters that are stood in for', async () => {
  const queries = QUERIES.filter(isStoodIn);
  const panels = [...new Set(queries.map(({ at }) => at))];
  console.info(`Not proved by the real exporter:\n${panels.join('\n')}`);
  expect(queries.length).toBeGreaterThan(20);
  expect(await withoutData(queries)).toEqual([]);
}, 120_000);

test('a query of what nobody exports has none', async () => {
  expect(await withoutData([{ at: 'nowhere', expr: 'sum(rate(recommender_sales_total[10s]))' }], 2)).toHaveLength(1);
});

test('what a pod uses is counted once, not also as its sandbox and its sum', async () => {
  const memory = QUERIES.find(({ at }) => at === 'cluster: Memory by pod') as PanelQuery;
  // 0.3 GiB of a limit of 0.75.
  expect(await prometheus.query(memory.expr)).toEqual([
    { labels: { pod: 'model-server-6d5f7c9b8-x2x7k' }, value: expect.closeTo(0.4, 6) },
  ]);
});

test("the month's cost is that of nodes, volumes and the control plane, also without a load balancer", async () => {
  const month = QUERIES.find(({ at }) => at === 'cost: A month like this hour') as PanelQuery;
  // 730 hours of 0.0672 for the node, 20 GiB at 0.0001, and 0.1 for the control plane.
  expect((await prometheus.query(month.expr))[0]?.value).toBeCloseTo(730 * (0.0672 + 20 * 0.0001 + 0.1), 6);
});

test('the panels agree with what the visitors did', async () => {
  const shown = async (at: string) =>
    (await prometheus.query((QUERIES.find((one) => one.at === at) as PanelQuery).expr))[0]?.value;
  // Asking for an unknown number of items is the caller's error, not the service's.
  expect(await shown('service: Error budget left')).toBe(1);
  // Of each visit's answers one is for somebody known, one for a stranger, one for the items of a session.
  expect(await shown('business: Unknown customers')).toBeCloseTo(1 / 3, 1);
  expect(await shown('business: Personal')).toBeCloseTo(1 / 3, 1);
});
