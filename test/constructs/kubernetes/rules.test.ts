import { serviceRules } from '../../../constructs/kubernetes/service-rules';
import { type PrometheusRule, sloRules } from '../../../constructs/kubernetes/slo-rules';
import { ServiceLevelObjective } from '../../../src';

const runbook = (alert: string) => `docs/runbooks/${alert}.md`;
const groups = (slo = new ServiceLevelObjective()) => [
  ...sloRules(slo, runbook),
  serviceRules({ namespaceName: 'recommender', name: 'model-server' }, runbook),
];
const rules = (slo?: ServiceLevelObjective): PrometheusRule[] => groups(slo).flatMap((group) => [...group.rules]);
const alerts = (slo?: ServiceLevelObjective) => rules(slo).flatMap((rule) => ('alert' in rule ? [rule] : []));
const recorded = (slo?: ServiceLevelObjective) =>
  Object.fromEntries(rules(slo).flatMap((rule) => ('record' in rule ? [[rule.record, rule.expr]] : [])));

test('failures are the API answers with a 5xx status, as a share of all of them', () => {
  expect(recorded()['recommender:request_errors:ratio_rate5m']).toBe(
    '(sum(rate(recommender_http_requests_total{route=~"/v1/.*",status=~"5.."}[5m])) or vector(0)) / sum(rate(recommender_http_requests_total{route=~"/v1/.*"}[5m]))',
  );
});

test.each([
  [100, 'le="0.1"'],
  [1000, 'le=~"1([.]0)?"'],
])('slow answers are counted by the bucket of the objective, %d ms: %s', (latencyP99Ms, le) => {
  const slow = recorded(new ServiceLevelObjective({ latencyP99Ms }))['recommender:request_slow:ratio_rate1h'];
  expect(slow).toContain(`_bucket{route=~"/v1/.*",${le}}[1h]`);
});

test('the error budget alerts at the burn rates of the Site Reliability Workbook', () => {
  const burn = alerts().filter(({ alert }) => alert === 'RecommenderErrorBudgetBurn');
  expect(burn.map(({ labels, expr }) => [labels.severity, expr])).toEqual([
    ['page', 'recommender:request_errors:ratio_rate1h > 0.0144 and recommender:request_errors:ratio_rate5m > 0.0144'],
    ['page', 'recommender:request_errors:ratio_rate6h > 0.006 and recommender:request_errors:ratio_rate30m > 0.006'],
    ['ticket', 'recommender:request_errors:ratio_rate3d > 0.001 and recommender:request_errors:ratio_rate6h > 0.001'],
  ]);
});

test('no two alerts of one name have the same labels', () => {
  const keys = alerts().map(({ alert, labels }) => JSON.stringify([alert, labels]));
  expect(keys).toHaveLength(10);
  expect(new Set(keys).size).toBe(keys.length);
});

test('a tighter objective alerts earlier', () => {
  const [page] = alerts(new ServiceLevelObjective({ availabilityPercent: 99.99 }));
  expect(page?.expr).toContain('ratio_rate1h > 0.00144');
});

test('every series that an alert compares is recorded', () => {
  const names = alerts().flatMap(({ expr }) => expr.match(/recommender:[a-z_]+:ratio_rate\w+/g) ?? []);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !(name in recorded()))).toEqual([]);
});
