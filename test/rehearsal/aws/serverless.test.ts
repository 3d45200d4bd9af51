import { rehearsedArea } from './rehearsed-area';

describe('functions, their queue and their schedule with every option on', () => {
  const { real } = rehearsedArea('serverless');

  it('has a queue that gives its messages to the scoring, and dead letters', () => {
    expect(real().created).toMatchObject({
      aws_lambda_function: 2,
      aws_sqs_queue: 2,
      aws_lambda_event_source_mapping: 1,
      aws_scheduler_schedule: 1,
    });
  });
});
