import { AlertTopic, FindingAlerts, type FindingAlertsProps } from '../../../constructs/aws';
import { hclOf, onAws } from './fixtures';

const alerts = (source?: FindingAlertsProps['source']) =>
  onAws((stack) => {
    const topic = new AlertTopic(stack, 'Topic', { topicName: 'shop-prod-findings', fromEventBridge: true });
    new FindingAlerts(stack, 'Alerts', { prefix: 'shop-prod', topic, source });
  });
const pattern = (source?: FindingAlertsProps['source']) => {
  const text = alerts(source).resource('aws_cloudwatch_event_rule').event_pattern as string;
  const [, json = ''] = /^\$\{jsonencode\((.*)\)\}$/.exec(text) ?? [];
  return JSON.parse(json.replaceAll('" = ', '": '));
};

test('people hear of what is high or worse, new, and no mere check of a setting', () => {
  expect(pattern()).toMatchObject({
    source: ['aws.securityhub'],
    detail: {
      findings: {
        Severity: { Label: ['HIGH', 'CRITICAL'] },
        Workflow: { Status: ['NEW'] },
        RecordState: ['ACTIVE'],
        ProductName: [{ 'anything-but': ['Security Hub', 'Config'] }],
      },
    },
  });
});

test('without Security Hub GuardDuty is listened to, from its own high on', () => {
  expect(pattern('guard-duty')).toEqual({
    source: ['aws.guardduty'],
    'detail-type': ['GuardDuty Finding'],
    detail: { severity: [{ numeric: ['>=', 7] }] },
  });
});

test('they go to the topic', () => {
  const stack = alerts();
  expect(stack.resource('aws_cloudwatch_event_rule').name).toBe('shop-prod-security-hub-findings');
  expect(stack.resource('aws_cloudwatch_event_target')).toMatchObject({
    rule: expect.stringMatching(/aws_cloudwatch_event_rule\.Alerts_/),
    arn: expect.stringMatching(/aws_sns_topic\.Topic_/),
  });
});

test('the HCL', async () => {
  expect(await hclOf(alerts(), 'Alerts')).toMatchSnapshot();
});
