import { rehearsedArea } from './rehearsed-area';

describe('event streams with every option on', () => {
  const { real } = rehearsedArea('event-streams');

  it('has queues with their dead letters, a stream and a Kafka', () => {
    expect(real().created).toMatchObject({
      aws_sqs_queue: 4,
      aws_sqs_queue_redrive_allow_policy: 2,
      aws_kinesis_stream: 1,
      aws_msk_serverless_cluster: 1,
    });
  });
});
