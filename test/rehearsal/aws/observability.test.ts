import { rehearsedArea } from './rehearsed-area';

describe('observability with every option on', () => {
  const { real } = rehearsedArea('observability');

  it('has two alarms for each burn rate and one over them, for each of two services', () => {
    expect(real().created).toMatchObject({
      aws_cloudwatch_metric_alarm: 25,
      aws_cloudwatch_composite_alarm: 12,
      aws_cloudwatch_dashboard: 1,
      aws_sns_topic_subscription: 5,
      aws_lambda_function: 1,
      aws_cloudwatch_event_target: 2,
      aws_ce_anomaly_subscription: 1,
    });
  });
});
