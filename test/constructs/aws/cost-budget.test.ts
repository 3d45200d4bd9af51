import { CostBudget } from '../../../constructs/aws';
import { Budget, type BudgetProps } from '../../../src';
import { onAws } from './fixtures';

const NOTIFY = ['platform@shop.example'];
const budget = (props: Partial<BudgetProps> = {}, clouds?: number) =>
  onAws((stack) => {
    const declared = new Budget({ notify: NOTIFY, ...props });
    new CostBudget(stack, 'CostBudget', { budgetName: 'shop-prod-monthly', budget: declared, clouds });
  });

test('$500 a month by default, all of it on the one cloud', () => {
  expect(budget().resource('aws_budgets_budget')).toMatchObject({
    name: 'shop-prod-monthly',
    budget_type: 'COST',
    time_unit: 'MONTHLY',
    limit_amount: '500',
    limit_unit: 'USD',
  });
});

test('of two clouds each has half', () => {
  expect(budget({ monthlyUsd: 333.33 }, 2).resource('aws_budgets_budget').limit_amount).toBe('166.66');
});

test('people hear of 50, 80 and 100 percent spent, and of a forecast of more', () => {
  const notification = (threshold: number, notification_type: string) => ({
    threshold,
    notification_type,
    threshold_type: 'PERCENTAGE',
    comparison_operator: 'GREATER_THAN',
    subscriber_email_addresses: NOTIFY,
  });
  expect(budget().resource('aws_budgets_budget').notification).toEqual([
    notification(50, 'ACTUAL'),
    notification(80, 'ACTUAL'),
    notification(100, 'ACTUAL'),
    notification(100, 'FORECASTED'),
  ]);
});

test('fails when there are more thresholds than AWS takes', () => {
  expect(() => budget({ thresholdsPercent: [10, 20, 30, 40, 50] })).toThrow(
    'test/CostBudget: budget.thresholdsPercent has 5 thresholds; AWS allows 4 beside the forecast. Leave some out.',
  );
});

test('fails when there are more addresses than AWS takes', () => {
  const notify = Array.from({ length: 11 }, (_, index) => `p${index}@shop.example`);
  expect(() => budget({ notify })).toThrow('budget.notify has 11 addresses; AWS allows 10.');
});

test('the HCL', async () => {
  expect(await budget().hcl()).toMatchSnapshot();
});
