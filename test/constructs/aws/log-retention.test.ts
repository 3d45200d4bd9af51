import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { Aspects } from 'cdktf';
import { LogGroup, LogRetention } from '../../../constructs/aws';
import { addCluster, onAws } from './fixtures';

const daysOf = (aspect?: LogRetention) => {
  const stack = onAws((scope) => {
    if (aspect) Aspects.of(scope).add(aspect);
    addCluster(scope);
    new LogGroup(scope, 'Long', { logGroupName: '/shop/long', retentionDays: 731 });
    new CloudwatchLogGroup(scope, 'Kept', { name: '/shop/kept' });
  });
  const groups = Object.values(stack.resources('aws_cloudwatch_log_group'));
  return Object.fromEntries(groups.map(({ name, retention_in_days }) => [name, retention_in_days]));
};

test('every log group keeps its lines at least so long, and none shorter than it would', () => {
  const lengthened = Object.entries(daysOf(new LogRetention(365))).filter(([, days]) => days === 365);
  expect(lengthened.length).toBeGreaterThan(1);
  expect(daysOf(new LogRetention(365))).toMatchObject({ '/shop/long': 731 });
  expect(Object.values(daysOf()).filter((days) => days === 365)).toEqual([]);
});

test('one that keeps them for ever still does', () => {
  const days = daysOf(new LogRetention(365));
  expect(Object.keys(days)).toContain('/shop/kept');
  expect(days['/shop/kept']).toBeUndefined();
});
