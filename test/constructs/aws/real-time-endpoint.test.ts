import { Peer, type RealTimeEndpointProps, ServiceRole } from '../../../constructs/aws';
import { CapacityPlan } from '../../../src';
import { hclOf, named, statements } from './fixtures';
import { realTimeEndpoint } from './sagemaker-fixtures';

const defaults = realTimeEndpoint();
const variant = (template = defaults) => {
  const { production_variants } = template.resource('aws_sagemaker_endpoint_configuration');
  return (production_variants as Record<string, unknown>[])[0];
};

describe('the endpoint', () => {
  test('has two Graviton instances or more, their disks encrypted by a key of its own', () => {
    expect(variant()).toMatchObject({
      variant_name: 'model-server',
      instance_type: 'ml.c7g.large',
      initial_instance_count: 2,
    });
    const { kms_key_arn, lifecycle } = defaults.resource('aws_sagemaker_endpoint_configuration');
    expect(kms_key_arn).toMatch(/aws_kms_key\.Endpoint_VolumeKey_/);
    expect(lifecycle).toEqual({ create_before_destroy: true });
    const capacity = new CapacityPlan({
      concurrentUsers: 40_000,
      requestsPerSecondPerReplica: 500,
    });
    expect(variant(realTimeEndpoint({ capacity }))).toMatchObject({
      initial_instance_count: 8,
    });
  });

  test('scales by the invocations that an instance is planned to answer in a minute', () => {
    const capacity = new CapacityPlan({
      requestsPerSecondPerReplica: 300,
      minReplicas: 3,
      maxReplicas: 9,
    });
    const template = realTimeEndpoint({ capacity });
    expect(template.resource('aws_appautoscaling_target')).toMatchObject({
      service_namespace: 'sagemaker',
      scalable_dimension: 'sagemaker:variant:DesiredInstanceCount',
      resource_id: expect.stringMatching(/^endpoint\/\$\{aws_sagemaker_endpoint\.\w+\.name\}\/variant\/model-server$/),
      min_capacity: 3,
      max_capacity: 9,
    });
    expect(template.resource('aws_appautoscaling_policy')).toMatchObject({
      policy_type: 'TargetTrackingScaling',
      target_tracking_scaling_policy_configuration: {
        predefined_metric_specification: {
          predefined_metric_type: 'SageMakerVariantInvocationsPerInstance',
        },
        target_value: 18_000,
      },
    });
  });

  test('is changed a tenth first, and back when an alarm of the objective rings', () => {
    const { deployment_config } = defaults.resource('aws_sagemaker_endpoint');
    expect(deployment_config).toMatchObject({
      blue_green_update_policy: {
        traffic_routing_configuration: {
          type: 'CANARY',
          canary_size: { type: 'CAPACITY_PERCENT', value: 10 },
        },
      },
      auto_rollback_configuration: {
        alarms: [
          { alarm_name: expect.stringMatching(/Endpoint_Alarms_ErrorRate_/) },
          { alarm_name: expect.stringMatching(/Endpoint_Alarms_Latency_/) },
        ],
      },
    });
    expect(named(defaults, 'aws_cloudwatch_metric_alarm', 'Endpoint_Alarms_Latency')).toMatchObject({
      metric_name: 'ModelLatency',
      threshold: 100_000,
      dimensions: { EndpointName: 'shop-prod', VariantName: 'model-server' },
    });
    // 0.1 % of the budget, burnt 14.4 times as fast as it may.
    expect(named(defaults, 'aws_cloudwatch_metric_alarm', 'Endpoint_Alarms_ErrorRate').threshold).toBe(0.0144);
  });

  test('has its logs where SageMaker writes them, encrypted and bounded, before there is an endpoint', () => {
    expect(named(defaults, 'aws_cloudwatch_log_group', 'Endpoint_Logs')).toMatchObject({
      name: '/aws/sagemaker/Endpoints/shop-prod',
      retention_in_days: 30,
      kms_key_id: expect.stringMatching(/aws_kms_key\.Endpoint_Logs_Key_/),
      lifecycle: { prevent_destroy: true },
    });
    expect(defaults.resource('aws_sagemaker_endpoint').depends_on).toContainEqual(
      expect.stringMatching(/^aws_cloudwatch_log_group\.Endpoint_Logs_/),
    );
    const open = realTimeEndpoint({ protection: false, logRetentionDays: 7 });
    expect(named(open, 'aws_cloudwatch_log_group', 'Endpoint_Logs')).toMatchObject({
      retention_in_days: 7,
      lifecycle: { prevent_destroy: false },
    });
  });

  test('may be invoked by whoever is granted it, and reaches what it is let at', () => {
    const template = realTimeEndpoint({ awsServices: [Peer.prefixList('S3', 'pl-63a5400a')] }, (endpoint) => {
      const role = new ServiceRole(endpoint, 'Caller', {
        roleName: 'caller',
        description: 'A',
        service: 'a',
      });
      endpoint.grantInvoke(role);
      endpoint.addPolicy('More', [
        {
          Effect: 'Allow',
          Action: 's3:GetObject',
          Resource: 'arn:aws:s3:::more/*',
        },
      ]);
    });
    expect(statements(named(template, 'aws_iam_role_policy', 'Endpoint_Caller_EndpointInvoke').policy)).toEqual([
      {
        Effect: 'Allow',
        Action: 'sagemaker:InvokeEndpoint',
        Resource: expect.stringMatching(/aws_sagemaker_endpoint\.Endpoint_\w+\.arn/),
      },
    ]);
    expect(template.resource('aws_vpc_security_group_egress_rule').prefix_list_id).toBe('pl-63a5400a');
    expect(named(template, 'aws_iam_role_policy', 'Endpoint_Model_Role_More').role).toMatch(/Endpoint_Model_Role_/);
  });
});

test.each<[string, Partial<RealTimeEndpointProps>]>([
  ['Endpoint/Model: endpointName is Shop; it must be 2 to 40 lowercase letters', { endpointName: 'Shop' }],
  ['Endpoint/Model: image is shop:1, which has no digest', { image: 'shop:1' }],
  ['Endpoint: capacity.minReplicas is 1; it must be 2 or more', { capacity: new CapacityPlan({ minReplicas: 1 }) }],
  ['Endpoint: instanceType is ml.c6gd.large; it must be one of SageMaker', { instanceType: 'ml.c6gd.large' }],
  ['Endpoint: instanceType is ml.large; it must be one of SageMaker', { instanceType: 'ml.large' }],
  [
    'Endpoint/Model: environment has RECOMMENDER_JWKS_URI, and SageMaker hands no caller',
    { environment: { RECOMMENDER_JWKS_URI: 'https://id.example.com/keys' } },
  ],
  [
    'Endpoint/Model: environment.RECOMMENDER_USERS has a password',
    {
      environment: {
        RECOMMENDER_USERS: 'rediss://shop:secret@cache.example.com',
      },
    },
  ],
  ['Endpoint/Model: environment has RECOMMENDER_STORE', { environment: { RECOMMENDER_STORE: 's3://other' } }],
])('fails when %s', (message, props) => {
  expect(() => realTimeEndpoint(props)).toThrow(`test/${message}`);
});

test('the logical ids of what holds data stay what they are', () => {
  expect(Object.keys(defaults.resources('aws_kms_key')).filter((id) => id.startsWith('Endpoint_'))).toEqual([
    'Endpoint_Logs_Key_63C9F632',
    'Endpoint_VolumeKey_C5586CFD',
  ]);
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'Endpoint')).toMatchSnapshot();
});
