import { AlertTopic, MetricSource, SloAlarms, type SloAlarmsProps } from '../../../constructs/aws';
import { alarmWindow } from '../../../constructs/aws/observability/alarm-window';
import { ServiceLevelObjective } from '../../../src';
import { onAws } from './fixtures';

const LOAD_BALANCER = MetricSource.loadBalancer({ arnSuffix: 'app/shop-prod/50dc6c495c0c9188' });
const withProps = (props: Partial<SloAlarmsProps> = {}) =>
  onAws((stack) => {
    new SloAlarms(stack, 'Alarms', {
      serviceName: 'shop-prod',
      slo: new ServiceLevelObjective(),
      source: LOAD_BALANCER,
      pages: new AlertTopic(stack, 'Pages', { topicName: 'shop-prod-pages' }),
      ...props,
    });
  });
const defaults = withProps();

interface Query {
  readonly id: string;
  readonly expression?: string;
  readonly return_data: boolean;
  readonly metric?: { readonly metric_name: string; readonly stat: string; readonly period: number };
}
interface WindowAlarm {
  readonly alarm_name: string;
  readonly threshold: number;
  readonly evaluation_periods: number;
  readonly metric_query: readonly Query[];
}
const windows = (stack = defaults) =>
  Object.values(stack.resources('aws_cloudwatch_metric_alarm')) as unknown as WindowAlarm[];
const windowAlarm = (name: string, stack = defaults) => {
  const found = windows(stack).find(({ alarm_name }) => alarm_name === name);
  if (!found) throw new Error(`no alarm ${name} among ${windows(stack).map(({ alarm_name }) => alarm_name)}`);
  return found;
};
const burns = (stack = defaults) => Object.values(stack.resources('aws_cloudwatch_composite_alarm'));

test("each of the objective's burn rates is an alarm that takes both of its windows", () => {
  expect(burns().map(({ alarm_name }) => alarm_name)).toEqual(
    ['failed', 'slow'].flatMap((bad) => [
      `shop-prod-${bad}-1h-page`,
      `shop-prod-${bad}-3d-ticket`,
      `shop-prod-${bad}-6h-page`,
    ]),
  );
  expect(burns()[0]?.alarm_rule).toMatch(
    /^ALARM\(\$\{aws_cloudwatch_metric_alarm\.Alarms_Errors1hOf1h_\w+\.alarm_name\}\) AND ALARM\(\$\{aws_cloudwatch_metric_alarm\.Alarms_Errors5mOf1h_\w+\.alarm_name\}\)$/,
  );
});

test.each([
  ['shop-prod-failed-1h-of-1h', 0.0144, 3600, 1],
  ['shop-prod-failed-5m-of-1h', 0.0144, 300, 1],
  ['shop-prod-failed-30m-of-6h', 0.006, 1800, 1],
  ['shop-prod-failed-6h-of-3d', 0.001, 21_600, 1],
  ['shop-prod-failed-3d-of-3d', 0.001, 86_400, 3],
  ['shop-prod-slow-1h-of-1h', 0.144, 3600, 1],
])('%s fires above a share of %d in periods of %d s, %d of them', (name, threshold, period, evaluation_periods) => {
  const alarm = windowAlarm(name);
  expect(alarm).toMatchObject({ threshold, evaluation_periods, datapoints_to_alarm: evaluation_periods });
  expect(alarm.metric_query.flatMap(({ metric }) => metric?.period ?? [])).toContain(period);
});

test('no period is longer than CloudWatch allows, and no alarm looks back for more than a week', () => {
  for (const { metric_query, evaluation_periods } of windows()) {
    for (const { metric } of metric_query) {
      if (!metric) continue;
      expect(metric.period).toBeLessThanOrEqual(86_400);
      expect(metric.period % 60).toBe(0);
      expect(metric.period * evaluation_periods).toBeLessThanOrEqual(604_800);
    }
  }
});

test('an alarm answers one number, and asks for no id that it does not have', () => {
  for (const { metric_query } of windows()) {
    expect(metric_query.filter(({ return_data }) => return_data).map(({ id }) => id)).toEqual(['share']);
    const ids = metric_query.map(({ id }) => id);
    const used = metric_query.flatMap(({ expression = '' }) => expression.match(/\b[a-z]\w*\b/g) ?? []);
    expect(used.filter((id) => !ids.includes(id))).toEqual([]);
  }
});

test('a load balancer without a target counts failures and no requests, and all of them failed', () => {
  const { metric_query } = windowAlarm('shop-prod-failed-5m-of-1h');
  const expressions = Object.fromEntries(metric_query.map(({ id, expression }) => [id, expression]));
  expect(expressions).toMatchObject({
    bad: 'FILL(errors0, 0) + FILL(errors1, 0)',
    total: 'MAX([FILL(requests, 0), bad])',
    share: 'IF(total > 0, bad / total, 0)',
  });
  expect(metric_query.flatMap(({ metric }) => metric?.metric_name ?? [])).toEqual([
    'RequestCount',
    'HTTPCode_Target_5XX_Count',
    'HTTPCode_ELB_5XX_Count',
  ]);
});

test.each([
  ['a load balancer measures in seconds', LOAD_BALANCER, 'PR(:0.1)'],
  ['an HTTP API in milliseconds', MetricSource.httpApi({ apiId: 'a1b2c3', stage: 'v1' }), 'PR(:100)'],
  ['a REST API in milliseconds', MetricSource.restApi({ apiName: 'shop', stage: 'v1' }), 'PR(:100)'],
])('slow is slower than the objective: %s', (_, source, stat) => {
  const { metric_query } = windowAlarm('shop-prod-slow-5m-of-1h', withProps({ source }));
  expect(metric_query.find(({ id }) => id === 'within')?.metric?.stat).toBe(stat);
});

test('the two kinds of API Gateway are asked by the names that each has', () => {
  const asked = (source: MetricSource) =>
    windowAlarm('shop-prod-failed-5m-of-1h', withProps({ source })).metric_query.flatMap(({ metric }) => metric ?? []);
  expect(asked(MetricSource.httpApi({ apiId: 'a1b2c3', stage: 'v1' }))[1]).toMatchObject({
    metric_name: '5xx',
    dimensions: { ApiId: 'a1b2c3', Stage: 'v1' },
  });
  expect(asked(MetricSource.restApi({ apiName: 'shop', stage: 'v1' }))[1]).toMatchObject({
    metric_name: '5XXError',
    dimensions: { ApiName: 'shop', Stage: 'v1' },
  });
});

test('without a request nothing is failed', () => {
  expect(windows().length).toBe(12);
  for (const alarm of windows()) expect(alarm).toMatchObject({ treat_missing_data: 'notBreaching' });
});

test('only what burns both windows tells somebody', () => {
  for (const alarm of windows()) expect(alarm).not.toHaveProperty('alarm_actions');
  for (const { alarm_actions, ok_actions } of burns()) {
    expect(alarm_actions).toEqual([expect.stringMatching(/aws_sns_topic\.Pages_/)]);
    expect(ok_actions).toEqual(alarm_actions);
  }
});

test('slow burns go to another topic where there is one', () => {
  const stack = withProps({ tickets: { topicArn: 'arn:aws:sns:us-east-1:111122223333:tickets' } });
  const topics = burns(stack).map(({ alarm_name, alarm_actions }) => [alarm_name, (alarm_actions as string[])[0]]);
  for (const [name, topic] of topics) {
    expect((topic as string).endsWith(':tickets')).toBe((name as string).endsWith('-ticket'));
  }
});

test('the numbers follow the objective', () => {
  const slo = new ServiceLevelObjective({ availabilityPercent: 99, latencyP99Ms: 250 });
  const stack = withProps({ slo });
  expect(windowAlarm('shop-prod-failed-1h-of-1h', stack).threshold).toBe(0.144);
  expect(windowAlarm('shop-prod-slow-1h-of-1h', stack).metric_query[0]?.metric?.stat).toBe('PR(:0.25)');
});

test('a window longer than a day becomes days', () => {
  expect(alarmWindow('3d')).toEqual({ period: 86_400, evaluationPeriods: 3 });
  expect(alarmWindow('24h')).toEqual({ period: 86_400, evaluationPeriods: 1 });
  expect(() => alarmWindow('1w')).toThrow('1w is no window; allowed are minutes, hours and days as in 5m, 6h, 3d');
});

test("fails when the service's name can't be part of an alarm's rule", () => {
  expect(() => withProps({ serviceName: 'shop (prod)' })).toThrow(
    'test/Alarms: serviceName is shop (prod); it must be 1 to 200 letters, digits, hyphens and underscores.',
  );
});

test('the HCL of one burn rate', async () => {
  const blocks = (await defaults.hcl()).split(/^(?=resource )/m);
  const one = blocks.filter((block) => /"Alarms_Errors(1h|1hOf1h|5mOf1h)_/.test(block));
  expect(one).toHaveLength(3);
  expect(one.join('')).toMatchSnapshot();
});
