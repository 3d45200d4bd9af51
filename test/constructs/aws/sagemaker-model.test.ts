import { ImageRepository, RealTimeEndpoint, ServiceRole } from '../../../constructs/aws';
import { CapacityPlan } from '../../../src';
import { named, onAws } from './fixtures';
import { endpointProps, environment, network, policiesOf, realTimeEndpoint } from './sagemaker-fixtures';
import { IMAGE } from './server-fixtures';

const defaults = realTimeEndpoint();

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
    const pinned = realTimeEndpoint({
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

test('a digest of an image is no tag', () => {
  expect(() => onAws((stack) => void ImageRepository.fromName(stack, 'Images', 'shop').image('latest'))).toThrow(
    "test/Images: the image's digest is latest; it must be sha256: and 64 lowercase hex digits.",
  );
});
