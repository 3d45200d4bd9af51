import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PrometheusServer, startPrometheus } from '@cdktf-recommender/rehearsal';
import { parse } from 'yaml';
import { REPORTS, type Report, type ReportDocument } from '../../../cli/report/report';
import { toText } from '../../../cli/report/text';
import { recommender } from '../../cli/recommender';
import { stackOn } from '../../stacks/both-clouds';
import { DAYS, usageHistory } from './usage-history';

const CONFIG = {
  owner: 'shop',
  budget: { notify: ['platform@shop.example'] },
  local: { context: 'kind-shop' },
  environments: {
    dev: {
      aws: {
        accountId: '111122223333',
        endpointAccess: 'private',
        adminPrincipalArns: ['arn:aws:iam::111122223333:role/deploy'],
        state: { kind: 'local' },
      },
    },
  },
};
const folder = mkdtempSync(join(tmpdir(), 'usage-'));
const PATCH = join(folder, 'sizes.json');
const PAGE = join(folder, 'usage.html');
const started: PrometheusServer[] = [];
const start = async (history?: string) => {
  const prometheus = await startPrometheus({ config: {}, history, onProgress: (line) => console.error(line) });
  started.push(prometheus);
  return prometheus;
};
const usageIn = (environment: string, { url }: PrometheusServer, ...args: string[]) => {
  const asked = ['--prometheus', url, '--days', `${DAYS}`, '--environment', environment];
  return recommender(['report', 'usage', '--project', folder, ...asked, ...args]);
};
const usage = (prometheus: PrometheusServer, ...args: string[]) => usageIn('dev', prometheus, ...args);

let cluster: PrometheusServer;
let report: Report;
let text: string;

beforeAll(async () => {
  writeFileSync(join(folder, 'recommender.config.json'), JSON.stringify(CONFIG));
  cluster = await start(usageHistory(Date.now() / 1000));
  const { stdout, stderr, exitCode } = await usage(cluster, '--json', '--patch', PATCH, '--html', PAGE);
  expect({ stderr: exitCode === 0 ? '' : stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  [report] = (JSON.parse(stdout) as ReportDocument).reports as [Report];
  text = (await usage(cluster)).stdout;
}, 900_000);

afterAll(async () => {
  await Promise.all(started.map((prometheus) => prometheus.stop()));
  rmSync(folder, { recursive: true, force: true });
});

const rows = (title: string) =>
  Object.fromEntries(
    (report.tables.find((one) => one.title.startsWith(title))?.rows ?? []).map(([name, ...rest]) => [name, rest]),
  );

const SERVER = 'recommender Deployment model-server: model-server';
const GRAFANA = 'monitoring Deployment grafana: grafana';
const AGENT = 'logging DaemonSet fluent-bit: fluent-bit';
const PROMETHEUS = 'monitoring StatefulSet prometheus: prometheus';
const CART = 'shop StatefulSet cart: cart';
const CHECKOUT = 'shop StatefulSet checkout: checkout';

test('CPU is advised by the 90th percentile of all pods, those that are gone included, and 15 %', () => {
  expect(rows('CPU')).toEqual({
    // What the autoscaler goes by is kept.
    [SERVER]: [500, 80, 80, 80, 500],
    // 10 for three fifths of the time, then 30: 34.5, rounded up by fives.
    [GRAFANA]: [50, 10, 30, 30, 35],
    // 46.
    [AGENT]: [25, 40, 40, 40, 50],
    // Five hours say too little.
    [PROMETHEUS]: [200, 10, 10, 10, 200],
    [CART]: ['–', 100, 100, 100, 115],
    // 103.5 is less than a tenth more than it has.
    [CHECKOUT]: [100, 90, 90, 90, 100],
  });
});

test('memory is advised by the most that any pod took, and 15 %', () => {
  expect(rows('Memory')).toEqual({
    // 345, rounded up by sixteens.
    [SERVER]: [768, 300, 300, 352],
    // 138, by the pod that is gone.
    [GRAFANA]: [256, 120, 120, 144],
    // 57.5: what is no number is left out.
    [AGENT]: [128, 50, 50, 64],
    [PROMETHEUS]: [1024, 100, 100, 1024],
    [CART]: ['–', 200, 200, 240],
    // Killed at 128: 100 MiB more.
    [CHECKOUT]: [128, 127, 127, 240],
  });
});

test('the saving is a share of the price of the nodes: half for the CPU, half for the memory', () => {
  // A t4g.large with its disk: $49.056 and 50 GiB at $0.08.
  const node = 730 * 0.0672 + 50 * 0.08;
  const usd = (pods: number, millis: number, mib: number) =>
    Number((pods * ((millis / 2000 + mib / 8192) / 2) * node).toFixed(2));
  expect(rows('What changes')).toEqual({
    [SERVER]: [2, 0, 832, usd(2, 0, 416)],
    [GRAFANA]: [1, 15, 112, usd(1, 15, 112)],
    [AGENT]: [2, -50, 128, usd(2, -25, 64)],
    [CART]: [1, -115, -240, usd(1, -115, -240)],
    [CHECKOUT]: [1, 0, -112, usd(1, 0, -112)],
  });
  expect(report.figures.find(({ id }) => id === 'usage.dev.saving')?.value).toBeCloseTo(
    usd(2, 0, 416) + usd(1, 15, 112) + usd(2, -25, 64) + usd(1, -115, -240) + usd(1, 0, -112),
    1,
  );
  expect(report.summary).toContain('That is saved only when a node goes.');
  expect(report.summary).toContainEqual(
    expect.stringMatching(
      /^With the sizes aws-dev are expected to cost \d+\.\d\d USD a month, as without them: no node goes\.$/,
    ),
  );
});

test('what is requested, used and advised is told of all pods together', () => {
  // CPU: 2 × 500 + 50 + 2 × 25 + 200 + 100. Memory: 2 × 768 + 256 + 2 × 128 + 1024 + 128.
  expect(report.summary[0]).toBe(
    'dev, 2 days: 6 containers request 1,400m CPU and 3,200 MiB; used were 470m at the 99th percentile and 1,247 MiB at most.',
  );
});

test('notes say why a size is not what the use says', () => {
  expect(report.tables.find(({ title }) => title === 'What else is known')?.rows).toEqual(
    expect.arrayContaining([
      [SERVER, 'its replicas follow the share of its CPU, which is kept'],
      [PROMETHEUS, 'measured for 5 h; a day is needed'],
      [CHECKOUT, 'its limit stopped it in 30 % of periods'],
      [CART, 'no setting of the config; its own chart sizes it'],
      [CHECKOUT, 'was killed for its memory, so it gets more than it had'],
    ]),
  );
});

test('the patch is config that the schema takes, and changes what containers request', () => {
  const patch = readFileSync(PATCH, 'utf8');
  const { environments } = JSON.parse(patch);
  expect(environments.dev.sizes).toEqual({
    fluentBit: { cpuMillis: 50, memoryMib: 64 },
    grafana: { cpuMillis: 35, memoryMib: 144 },
    modelServer: { memoryMib: 352 },
  });
  const stack = stackOn('aws', { choices: environments.dev });
  const values = Object.values(stack.resources('helm_release')).find(({ name }) => name === 'kube-prometheus-stack')
    ?.values as string[];
  const { grafana } = parse(values[0] as string, { version: '1.1' });
  expect(grafana.resources.requests).toEqual({ cpu: '35m', memory: '144Mi' });
  expect(text).toContain(patch.trim());
});

test('it fits a terminal of 80 columns, and a page shows it with its charts', () => {
  expect(text.split('\n').filter(({ length }) => length > 80)).toEqual([]);
  expect(text.trim()).toBe(toText(report).trim());
  const page = readFileSync(PAGE, 'utf8');
  expect(page).toContain('<section id="usage">');
  expect(page.match(/<svg/g)?.length).toBeGreaterThanOrEqual(2);
  expect(page).toContain('&quot;grafana&quot;: { &quot;cpuMillis&quot;: 35');
});

test('a node that goes is told of by what the stacks then cost', async () => {
  const large = join(folder, 'large');
  const dev = { ...CONFIG.environments.dev, sizes: { modelServer: { memoryMib: 3000 } } };
  mkdirSync(large);
  const config = { ...CONFIG, capacity: { minReplicas: 6 }, environments: { dev } };
  writeFileSync(join(large, 'recommender.config.json'), JSON.stringify(config));
  const { stdout } = await usage(cluster, '--project', large, '--json');
  const [{ summary }] = (JSON.parse(stdout) as ReportDocument).reports as [Report];
  const [, less] =
    summary.join('\n').match(/With the sizes aws-dev are expected to cost [\d.]+ USD a month, ([\d.]+) less/) ?? [];
  // Six replicas of 3,000 MiB take three nodes, of 352 MiB and 500m two; besides, one for the rest.
  expect(Number(less)).toBeCloseTo(730 * 0.0672 + 50 * 0.08, 2);
}, 120_000);

test('of a cluster that no bill is of, sizes are advised and nothing is said of dollars', async () => {
  const { stdout } = await usageIn('local', cluster);
  expect(stdout).not.toMatch(/USD a month|node goes|\$/);
  expect(stdout).toContain('{ "local": { "sizes": {');
  expect(stdout).toContain('  "grafana": { "cpuMillis": 35, "memoryMib": 144 },');
}, 120_000);

test('it is among all reports where a Prometheus is named', async () => {
  const args = ['report', 'all', '--project', folder, '--environment', 'dev', '--prometheus', cluster.url, '--json'];
  const { reports } = JSON.parse((await recommender(args)).stdout) as ReportDocument;
  expect(reports.map(({ name }) => name)).toEqual([...REPORTS, 'usage']);
}, 120_000);

test('a Prometheus that knows no cluster is refused in one line', async () => {
  const { exitCode, stderr } = await usage(await start());
  expect(exitCode).toBe(1);
  expect(stderr.trim().split('\n').at(-1)).toBe(
    'recommender: the Prometheus has no kube_pod_container_info, so nothing is known of containers; let it scrape kube-state-metrics.',
  );
}, 120_000);

test('one that knows pods and not what they use is, too', async () => {
  const known = usageHistory(Date.now() / 1000)
    .split('\n')
    .filter((line) => !line.startsWith('container_'));
  const { exitCode, stderr } = await usage(await start(known.join('\n')));
  expect(exitCode).toBe(1);
  expect(stderr).toContain(
    "the Prometheus has no container_cpu_usage_seconds_total, so nothing is known of containers; let it scrape the kubelet's cAdvisor.",
  );
}, 120_000);
