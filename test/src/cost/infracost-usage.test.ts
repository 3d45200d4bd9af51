import { billOf } from '../../../src/cost/bill';
import { infracostUsage } from '../../../src/cost/infracost-usage';
import { foreignStack } from './synthetic';

const usageOf = (resource: Parameters<typeof foreignStack>[0], usage = {}) =>
  infracostUsage(billOf([foreignStack(resource)], { usage })).resource_usage;

test("amounts are the bill's, by the names and in the units of Infracost", () => {
  const found = usageOf(
    {
      aws_nat_gateway: { One: {}, Two: {} },
      aws_s3_bucket: { Store: {} },
      aws_lambda_function: { Read: { memory_size: 512 } },
      aws_cloudwatch_log_group: { Lines: { name: '/shop', retention_in_days: 60 } },
      aws_sqs_queue: { Jobs: {} },
      aws_sfn_state_machine: { Retraining: {} },
      aws_kms_key: { Key: {} },
    },
    { natGb: 30, storedGb: 7, functionCallsThousands: 12, functionMilliseconds: 90, logGb: 4, messagesMillions: 2.5 },
  );
  expect(found).toMatchObject({
    'aws_nat_gateway.One': { monthly_data_processed_gb: 15 },
    'aws_nat_gateway.Two': { monthly_data_processed_gb: 15 },
    'aws_s3_bucket.Store': { standard: { storage_gb: 7 } },
    'aws_lambda_function.Read': { monthly_requests: 12_000, request_duration_ms: 90 },
    'aws_cloudwatch_log_group.Lines': { monthly_data_ingested_gb: 4, storage_gb: expect.any(Number) },
    'aws_sqs_queue.Jobs': { monthly_requests: 2_500_000 },
    'aws_sfn_state_machine.Retraining': { monthly_transitions: 1000 },
  });
  expect(Object.keys(found)).not.toContain('aws_kms_key.Key');
});

test('what a controller makes is not in it', () => {
  const found = usageOf({ kubernetes_service_v1: { Api: { spec: { type: 'LoadBalancer' } } } });
  expect(found).toEqual({});
});
