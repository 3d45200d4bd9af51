import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { amtoolProgram } from '@cdktf-recommender/rehearsal';
import { stringify } from 'yaml';
import { AlertReceiver, AlertRouting } from '../../../constructs/kubernetes';
import { serviceRules } from '../../../constructs/kubernetes/service-rules';
import { sloRules } from '../../../constructs/kubernetes/slo-rules';
import { ServiceLevelObjective } from '../../../src';

const folder = mkdtempSync(join(tmpdir(), 'alertmanager-'));
const file = join(folder, 'alertmanager.yaml');
let amtool: string;
beforeAll(async () => {
  amtool = await amtoolProgram({ onProgress: (line) => console.error(line) });
  const mail = { from: 'alerts@shop.example.com', smarthost: 'smtp.example.com:587', username: 'alerts' };
  const everybody = [
    AlertReceiver.pagerDuty(),
    AlertReceiver.slack({ channel: '#oncall' }),
    AlertReceiver.teams(),
    AlertReceiver.email({ to: 'team@shop.example.com', ...mail }),
    AlertReceiver.sns({ topicArn: 'arn:aws:sns:us-east-1:111122223333:alerts', region: 'us-east-1' }),
  ];
  writeFileSync(file, stringify(new AlertRouting({ page: everybody, ticket: everybody }).config));
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(amtool, args, { encoding: 'utf8' });
  return { status, output: `${stdout}${stderr}`.trim() };
}

test('Alertmanager takes the configuration, with every kind of receiver', () => {
  const { status, output } = run('check-config', file);
  expect(output).toContain('SUCCESS');
  expect(output).toContain(' - 3 receivers');
  expect(output).toContain(' - 2 inhibit rules');
  expect(status).toBe(0);
});

const rules = [
  ...sloRules(new ServiceLevelObjective(), () => ''),
  serviceRules({ namespaceName: 'recommender', name: 'model-server' }, () => ''),
].flatMap((group) => group.rules.flatMap((rule) => ('alert' in rule ? [rule] : [])));

/** Our own alerts, then those of the chart's rules and of whoever adds some. */
const CASES: readonly [labels: Record<string, string>, receiver: string][] = [
  ...rules.map(({ alert, labels }): [Record<string, string>, string] => [
    { alertname: alert, ...labels },
    labels.severity === 'page' ? 'page' : 'ticket',
  ]),
  [{ alertname: 'Watchdog', severity: 'none' }, 'nobody'],
  [{ alertname: 'InfoInhibitor', severity: 'none' }, 'nobody'],
  [{ alertname: 'CPUThrottlingHigh', severity: 'info', namespace: 'recommender' }, 'nobody'],
  [{ alertname: 'KubePodCrashLooping', severity: 'warning', namespace: 'recommender' }, 'ticket'],
  [{ alertname: 'KubePodNotReady', severity: 'warning', namespace: 'recommender' }, 'ticket'],
  [{ alertname: 'KubeDeploymentReplicasMismatch', severity: 'warning' }, 'ticket'],
  [{ alertname: 'KubeHpaMaxedOut', severity: 'warning' }, 'ticket'],
  [{ alertname: 'KubeJobFailed', severity: 'warning' }, 'ticket'],
  [{ alertname: 'KubeContainerWaiting', severity: 'warning' }, 'ticket'],
  [{ alertname: 'KubePersistentVolumeFillingUp', severity: 'critical' }, 'page'],
  [{ alertname: 'KubePersistentVolumeFillingUp', severity: 'warning' }, 'ticket'],
  [{ alertname: 'PrometheusBadConfig', severity: 'critical' }, 'page'],
  [{ alertname: 'PrometheusRuleFailures', severity: 'critical' }, 'page'],
  [{ alertname: 'PrometheusNotIngestingSamples', severity: 'warning' }, 'ticket'],
  [{ alertname: 'AlertmanagerFailedReload', severity: 'critical' }, 'page'],
  [{ alertname: 'AlertmanagerFailedToSendAlerts', severity: 'warning' }, 'ticket'],
  [{ alertname: 'TargetDown', severity: 'warning', job: 'model-server' }, 'ticket'],
  [{ alertname: 'CheckoutSlow', severity: 'page', team: 'checkout' }, 'page'],
  [{ alertname: 'WithoutSeverity' }, 'ticket'],
  [{ alertname: 'OfAnotherScale', severity: 'P1' }, 'ticket'],
];

test('there are 30 cases', () => {
  expect(CASES.length).toBeGreaterThanOrEqual(30);
});

test.each(CASES)('%j goes to %s', (labels, receiver) => {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  expect(run('config', 'routes', 'test', `--config.file=${file}`, ...pairs)).toEqual({ status: 0, output: receiver });
});
