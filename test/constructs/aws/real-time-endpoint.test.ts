import {
  DataCapture,
  type DataCaptureProps,
  ImageRepository,
  Peer,
  RealTimeEndpoint,
  type RealTimeEndpointProps,
  ServiceRole,
} from '../../../constructs/aws';
import { CapacityPlan } from '../../../src';
import { named, onAws, statements } from './fixtures';
import { endpointProps, environment, network, policiesOf } from './sagemaker-fixtures';
import { hclOf, IMAGE } from './server-fixtures';

const withProps = (
  props: Partial<RealTimeEndpointProps> = {},
  use: (endpoint: RealTimeEndpoint) => void = () => undefined,
) =>
  onAws((stack) =>
    use(
      new RealTimeEndpoint(stack, 'Endpoint', {
        ...endpointProps(stack),
        network: network(stack),
        capacity: new CapacityPlan(),
        ...props,
      }),
    ),
  );
const defaults = withProps();
const variant = (template = defaults) => {
  const { production_variants } = template.resource('aws_sagemaker_endpoint_configuration');
  return (production_variants as Record<string, unknown>[])[0];
};

describe('the model', () => {
  test('is the model server’s image in private subnets, behind a group that lets nobody in', () => {
    const model = defaults.resource('aws_sagemaker_model');
    expect(model.primary_container).toMatchObject({ image: IMAGE });
    expect(model.vpc_config).toEqual({
      security_group_ids: [expect.stringMatching(/aws_security_group\.Endpoint_Model_SecurityGroup_/)],
      subnets: [
        expect.stringMatching(/aws_subnet\.Network_Private1_/),
        expect.stringMatching(/aws_subnet\.Network_Private2_/),
      ],
    });
    expect(Object.values(defaults.resources('aws_vpc_security_group_egress_rule'))).toMatchObject([
      { cidr_ipv4: '0.0.0.0/0', from_port: 443, to_port: 443 },
    ]);
    expect(defaults.resources('aws_vpc_security_group_ingress_rule')).toEqual({});
  });

  test('has the settings that pods have, writes below /tmp, and stops within SageMaker’s 30 seconds', () => {
    const settings = environment(defaults);
    expect(settings).toMatchObject({
      RECOMMENDER_HOST: '0.0.0.0',
      RECOMMENDER_PORT: '8080',
      RECOMMENDER_STORE: expect.stringMatching(/^s3:\/\/\$\{aws_s3_bucket\./),
      RECOMMENDER_USERS: '/tmp/users',
      RECOMMENDER_MODEL_CACHE: '/tmp/models',
      RECOMMENDER_DEADLINE_MS: '80',
      RECOMMENDER_AUTHENTICATION: 'none',
    });
    const { RECOMMENDER_DRAIN_SECONDS: drain, RECOMMENDER_SHUTDOWN_SECONDS: shutdown } = settings;
    expect(Number(drain) + Number(shutdown)).toBeLessThan(30);
    expect(settings).not.toHaveProperty('RECOMMENDER_VERSION');
    const pinned = withProps({
      modelVersion: 'b'.repeat(64),
      environment: { RECOMMENDER_WORKERS: '2' },
    });
    expect(environment(pinned)).toMatchObject({
      RECOMMENDER_VERSION: 'b'.repeat(64),
      RECOMMENDER_WORKERS: '2',
    });
  });

  test('is named by what is in it, so that a change is another one beside it', () => {
    const { name, lifecycle } = defaults.resource('aws_sagemaker_model');
    expect(name).toMatch(/^shop-prod-\$\{substr\(sha256\(local\.Endpoint_Model_Contents_\w+\), 0, 8\)\}$/);
    const [contents] = Object.values(defaults.json.locals as Record<string, string>);
    expect(contents).toMatch(
      /^\$\{jsonencode\(\{"executionRoleArn" = .*"image" = .*"RECOMMENDER_STORE" = .*"vpcConfig" = /,
    );
    expect(lifecycle).toEqual({ create_before_destroy: true });
  });

  test('may read models, pull its image, write its own logs and join its own network, and no more', () => {
    const policies = policiesOf(defaults, 'Endpoint_Model_Role');
    expect([...new Set(policies.flatMap(({ Action }) => Action))].sort()).toEqual([
      'cloudwatch:PutMetricData',
      'ec2:CreateNetworkInterface',
      'ec2:CreateNetworkInterfacePermission',
      'ec2:DeleteNetworkInterface',
      'ec2:DeleteNetworkInterfacePermission',
      'ec2:DescribeDhcpOptions',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeSubnets',
      'ec2:DescribeVpcs',
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
      'kms:Decrypt',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:DescribeLogStreams',
      'logs:PutLogEvents',
      's3:GetObject',
      's3:ListBucket',
    ]);
    expect(policies.find(({ Action }) => Action.includes('ec2:CreateNetworkInterface'))?.Condition).toEqual({
      ArnEquals: { 'ec2:Vpc': expect.stringMatching(/aws_vpc\.Network_/) },
    });
  });

  test('of a repository that is looked up by its name is taken by digest', () => {
    const template = onAws((stack) => {
      const repository = ImageRepository.fromName(stack, 'Images', 'shop/model-server');
      const image = repository.image(`sha256:${'a'.repeat(64)}`);
      new RealTimeEndpoint(stack, 'Endpoint', {
        ...endpointProps(stack),
        network: network(stack),
        capacity: new CapacityPlan(),
        image,
      });
      repository.grantPull(
        new ServiceRole(stack, 'Role', {
          roleName: 'a',
          description: 'a',
          service: 'a',
        }),
      );
    });
    expect(Object.values(template.dataSources('aws_ecr_repository'))).toMatchObject([{ name: 'shop/model-server' }]);
    const container = template.resource('aws_sagemaker_model').primary_container as { image: string };
    expect(container.image).toMatch(/^\$\{data\.aws_ecr_repository\.Images_\w+\.repository_url\}@sha256:a{64}$/);
    expect(named(template, 'aws_iam_role_policy', 'Role_ImagesPull').policy).toMatch(/ecr:BatchGetImage/);
  });
});

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
    expect(variant(withProps({ capacity }))).toMatchObject({
      initial_instance_count: 8,
    });
  });

  test('scales by the invocations that an instance is planned to answer in a minute', () => {
    const capacity = new CapacityPlan({
      requestsPerSecondPerReplica: 300,
      minReplicas: 3,
      maxReplicas: 9,
    });
    const template = withProps({ capacity });
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
    const open = withProps({ protection: false, logRetentionDays: 7 });
    expect(named(open, 'aws_cloudwatch_log_group', 'Endpoint_Logs')).toMatchObject({
      retention_in_days: 7,
      lifecycle: { prevent_destroy: false },
    });
  });

  test('may be invoked by whoever is granted it, and reaches what it is let at', () => {
    const template = withProps({ awsServices: [Peer.prefixList('S3', 'pl-63a5400a')] }, (endpoint) => {
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

  test.each<[string, Partial<DataCaptureProps>]>([
    ['samplingPercent is 0; it must be a whole number from 1 to 100.', { samplingPercent: 0 }],
    ['retentionDays is 365; it must be a whole number from 1 to 90.', { retentionDays: 365 }],
  ])('fails when %s', (message, props) => {
    expect(() => capturing(props)).toThrow(`test/Captures: ${message}`);
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
  expect(() => withProps(props)).toThrow(`test/${message}`);
});

test('a digest of an image is no tag', () => {
  expect(() => onAws((stack) => void ImageRepository.fromName(stack, 'Images', 'shop').image('latest'))).toThrow(
    "test/Images: the image's digest is latest; it must be sha256: and 64 lowercase hex digits.",
  );
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
