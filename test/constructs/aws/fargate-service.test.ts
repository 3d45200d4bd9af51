import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FargateService, type FargateServiceProps, fargateTaskMonthlyUsd, Peer } from '../../../constructs/aws';
import { CapacityPlan, OpeningHours, ServiceLevelObjective } from '../../../src';
import { DRAIN_SECONDS, SHUTDOWN_SECONDS, TERMINATION_GRACE_SECONDS } from '../../../src/model-server/serving';
import { hclOf, named, onAws, statements } from './fixtures';
import { encoded, IMAGE, serverProps } from './server-fixtures';

const withProps = (
  props: Partial<FargateServiceProps> = {},
  use: (service: FargateService) => void = () => undefined,
) => onAws((stack) => use(new FargateService(stack, 'Service', { ...serverProps(stack), ...props })));
const defaults = withProps();

interface Container {
  readonly [key: string]: unknown;
  readonly environment: { readonly name: string; readonly value: string }[];
}

const container = (template = defaults) =>
  (encoded(template.resource('aws_ecs_task_definition').container_definitions) as [Container])[0];
const environment = (template = defaults) =>
  Object.fromEntries(container(template).environment.map(({ name, value }) => [name, value]));

test('its deadline, its health checks and the alarm that takes a rollout back come of the latency budget', () => {
  const figures = (slo: ServiceLevelObjective) => {
    const template = withProps({ slo });
    const alarms = Object.values(template.resources('aws_cloudwatch_metric_alarm'));
    const groups = Object.values(template.resources('aws_lb_target_group'));
    return [
      environment(template).RECOMMENDER_DEADLINE_MS,
      groups.map(({ health_check }) => (health_check as { timeout: number }).timeout),
      alarms.flatMap(({ extended_statistic, threshold }) => (extended_statistic ? [threshold] : [])),
    ];
  };
  expect(figures(new ServiceLevelObjective())).toEqual(['80', [2, 2], [0.1]]);
  expect(figures(new ServiceLevelObjective({ latency: { modelMs: 8 } }))).toEqual(['28', [1, 1], [0.05]]);
});

describe('the task', () => {
  test('is of one vCPU and 2 GiB, on arm64', () => {
    expect(defaults.resource('aws_ecs_task_definition')).toMatchObject({
      requires_compatibilities: ['FARGATE'],
      network_mode: 'awsvpc',
      runtime_platform: { cpu_architecture: 'ARM64', operating_system_family: 'LINUX' },
      cpu: '1024',
      memory: '2048',
    });
    const larger = withProps({ taskSize: { vcpus: 2, memoryGib: 8 } }).resource('aws_ecs_task_definition');
    expect(larger).toMatchObject({ cpu: '2048', memory: '8192' });
  });

  test('is the image’s user, may do nothing more, and writes to its data folder only', () => {
    expect(container()).toMatchObject({
      image: IMAGE,
      user: '10001:10001',
      privileged: false,
      readonlyRootFilesystem: true,
      linuxParameters: { capabilities: { drop: ['ALL'] } },
      mountPoints: [{ sourceVolume: 'data', containerPath: '/var/lib/recommender', readOnly: false }],
    });
    expect(environment()).toMatchObject({ TMPDIR: '/var/lib/recommender' });
  });

  test('is given the time that the server takes to stop, and asked whether it lives by the image’s own Node', () => {
    expect(container()).toMatchObject({ stopTimeout: TERMINATION_GRACE_SECONDS });
    expect((container().healthCheck as { command: string[] }).command).toEqual([
      'CMD',
      'node',
      '-e',
      expect.stringContaining('http://127.0.0.1:8080/livez'),
    ]);
  });

  test('has the settings that pods have, and trusts the load balancer’s word on addresses', () => {
    expect(environment()).toMatchObject({
      RECOMMENDER_PORT: '8080',
      RECOMMENDER_STORE: expect.stringMatching(/^s3:\/\/\$\{aws_s3_bucket\./),
      RECOMMENDER_USERS: '/var/lib/recommender/users',
      RECOMMENDER_DEADLINE_MS: '80',
      RECOMMENDER_AUTHENTICATION: 'none',
      RECOMMENDER_TRUST_PROXY: '1',
      ORT_DISABLE_TELEMETRY: '1',
    });
    expect(environment()).not.toHaveProperty('RECOMMENDER_VERSION');
    expect(environment(withProps({ modelVersion: 'b'.repeat(64) }))).toMatchObject({
      RECOMMENDER_VERSION: 'b'.repeat(64),
    });
  });

  test('has secrets by their ARN: the plan has no value, and only ECS may read them', () => {
    const secretArn = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-prod/users-AbCdEf';
    const keyArn = 'arn:aws:kms:us-east-1:111122223333:key/1';
    const template = withProps({
      secrets: { RECOMMENDER_USERS: { secretArn, keyArn, field: 'url' }, RECOMMENDER_RESULT_CACHE: { secretArn } },
    });
    expect(container(template).secrets).toEqual([
      { name: 'RECOMMENDER_USERS', valueFrom: `${secretArn}:url::` },
      { name: 'RECOMMENDER_RESULT_CACHE', valueFrom: secretArn },
    ]);
    expect(environment(template)).not.toHaveProperty('RECOMMENDER_USERS');
    const read = statements(named(template, 'aws_iam_role_policy', 'Service_Roles_Execution_ReadSecrets').policy);
    expect(read).toMatchObject([
      { Action: 'secretsmanager:GetSecretValue', Resource: [secretArn] },
      { Action: 'kms:Decrypt', Resource: [keyArn] },
    ]);
  });
});

describe('the roles', () => {
  const policies = (role: 'Task' | 'Execution', template = defaults) =>
    Object.entries(template.resources('aws_iam_role_policy'))
      .filter(([id]) => id.startsWith(`Service_Roles_${role}_`))
      .flatMap(([, { policy }]) => statements(policy));

  test('the server reads its models, and nothing else', () => {
    expect(policies('Task').flatMap(({ Action }) => Action)).toEqual(['s3:ListBucket', 's3:GetObject', 'kms:Decrypt']);
  });

  test('ECS pulls this image’s repository and writes this service’s logs', () => {
    expect(policies('Execution')).toEqual([
      {
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: expect.stringMatching(/aws_cloudwatch_log_group.*\.arn\}:\*$/),
      },
      { Effect: 'Allow', Action: 'ecr:GetAuthorizationToken', Resource: '*' },
      {
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: expect.stringMatching(/:ecr:us-east-1:111122223333:repository\/shop\/model-server$/),
      },
    ]);
  });

  test('addPolicy adds to what the server may do, not to what ECS may', () => {
    const template = withProps({}, (service) =>
      service.addPolicy('Events', [{ Effect: 'Allow', Action: 'kinesis:PutRecords', Resource: 'arn:stream' }]),
    );
    expect(policies('Task', template).flatMap(({ Action }) => Action)).toContain('kinesis:PutRecords');
    expect(policies('Execution', template).flatMap(({ Action }) => Action)).not.toContain('kinesis:PutRecords');
  });
});

describe('the service', () => {
  const service = (template = defaults) => template.resource('aws_ecs_service');

  test('is in the private subnets, without public addresses, and waits until it is steady', () => {
    expect(service()).toMatchObject({
      desired_count: 2,
      network_configuration: { assign_public_ip: false, subnets: [expect.any(String), expect.any(String)] },
      enable_execute_command: false,
      availability_zone_rebalancing: 'ENABLED',
      wait_for_steady_state: true,
      lifecycle: { ignore_changes: ['desired_count'] },
    });
  });

  test('goes back by itself when tasks don’t start, or an alarm of the objective rings', () => {
    expect(service()).toMatchObject({
      deployment_controller: { type: 'ECS' },
      deployment_minimum_healthy_percent: 100,
      deployment_circuit_breaker: { enable: true, rollback: true },
      alarms: { enable: true, rollback: true },
    });
    expect((service().alarms as { alarm_names: string[] }).alarm_names).toHaveLength(2);
  });

  test('with code-deploy, what runs is left to CodeDeploy', () => {
    const handed = service(withProps({ rollout: 'code-deploy' }));
    expect(handed).toMatchObject({
      deployment_controller: { type: 'CODE_DEPLOY' },
      lifecycle: { ignore_changes: ['desired_count', 'task_definition', 'load_balancer'] },
    });
    expect(handed).not.toHaveProperty('deployment_circuit_breaker');
  });

  test.each([
    [undefined, [{ capacity_provider: 'FARGATE', base: 0, weight: 1 }]],
    [
      2,
      [
        { capacity_provider: 'FARGATE', base: 2, weight: 0 },
        { capacity_provider: 'FARGATE_SPOT', base: 0, weight: 1 },
      ],
    ],
  ])('with onDemandTasks %p, tasks are of %j', (onDemandTasks, strategy) => {
    expect(service(withProps({ onDemandTasks })).capacity_provider_strategy).toEqual(strategy);
  });

  test('its cluster has Container Insights', () => {
    expect(defaults.resource('aws_ecs_cluster').setting).toEqual([{ name: 'containerInsights', value: 'enabled' }]);
  });
});

describe('scaling', () => {
  const requests = (template = defaults) =>
    named(template, 'aws_appautoscaling_policy', 'Service_Scaling_Requests')
      .target_tracking_scaling_policy_configuration as Record<string, Record<string, unknown>>;

  test('is within the plan’s bounds, at its requests a minute for each task, or at 60 % of the CPU', () => {
    const template = withProps({
      capacity: new CapacityPlan({ minReplicas: 3, maxReplicas: 10, requestsPerSecondPerReplica: 100 }),
    });
    expect(template.resource('aws_appautoscaling_target')).toMatchObject({ min_capacity: 3, max_capacity: 10 });
    expect(requests(template)).toMatchObject({
      target_value: 6000,
      predefined_metric_specification: { predefined_metric_type: 'ALBRequestCountPerTarget' },
    });
    expect(
      named(template, 'aws_appautoscaling_policy', 'Service_Scaling_Cpu').target_tracking_scaling_policy_configuration,
    ).toMatchObject({ target_value: 60 });
    expect(defaults.resource('aws_appautoscaling_target')).toMatchObject({ min_capacity: 2, max_capacity: 50 });
  });

  test('with code-deploy, it counts the requests of both target groups: either may be the one that serves', () => {
    const { customized_metric_specification: metric } = requests(withProps({ rollout: 'code-deploy' }));
    expect((metric as { metrics: { expression?: string }[] }).metrics.map(({ expression }) => expression)).toEqual([
      undefined,
      undefined,
      'FILL(blue, 0) + FILL(green, 0)',
    ]);
  });

  test('with opening hours, the bounds are moved twice a day and left alone by Terraform', () => {
    const template = withProps({
      openingHours: new OpeningHours({ timezone: 'Europe/Berlin', fromHour: 6, toHour: 22 }),
    });
    expect(named(template, 'aws_appautoscaling_scheduled_action', 'Service_Scaling_Open')).toMatchObject({
      schedule: 'cron(0 6 ? * MON-FRI *)',
      timezone: 'Europe/Berlin',
      scalable_target_action: { min_capacity: '2', max_capacity: '50' },
    });
    expect(named(template, 'aws_appautoscaling_scheduled_action', 'Service_Scaling_Close')).toMatchObject({
      schedule: 'cron(0 22 ? * MON-FRI *)',
      scalable_target_action: { min_capacity: '0', max_capacity: '0' },
    });
    expect(template.resource('aws_appautoscaling_target').lifecycle).toEqual({
      ignore_changes: ['min_capacity', 'max_capacity'],
    });
    expect(defaults.resourceTypes()).not.toContain('aws_appautoscaling_scheduled_action');
  });
});

describe('who may connect', () => {
  const rules = (type: string, template = defaults) => Object.values(template.resources(type));

  test('nobody to the load balancer, and only that to the server', () => {
    expect(rules('aws_vpc_security_group_ingress_rule')).toMatchObject([{ from_port: 8080, to_port: 8080 }]);
    expect(rules('aws_vpc_security_group_ingress_rule')[0]).not.toHaveProperty('cidr_ipv4');
  });

  test('callers are let in by a sentence, on HTTPS, and by another on HTTP to be told so', () => {
    const open = (say: (service: FargateService) => void) =>
      rules('aws_vpc_security_group_ingress_rule', withProps({}, say))
        .filter((rule) => 'cidr_ipv4' in rule)
        .map(({ from_port, to_port, description }) => [from_port, to_port, description]);
    const shop = Peer.addresses('203.0.113.0/24');
    expect(open(({ loadBalancer }) => loadBalancer.allowCallsFrom(shop, 'The shop'))).toEqual([[443, 443, 'The shop']]);
    expect(open(({ loadBalancer }) => loadBalancer.allowRedirectsFrom(shop, 'Typed'))).toEqual([[80, 80, 'Typed']]);
  });

  test('a new version is tried on a port of its own, by who is let in there', () => {
    const template = withProps({}, ({ loadBalancer }) =>
      loadBalancer.allowTrialsFrom(Peer.addresses('203.0.113.7/32'), 'Who tries new versions'),
    );
    const open = rules('aws_vpc_security_group_ingress_rule', template).filter((rule) => 'cidr_ipv4' in rule);
    expect(open).toMatchObject([{ from_port: 8443, to_port: 8443, cidr_ipv4: '203.0.113.7/32' }]);
  });

  test('the server reaches services of AWS on HTTPS, wherever they are said to be', () => {
    const to = (template = defaults) =>
      rules('aws_vpc_security_group_egress_rule', template).filter(({ from_port }) => from_port === 443);
    expect(to()).toMatchObject([{ cidr_ipv4: '0.0.0.0/0' }]);
    const awsServices = [Peer.addresses('10.66.0.0/16'), Peer.prefixList('s3', 'pl-63a5400a')];
    expect(to(withProps({ awsServices }))).toMatchObject([
      { cidr_ipv4: '10.66.0.0/16' },
      { prefix_list_id: 'pl-63a5400a' },
    ]);
  });
});

test('the load balancer lets go of a task in the time that the server itself takes to stop', () => {
  for (const group of Object.values(defaults.resources('aws_lb_target_group'))) {
    expect(group).toMatchObject({
      target_type: 'ip',
      deregistration_delay: `${DRAIN_SECONDS + SHUTDOWN_SECONDS}`,
      health_check: { path: '/readyz', matcher: '200' },
    });
  }
});

test('its logs are encrypted by a key of their own, and kept 30 days', () => {
  const logs = (template = defaults) => named(template, 'aws_cloudwatch_log_group', 'Service_Logs');
  expect(logs()).toMatchObject({
    name: '/recommender/shop-prod',
    retention_in_days: 30,
    kms_key_id: expect.stringMatching(/aws_kms_key\.Service_Logs_Key_/),
  });
  expect(logs(withProps({ logRetentionDays: 7 })).retention_in_days).toBe(7);
});

test('the logical ids of what is protected stay what they are', () => {
  expect(Object.keys(defaults.resources('aws_cloudwatch_log_group'))).toContain('Service_Logs_205D48C6');
  expect(Object.keys(defaults.resources('aws_lb'))).toEqual(['Service_LoadBalancer_31A7DB79']);
});

test.each([
  [{ vcpus: 1, memoryGib: 2 }, 28.84],
  [{ vcpus: 2, memoryGib: 4 }, 57.67],
  [{ vcpus: 0.5, memoryGib: 1 }, 14.42],
] as const)('a task of %j is $%d a month', (size, usd) => {
  expect(fargateTaskMonthlyUsd(size)).toBe(usd);
  expect(fargateTaskMonthlyUsd(size, { spot: true })).toBeCloseTo(usd * 0.3, 1);
});

test('the page has what the default plan costs a month, always and in its opening hours', () => {
  const page = readFileSync(join(__dirname, '../../../docs/constructs/aws-fargate-service.md'), 'utf8');
  const tasks = new CapacityPlan().initialReplicas;
  const { openShare } = new OpeningHours({ timezone: 'Europe/Berlin', fromHour: 6, toHour: 22 });
  const size = { vcpus: 1, memoryGib: 2 } as const;
  // List prices: EKS, t4g.large, c7g.medium, t4g.small, and gp3 by the GiB.
  const machines = (monthly: number, gib: number) => tasks * (monthly + gib * 0.08);
  const rows = {
    'EKS: control plane': [73 + machines(49.06, 50)],
    '`FargateService`, on demand': [
      tasks * fargateTaskMonthlyUsd(size),
      tasks * fargateTaskMonthlyUsd(size) * openShare,
    ],
    '`onDemandTasks: 0`': [
      tasks * fargateTaskMonthlyUsd(size) * 0.3,
      tasks * fargateTaskMonthlyUsd(size) * 0.3 * openShare,
    ],
    'c7g.medium, their disks': [machines(26.5, 20), machines(26.5, 20) * openShare],
    't4g.small, their disks': [machines(12.265, 20), machines(12.265, 20) * openShare],
  };
  for (const [name, prices] of Object.entries(rows)) {
    const row = page.split('\n').find((line) => line.startsWith('|') && line.includes(name));
    const found = [...(row ?? '').matchAll(/\$(\d+\.\d\d)/g)].slice(0, prices.length).map(([, usd]) => Number(usd));
    expect([name, found]).toEqual([name, prices.map((usd) => expect.closeTo(usd, 1))]);
  }
});

test.each([
  [{ serviceName: 'Shop' }, 'serviceName is Shop; it must be 2 to 24 lowercase letters, digits and hyphens'],
  [{ serviceName: 'a'.repeat(25) }, `serviceName is ${'a'.repeat(25)}; it must be 2 to 24`],
  [{ image: 'shop/model-server:1' }, 'image is shop/model-server:1, which has no digest'],
  [{ modelVersion: '1' }, 'ModelVersion.fixed has 1; a version is 64 lowercase hex digits'],
  [{ onDemandTasks: -1 }, 'onDemandTasks is -1; it must be a whole number from 0.'],
  [{ onDemandTasks: 51 }, 'onDemandTasks is 51, and capacity.maxReplicas 50, so no task would be of spot capacity'],
  [{ environment: { RECOMMENDER_PORT: '80' } }, 'environment has RECOMMENDER_PORT, which the construct sets itself'],
  [{ environment: { SHOP: 'a\nb' } }, 'environment.SHOP has a line break; it must be one line.'],
])('fails with %j', (props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('fails when everybody on the internet could call it unasked', () => {
  const loadBalancer = { domainName: 'api.example.com', certificateArn: 'arn:certificate', reach: 'internet' } as const;
  expect(() => withProps({ loadBalancer })).toThrow(
    'loadBalancer.reach is internet, and environment has nothing by which the server knows its callers; set RECOMMENDER_JWKS_URI',
  );
  const asked = withProps({ loadBalancer, environment: { RECOMMENDER_AUTHENTICATION: 'none' } });
  expect(asked.resource('aws_lb').internal).toBe(false);
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'Service')).toMatchSnapshot();
});
