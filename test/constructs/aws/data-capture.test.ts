import { DataCapture, type DataCaptureProps, RealTimeEndpoint } from '../../../constructs/aws';
import { CapacityPlan } from '../../../src';
import { hclOf, named, onAws, statements } from './fixtures';
import { endpointProps, network, realTimeEndpoint } from './sagemaker-fixtures';

const defaults = realTimeEndpoint();

describe('what is captured', () => {
  const capturing = (props: Partial<DataCaptureProps> = {}) =>
    onAws((stack) => {
      const dataCapture = new DataCapture(stack, 'Captures', {
        bucketName: 'shop-prod-captures-111122223333',
        samplingPercent: 5,
        retentionDays: 14,
        ...props,
      });
      new RealTimeEndpoint(stack, 'Endpoint', {
        ...endpointProps(stack),
        network: network(stack),
        capacity: new CapacityPlan(),
        dataCapture,
      });
    });

  test('is nothing by default', () => {
    expect(defaults.resource('aws_sagemaker_endpoint_configuration')).not.toHaveProperty('data_capture_config');
    expect(defaults.resources('aws_s3_bucket_lifecycle_configuration')).not.toHaveProperty('Captures');
  });

  test('is a share of questions and answers, encrypted, for some days, and not to be read by who writes it', () => {
    const template = capturing();
    expect(template.resource('aws_sagemaker_endpoint_configuration').data_capture_config).toMatchObject({
      enable_capture: true,
      initial_sampling_percentage: 5,
      kms_key_id: expect.stringMatching(/aws_kms_key\.Captures_Key_/),
      capture_options: [{ capture_mode: 'Input' }, { capture_mode: 'Output' }],
    });
    const { rule } = named(template, 'aws_s3_bucket_lifecycle_configuration', 'Captures_Lifecycle');
    expect(rule).toContainEqual(expect.objectContaining({ status: 'Enabled', expiration: [{ days: 14 }] }));
    const written = statements(named(template, 'aws_iam_role_policy', 'Endpoint_Model_Role_CapturesWrite').policy);
    expect(written.map(({ Action }) => Action)).toEqual(['s3:PutObject', ['kms:Decrypt', 'kms:GenerateDataKey']]);
  });

  test('reads as expected', async () => {
    expect(await hclOf(capturing(), 'Captures')).toMatchSnapshot();
  });

  test.each<[string, Partial<DataCaptureProps>]>([
    ['samplingPercent is 0; it must be a whole number from 1 to 100.', { samplingPercent: 0 }],
    ['retentionDays is 365; it must be a whole number from 1 to 90.', { retentionDays: 365 }],
  ])('fails when %s', (message, props) => {
    expect(() => capturing(props)).toThrow(`test/Captures: ${message}`);
  });
});
