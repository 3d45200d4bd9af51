import { CostAnomalies, type CostAnomaliesProps } from '../../../constructs/aws';
import { Budget, type BudgetProps } from '../../../src';
import { onAws } from './fixtures';

const anomalies = (props: Partial<CostAnomaliesProps> = {}, budget: Partial<BudgetProps> = {}) =>
  onAws((stack) => {
    const declared = new Budget({ notify: ['platform@shop.example'], ...budget });
    new CostAnomalies(stack, 'CostAnomalies', { name: 'shop-prod-services', budget: declared, ...props });
  });
const threshold = (props?: Partial<CostAnomaliesProps>, budget?: Partial<BudgetProps>) =>
  anomalies(props, budget).resource('aws_ce_anomaly_subscription').threshold_expression;
const usd = (value: string) => ({
  dimension: {
    key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
    match_options: ['GREATER_THAN_OR_EQUAL'],
    values: [value],
  },
});

test('people hear once a day of a service that costs more than usual', () => {
  expect(anomalies().resource('aws_ce_anomaly_subscription')).toMatchObject({
    name: 'shop-prod-services',
    frequency: 'DAILY',
    subscriber: [{ type: 'EMAIL', address: 'platform@shop.example' }],
    monitor_arn_list: [expect.stringMatching(/aws_ce_anomaly_monitor\.CostAnomalies_Monitor_/)],
  });
  expect(anomalies().resource('aws_ce_anomaly_monitor')).toMatchObject({
    monitor_type: 'DIMENSIONAL',
    monitor_dimension: 'SERVICE',
  });
});

test.each([
  ["a twentieth of the cloud's budget", {}, {}, '25'],
  ['of two clouds each has half', { clouds: 2 }, {}, '13'],
  ['another share', { thresholdPercent: 20 }, {}, '100'],
  ['a dollar at least', { thresholdPercent: 1 }, { monthlyUsd: 10 }, '1'],
])('much is %s', (_, props, budget, value) => {
  expect(threshold(props, budget)).toEqual(usd(value));
});

test('a monitor that the account has is used', () => {
  const monitorArn = 'arn:aws:ce::111122223333:anomalymonitor/1';
  const stack = anomalies({ monitorArn });
  expect(stack.resourceTypes()).toEqual(['aws_ce_anomaly_subscription']);
  expect(stack.resource('aws_ce_anomaly_subscription').monitor_arn_list).toEqual([monitorArn]);
});

test.each([
  [{ thresholdPercent: 0 }, {}, 'test/CostAnomalies: thresholdPercent is 0; allowed is above 0 up to 100.'],
  [
    {},
    { notify: Array.from({ length: 11 }, (_, index) => `p${index}@shop.example`) },
    'budget.notify has 11 addresses; AWS allows 10. Name a mailing list instead.',
  ],
])('fails when %j %j', (props, budget, message) => {
  expect(() => anomalies(props, budget)).toThrow(message);
});

test('the HCL', async () => {
  const blocks = (await anomalies().hcl()).split(/^(?=resource )/m).slice(1);
  expect(blocks.join('')).toMatchSnapshot();
});
