import { rehearsedArea } from './rehearsed-area';

describe('the retraining with every option on', () => {
  const { real } = rehearsedArea('workflow');

  it('has a function to each stage, a table, and an alarm on each way to end badly', () => {
    expect(real().created).toMatchObject({
      aws_lambda_function: 9,
      aws_sfn_state_machine: 1,
      aws_dynamodb_table: 1,
      aws_cloudwatch_metric_alarm: 3,
    });
  });
});
