import { CostBudget, type CostBudgetProps } from '../../../constructs/azure';
import { Budget, type BudgetProps } from '../../../src';
import { onAzure, SUBSCRIPTION_ID } from './fixtures';

const synthesized = (budget: Partial<BudgetProps> = {}, props: Partial<CostBudgetProps> = {}) =>
  onAzure((stack) => {
    new CostBudget(stack, 'CostBudget', {
      budgetName: 'shop-prod-monthly',
      subscriptionId: SUBSCRIPTION_ID,
      budget: new Budget({ notify: ['ops@example.com'], ...budget }),
      ...props,
    });
  });
const budget = (...args: Parameters<typeof synthesized>) =>
  synthesized(...args).resource('azurerm_consumption_budget_subscription');

test('it watches the whole subscription, month by month', () => {
  expect(budget()).toMatchObject({
    subscription_id: `/subscriptions/${SUBSCRIPTION_ID}`,
    time_grain: 'Monthly',
    amount: 500,
  });
});

test('two clouds share the amount evenly', () => {
  expect(budget({ monthlyUsd: 333.33 }, { clouds: 2 }).amount).toBe(166.66);
});

test('people are told at each threshold, and when all of it is forecast to go', () => {
  const common = { operator: 'GreaterThanOrEqualTo', contact_emails: ['ops@example.com'] };
  expect(budget().notification).toEqual([
    { ...common, threshold: 50, threshold_type: 'Actual' },
    { ...common, threshold: 80, threshold_type: 'Actual' },
    { ...common, threshold: 100, threshold_type: 'Actual' },
    { ...common, threshold: 100, threshold_type: 'Forecasted' },
  ]);
});

test('it begins on the first of the month of the first apply, which the state keeps', () => {
  const stack = synthesized();
  const created = Object.keys(stack.resources('time_static'))[0];
  expect(stack.resource('azurerm_consumption_budget_subscription').time_period).toEqual({
    start_date: `\${format("%04d-%02d-01T00:00:00Z", time_static.${created}.year, time_static.${created}.month)}`,
  });
});

test('a budget of another name or subscription begins anew', () => {
  expect(synthesized().resource('time_static').triggers).toEqual({
    budgetName: 'shop-prod-monthly',
    subscriptionId: SUBSCRIPTION_ID,
  });
});

test('two syntheses give the same template', () => {
  expect(synthesized().json).toEqual(synthesized().json);
});

test('fails when there are more thresholds than Azure takes', () => {
  expect(() => budget({ thresholdsPercent: [10, 20, 30, 40, 50] })).toThrow(
    'test/CostBudget: budget.thresholdsPercent has 5 thresholds; Azure allows 4 beside the forecast. Leave some out.',
  );
});

test('fails when there are more addresses than Azure takes', () => {
  const notify = Array.from({ length: 51 }, (_, index) => `person${index}@example.com`);
  expect(() => budget({ notify })).toThrow('budget.notify has 51 addresses; Azure allows 50. Name a mailing list');
});

test.each(['', 'a'.repeat(64), 'shop budget'])('fails when its name is "%s"', (budgetName) => {
  expect(() => budget({}, { budgetName })).toThrow(`budgetName is ${budgetName}; allowed are 1 to 63`);
});

test('the template reads as expected', async () => {
  expect(await synthesized().hcl()).toMatchSnapshot();
});
