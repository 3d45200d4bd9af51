import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type BlackboxExporter,
  type PrometheusServer,
  prometheusPrograms,
  startBlackboxExporter,
  startPrometheus,
} from '@cdktf-recommender/rehearsal';
import { loggingRules } from '../../../constructs/kubernetes/logging/logging-rules';
import { BLACKBOX_CONFIG } from '../../../constructs/kubernetes/probes/blackbox-config';
import { PROBES_JOB, probeRules } from '../../../constructs/kubernetes/probes/probe-rules';
import type { RunningServer } from '../../../model-server/src/server';
import { publish, Workbench } from '../../model-server/fixtures';

const onProgress = (line: string) => console.error(line);
const GROUP = probeRules((alert) => `docs/runbooks/${alert}.md`);
const PROBED = `job="${PROBES_JOB}",instance="http://model-server.recommender.svc/readyz"`;

describe('the alerts of probes and of logging, by promtool', () => {
  let promtool: string;
  const folder = mkdtempSync(join(tmpdir(), 'probes-'));
  beforeAll(async () => {
    ({ promtool } = await prometheusPrograms({ onProgress }));
    writeFileSync(join(folder, 'rules.yaml'), JSON.stringify({ groups: [GROUP, loggingRules((alert) => alert)] }));
  }, 600_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const probes = (values: string) => ({ series: `probe_success{${PROBED}}`, values });
  const dropped = (values: string) => ({ series: 'fluentbit_output_dropped_records_total{name="loki.0"}', values });
  const expiry = (days: number) => ({
    series: `probe_ssl_earliest_cert_expiry{job="${PROBES_JOB}",instance="https://shop.example.com/v1/model"}`,
    values: `${days * 86_400}x200`,
  });

  test.each([
    ['RecommenderProbeFailing', 'fires when a probe fails for a minute', [probes('1x5 0x5')], '8m', 1],
    ['RecommenderProbeFailing', 'is silent when one fails once', [probes('1x5 0x1 1x5')], '8m', 0],
    ['RecommenderProbeFailing', 'is silent when all is well', [probes('1x20')], '15m', 0],
    [
      'RecommenderProbeFailing',
      "is silent when somebody else's probe fails",
      [{ series: 'probe_success{job="shop"}', values: '0x20' }],
      '15m',
      0,
    ],
    ['RecommenderProbesMissing', 'fires when there is no result', [probes('1x5')], '30m', 1],
    ['RecommenderProbesMissing', 'is silent when a probe fails, which another alert tells', [probes('0x30')], '30m', 0],
    ['RecommenderLogsDropped', 'fires when records are dropped', [dropped('0x10 5x10')], '13m', 1],
    ['RecommenderLogsDropped', 'is silent when none are', [dropped('7x30')], '20m', 0],
    ['RecommenderCertificateExpires', 'fires 13 days before the end', [expiry(13)], '3h', 1],
    ['RecommenderCertificateExpires', 'is silent 15 days before', [expiry(15)], '3h', 0],
  ])('%s %s', (alert, _, input_series, eval_time, firing) => {
    const file = join(folder, 'test.yaml');
    const expr = `count(ALERTS{alertname="${alert}",alertstate="firing"})`;
    const exp_samples = firing ? [{ labels: '{}', value: firing }] : [];
    const tests = [{ interval: '1m', input_series, promql_expr_test: [{ expr, eval_time, exp_samples }] }];
    writeFileSync(file, JSON.stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }));
    const { status, stdout, stderr } = spawnSync(promtool, ['test', 'rules', file], { encoding: 'utf8' });
    expect({ status, output: `${stdout}${stderr}` }).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  });
});

describe('a real exporter, a real Prometheus and a real model server', () => {
  const bench = new Workbench();
  let server: RunningServer;
  let exporter: BlackboxExporter;
  let prometheus: PrometheusServer;

  beforeAll(async () => {
    const config = await bench.config();
    await publish(config.store);
    server = await bench.server(config);
    exporter = await startBlackboxExporter({ config: BLACKBOX_CONFIG, onProgress });
    // What the operator makes of a Probe: the target is a parameter, and stands for the instance.
    const probe = (module: string, target: string) => ({
      job_name: `${PROBES_JOB}-${module}`,
      metrics_path: '/probe',
      params: { module: [module] },
      static_configs: [{ targets: [target] }],
      relabel_configs: [
        { source_labels: ['__address__'], target_label: '__param_target' },
        { source_labels: ['__param_target'], target_label: 'instance' },
        { target_label: 'job', replacement: PROBES_JOB },
        { target_label: '__address__', replacement: exporter.target },
      ],
    });
    prometheus = await startPrometheus({
      config: {
        global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
        scrape_configs: [probe('ready', `${server.url}/readyz`), probe('gateway', `${server.url}/v1/model`)],
      },
      groups: [{ ...GROUP, interval: '1s' }],
      onProgress,
    });
  }, 600_000);
  afterAll(async () => {
    await prometheus?.stop();
    await exporter?.stop();
    await bench.cleanUp();
  }, 60_000);

  const success = (path: string) => prometheus.query(`probe_success{instance="${server.url}${path}"}`);
  const alerts = (path: string) =>
    prometheus.query(`ALERTS{alertname="RecommenderProbeFailing",instance="${server.url}${path}"}`);
  async function until(done: () => Promise<boolean>): Promise<void> {
    while (!(await done())) await pause(200);
  }

  test('a ready server passes its probe, and no alert is on its way', async () => {
    await until(async () => (await success('/readyz')).length > 0);
    expect(await success('/readyz')).toMatchObject([{ value: 1 }]);
    expect(await alerts('/readyz')).toEqual([]);
  });

  test("the gateway's probe wants TLS, which a plain answer is not", async () => {
    await until(async () => (await success('/v1/model')).length > 0);
    expect(await success('/v1/model')).toMatchObject([{ value: 0 }]);
  });

  test('a server that is gone fails it, and the alert begins', async () => {
    await server.close({ drain: false });
    await until(async () => (await alerts('/readyz')).length > 0);
    expect(await success('/readyz')).toMatchObject([{ value: 0 }]);
    expect(await alerts('/readyz')).toMatchObject([{ labels: { alertstate: 'pending', severity: 'page' } }]);
  });
});
