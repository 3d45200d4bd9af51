import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { stringify } from 'yaml';
import { deliveryGates } from '../../constructs/kubernetes/delivery/delivery-gates';
import { serviceRules } from '../../constructs/kubernetes/service-rules';
import { sloRules } from '../../constructs/kubernetes/slo-rules';
import { trafficRules } from '../../constructs/kubernetes/traffic-rules';
import { CapacityPlan, LATENCY_BUCKETS_MS, ServiceLevelObjective, TrafficModel } from '../../src';

const runbook = (alert: string) => `docs/runbooks/${alert}.md`;
const groups = (slo = new ServiceLevelObjective()) => [
  ...sloRules(slo, runbook),
  serviceRules({ namespaceName: 'recommender', name: 'model-server' }, runbook),
  trafficRules(new TrafficModel(), new CapacityPlan(), runbook),
];
const alerts = () => groups().flatMap(({ rules }) => rules.flatMap((rule) => ('alert' in rule ? [rule] : [])));

function promtool(...args: string[]): { status: number | null; output: string } {
  const { status, stdout, stderr, error } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (error) throw new Error("promtool is not on PATH; Debian's package prometheus has it", { cause: error });
  return { status, output: `${stdout}${stderr}` };
}

describe('promtool', () => {
  let rulesFolder: string;
  beforeAll(() => {
    rulesFolder = mkdtempSync(join(tmpdir(), 'rules-'));
    writeFileSync(join(rulesFolder, 'rules.yaml'), stringify({ groups: groups() }));
    const traffic = groups().filter(({ name }) => name === 'recommender-traffic');
    writeFileSync(join(rulesFolder, 'traffic.yaml'), stringify({ groups: traffic }));
  });
  afterAll(() => rmSync(rulesFolder, { recursive: true, force: true }));

  test('accepts every query of the runbooks', () => {
    const folder = join(__dirname, '../../docs/runbooks');
    const queries = readdirSync(folder)
      .filter((name) => name.endsWith('.md'))
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .flatMap((page) => [...page.matchAll(/^```promql\n(.*?)^```$/gms)])
      .flatMap(([, block = '']) => block.trim().split('\n'));
    const file = join(rulesFolder, 'queries.yaml');
    const rules = queries.map((expr, index) => ({ record: `query_${index}`, expr }));
    writeFileSync(file, stringify({ groups: [{ name: 'queries', rules }] }));
    expect(promtool('check', 'rules', file)).toEqual({
      status: 0,
      output: expect.stringContaining(`SUCCESS: ${rules.length} rules found`),
    });
  });

  test.each(LATENCY_BUCKETS_MS)('accepts the rules of an objective of %d ms', (latencyP99Ms) => {
    const file = join(rulesFolder, `rules-${latencyP99Ms}.yaml`);
    writeFileSync(file, stringify({ groups: groups(new ServiceLevelObjective({ latencyP99Ms })) }));
    expect(promtool('check', 'rules', file)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  });

  const API = 'route="/v1/users/:id/recommendations",method="GET"';
  const counter = (series: string, perMinute: number) => ({ series, values: `0+${perMinute}x180` });
  const ok = counter(`recommender_http_requests_total{${API},status="200"}`, 6000);
  const ready = { series: 'recommender_ready', values: '1x180' };
  const hpa = (kind: string, value: number) => ({
    series: `kube_horizontalpodautoscaler_${kind}_replicas{namespace="recommender",horizontalpodautoscaler="model-server"}`,
    values: `${value}x180`,
  });
  const latency = (fast: number, all: number) => [
    counter(`recommender_http_request_duration_seconds_bucket{${API},status="200",le="0.1"}`, fast),
    counter(`recommender_http_request_duration_seconds_count{${API},status="200"}`, all),
  ];
  const recommendations = counter('recommender_recommendations_total{rung="personal"}', 6000);

  test.each([
    [
      'RecommenderErrorBudgetBurn',
      'fires when 2 % fail',
      [ok, counter(`recommender_http_requests_total{${API},status="500"}`, 120)],
      ['page', 'page', 'ticket'],
    ],
    [
      'RecommenderErrorBudgetBurn',
      'is silent when 1 in 2,000 fails',
      [ok, counter(`recommender_http_requests_total{${API},status="500"}`, 3)],
      [],
    ],
    [
      'RecommenderErrorBudgetBurn',
      'is silent when probes fail',
      [ok, counter('recommender_http_requests_total{route="/readyz",method="GET",status="503"}', 600)],
      [],
    ],
    ['RecommenderLatencyBudgetBurn', 'fires when a fifth is slow', latency(4800, 6000), ['page', 'page', 'ticket']],
    ['RecommenderLatencyBudgetBurn', 'is silent when 1 in 200 is slow', latency(5970, 6000), []],
    ['RecommenderDown', 'fires when no replica is ready', [{ series: 'recommender_ready', values: '0x180' }], ['page']],
    ['RecommenderDown', 'fires when there is no replica', [ok], ['page']],
    ['RecommenderDown', 'is silent when one is ready', [ready], []],
    ['RecommenderAtMaxReplicas', 'fires at the bound', [hpa('status_current', 50), hpa('spec_max', 50)], ['ticket']],
    ['RecommenderAtMaxReplicas', 'is silent below it', [hpa('status_current', 49), hpa('spec_max', 50)], []],
    [
      'RecommenderModelNotLoaded',
      'fires when one is refused twice',
      [{ series: 'recommender_model_loads_total{result="refused"}', values: '_x170 1x4 2x5' }],
      ['ticket'],
    ],
    [
      'RecommenderModelNotLoaded',
      'is silent when models load',
      [counter('recommender_model_loads_total{result="loaded"}', 1)],
      [],
    ],
    [
      'RecommenderDegraded',
      'fires when the model is late for a tenth',
      [recommendations, counter('recommender_fallbacks_total{reason="model-deadline"}', 600)],
      ['ticket'],
    ],
    [
      'RecommenderDegraded',
      'is silent when customers are unknown',
      [recommendations, counter('recommender_fallbacks_total{reason="unknown-user"}', 600)],
      [],
    ],
  ])('%s %s', (alert, _, series, severities) => {
    const expected = alerts().filter((rule) => rule.alert === alert);
    const file = join(rulesFolder, 'test.yaml');
    writeFileSync(
      file,
      stringify({
        rule_files: ['rules.yaml'],
        evaluation_interval: '1m',
        tests: [
          {
            interval: '1m',
            input_series: series,
            alert_rule_test: [
              {
                eval_time: '3h',
                alertname: alert,
                exp_alerts: severities.map((severity, index) => ({
                  exp_labels: { severity, ...expected[index]?.labels, ...labelsOf(alert) },
                  exp_annotations: expected[index]?.annotations,
                })),
              },
            ],
          },
        ],
      }),
    );
    expect(promtool('test', 'rules', file)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  });

  /** Requests at 100 a second, sampled every 15 s: none failed for seven hours, then a share of them. */
  const outage = (share: number) => {
    const [before, after] = [7 * 240, 240];
    const perSample = 1500;
    return [
      {
        series: `recommender_http_requests_total{${API},status="200"}`,
        values: `0+${perSample}x${before} ${perSample * (before + 1 - share)}+${perSample * (1 - share)}x${after}`,
      },
      {
        series: `recommender_http_requests_total{${API},status="500"}`,
        values: `0x${before} ${perSample * share}+${perSample * share}x${after}`,
      },
    ];
  };
  const pages = 'count(ALERTS{alertname="RecommenderErrorBudgetBurn",severity="page",alertstate="firing"})';
  const ALL_WELL = 7 * 3600;

  // The times in which a budget of 0.1 % burns 14.4 times too fast over an hour: 3,600 s * 14.4 * 0.001 / share.
  test.each([
    [100, 60, 30],
    [10, 9 * 60, 8 * 60],
    [5, 17.5 * 60, 16.5 * 60],
    [2, 43.5 * 60, 42.5 * 60],
  ])('pages when %d %% of the requests fail, within %d s and not before %d s', (percent, within, notBefore) => {
    const file = join(rulesFolder, 'outage.yaml');
    const at = (seconds: number, samples: object[]) => ({
      expr: pages,
      eval_time: `${ALL_WELL + seconds}s`,
      exp_samples: samples,
    });
    const promql_expr_test = [at(0, []), at(notBefore, []), at(within, [{ labels: '{}', value: 1 }])];
    const tests = [{ interval: '15s', input_series: outage(percent / 100), promql_expr_test }];
    writeFileSync(file, stringify({ rule_files: ['rules.yaml'], evaluation_interval: '15s', tests }));
    expect(promtool('test', 'rules', file)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  });

  test.each([
    ['is silent through 30 days at half the rate that the budget allows', 0.5, []],
    ['tells of twice that rate', 2, [{ labels: '{}', value: 1 }]],
  ])('%s', (_, factor, samples) => {
    const [minutes, perSample] = [15, 90_000];
    const failing = perSample * 0.001 * factor;
    const series = (status: number, by: number) => ({
      series: `recommender_http_requests_total{${API},status="${status}"}`,
      values: `0+${by}x${(30 * 24 * 60) / minutes}`,
    });
    const expr = 'count(count_over_time(ALERTS{alertname="RecommenderErrorBudgetBurn",alertstate="firing"}[30d]))';
    const tests = [
      {
        interval: `${minutes}m`,
        input_series: [series(200, perSample - failing), series(500, failing)],
        promql_expr_test: [{ expr, eval_time: '30d', exp_samples: samples }],
      },
    ];
    // Evaluated as often as sampled: each evaluation of all rules takes promtool some milliseconds.
    const slowly = groups().map((group) => ({ ...group, interval: `${minutes}m` }));
    writeFileSync(join(rulesFolder, 'slow-rules.yaml'), stringify({ groups: slowly }));
    const file = join(rulesFolder, 'month.yaml');
    // In any other order, alerts would look for what is recorded a quarter of an hour ago, and find nothing.
    const group_eval_order = slowly.map(({ name }) => name);
    const rules = { rule_files: ['slow-rules.yaml'], evaluation_interval: `${minutes}m`, group_eval_order };
    writeFileSync(file, stringify({ ...rules, tests }));
    expect(promtool('test', 'rules', file)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  });

  /** A counter of requests, sampled every minute, from its rate at each minute. */
  const requestsAt = (minutes: number, perSecond: (minute: number) => number) => {
    let total = 0;
    const values = Array.from({ length: minutes }, (_, minute) => (total += Math.round(60 * perSecond(minute))));
    return { series: `recommender_http_requests_total{${API},status="200"}`, values: values.join(' ') };
  };
  const firing = (alert: string) => `count(ALERTS{alertname="${alert}",alertstate="firing"})`;
  const everFiring = (alert: string, window: string) =>
    `count(count_over_time(ALERTS{alertname="${alert}",alertstate="firing"}[${window}]))`;
  const one = [{ labels: '{}', value: 1 }];
  const check = (name: string, series: object[], promql_expr_test: object[]) => {
    const file = join(rulesFolder, name);
    const tests = [{ interval: '1m', input_series: series, promql_expr_test }];
    writeFileSync(file, stringify({ rule_files: ['traffic.yaml'], evaluation_interval: '1m', tests }));
    expect(promtool('test', 'rules', file)).toEqual({ status: 0, output: expect.stringContaining('SUCCESS') });
  };

  // 50 replicas of 600 requests a second. The ramp begins after two hours and takes two to reach them.
  const [LIMIT, RAMP_BEGINS, LIMIT_REACHED] = [30_000, 120, 240];
  const ramp = (minute: number) => 500 + Math.max(0, ((minute - RAMP_BEGINS) * (LIMIT - 500)) / 120);

  test('forecasts a ramp 15 minutes before it reaches the planned capacity, and not before it begins', () => {
    check(
      'ramp.yaml',
      [requestsAt(LIMIT_REACHED, ramp)],
      [
        {
          expr: `count(recommender:requests:rate5m < ${LIMIT})`,
          eval_time: `${LIMIT_REACHED - 15}m`,
          exp_samples: one,
        },
        { expr: everFiring('RecommenderCapacityForecast', '2h'), eval_time: `${RAMP_BEGINS}m`, exp_samples: [] },
        { expr: firing('RecommenderCapacityForecast'), eval_time: `${LIMIT_REACHED - 15}m`, exp_samples: one },
      ],
    );
  });

  /** Half as much at night as on average, half more by day, and noise of 2 % that is the same in every run. */
  const DAY = 24 * 60;
  const daily = (minute: number) =>
    1000 *
    (1 + 0.5 * Math.sin((2 * Math.PI * minute) / DAY)) *
    (1 + 0.02 * Math.sin(minute * 12.9898) * Math.cos(minute));
  const [INJECTED, ENDS] = [5 * DAY + 600, 5 * DAY + 700];

  test.each([
    ['tells of a fall by half within 20 minutes', 0.5, one],
    ['tells of a rise by half within 20 minutes', 1.5, one],
    ['is silent through the swing of day and night', 1, []],
  ])('%s', (_, factor, samples) => {
    const series = requestsAt(ENDS, (minute) => daily(minute) * (minute >= INJECTED ? factor : 1));
    check(
      'anomaly.yaml',
      [series],
      [
        { expr: everFiring('RecommenderTrafficAnomaly', '5d'), eval_time: `${INJECTED}m`, exp_samples: [] },
        { expr: firing('RecommenderTrafficAnomaly'), eval_time: `${INJECTED + 20}m`, exp_samples: samples },
      ],
    );
  });

  const NEW = (pod: string) => `{namespace="recommender",pod="model-server-${pod}"}`;
  const constant = (series: string, value: number) => ({ series, values: `${value}` });

  test.each([
    ['is 0 while each answers by what its pin names', [1, 1], [{ labels: '{}', value: 0 }]],
    ['counts one that answers by another', [1, 0], [{ labels: '{}', value: 1 }]],
    ['counts all of them when none has it', [0, 0], [{ labels: '{}', value: 2 }]],
    ['has no answer, and so fails, of no new pod at all', [], []],
  ])('the gate of the pods of a pinned model %s', (_, wanted, exp_samples) => {
    const [gate] = deliveryGates(new ServiceLevelObjective(), { versionPin: {} as ConfigMapV1 })
      .filter(({ name }) => name === 'pods-with-another-model')
      .map(({ query }) =>
        query.replaceAll('{{ namespace }}', 'recommender').replaceAll('{{ target }}', 'model-server'),
      );
    const series = wanted.flatMap((value, i) => [
      constant(`recommender_ready${NEW(`7d9-x${i}`)}`, 1),
      constant(`recommender_model_wanted${NEW(`7d9-x${i}`)}`, value),
    ]);
    const promoted = [
      constant(`recommender_ready${NEW('primary-5c4-x0')}`, 1),
      constant(`recommender_model_wanted${NEW('primary-5c4-x0')}`, 1),
    ];
    check('gate.yaml', [...series, ...promoted], [{ expr: gate as string, eval_time: '0m', exp_samples }]);
  });
});

/** Labels that an alert takes over from its series. */
function labelsOf(alert: string): Record<string, string> {
  return alert === 'RecommenderAtMaxReplicas'
    ? { namespace: 'recommender', horizontalpodautoscaler: 'model-server' }
    : {};
}
