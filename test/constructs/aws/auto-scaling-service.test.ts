import { spawnSync } from 'node:child_process';
import { AutoScalingService, type AutoScalingServiceProps } from '../../../constructs/aws';
import { CapacityPlan, OpeningHours } from '../../../src';
import { TERMINATION_GRACE_SECONDS } from '../../../src/model-server/serving';
import { hclOf, named, onAws, statements } from './fixtures';
import { IMAGE, serverProps } from './server-fixtures';

const withProps = (
  props: Partial<AutoScalingServiceProps> = {},
  use: (service: AutoScalingService) => void = () => undefined,
) => onAws((stack) => use(new AutoScalingService(stack, 'Service', { ...serverProps(stack), ...props })));
const defaults = withProps();

/** What cloud-init is given: Terraform joins text in base64 and references, which stay as they are here. */
function userData(template = defaults): string {
  const [, parts] = /^\$\{base64encode\(join\("", \[(.*)\]\)\)\}$/.exec(
    template.resource('aws_launch_template').user_data as string,
  ) ?? ['', ''];
  return (parts as string)
    .split(', ')
    .map((part) => {
      const [, encoded] = /^base64decode\("(.*)"\)$/.exec(part) ?? [];
      return encoded === undefined ? `<${part}>` : Buffer.from(encoded, 'base64').toString();
    })
    .join('');
}

interface CloudConfig {
  readonly packages: string[];
  readonly write_files: { readonly path: string; readonly content: string; readonly permissions: string }[];
  readonly runcmd: string[][];
}

function cloudConfig(template = defaults): CloudConfig {
  const [head, json] = userData(template).split('\n');
  expect(head).toBe('#cloud-config');
  return JSON.parse(json as string);
}

function file(path: string, template = defaults): string {
  const found = cloudConfig(template).write_files.find((written) => written.path === path);
  if (!found) throw new Error(`no ${path}`);
  return found.content;
}

const UNIT = '/etc/systemd/system/model-server.service';
const SECRET_ARN = 'arn:aws:secretsmanager:us-east-1:111122223333:secret:shop-prod/users-AbCdEf';
const withSecret = withProps({ secrets: { RECOMMENDER_USERS: { secretArn: SECRET_ARN, field: 'url' } } });

describe('a machine', () => {
  const template = (of = defaults) => of.resource('aws_launch_template');

  test('is the newest Amazon Linux 2023 of the plan, by its number', () => {
    expect(template().image_id).toMatch(
      /^\$\{nonsensitive\(data\.aws_ssm_parameter\.Service_Template_Image_\w+\.value\)\}$/,
    );
    expect(Object.values(defaults.dataSources('aws_ssm_parameter'))).toMatchObject([
      { name: '/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64' },
    ]);
  });

  test('hands its credentials to itself only, and nobody logs in by a key', () => {
    expect(template()).toMatchObject({
      metadata_options: { http_endpoint: 'enabled', http_tokens: 'required', http_put_response_hop_limit: 1 },
    });
    expect(template()).not.toHaveProperty('key_name');
    const rules = Object.values(defaults.resources('aws_vpc_security_group_ingress_rule'));
    expect(rules.map(({ from_port }) => from_port)).toEqual([8080]);
  });

  test('has an encrypted disk, and tags where the provider’s don’t reach', () => {
    expect(template().block_device_mappings).toMatchObject([{ ebs: { volume_type: 'gp3', encrypted: 'true' } }]);
    const tagged = withProps({ tags: { owner: 'shop' } });
    expect(template(tagged).tag_specifications).toEqual(
      ['instance', 'volume', 'network-interface'].map((resource_type) => ({
        resource_type,
        tags: { owner: 'shop', Name: 'shop-prod' },
      })),
    );
    expect(tagged.resource('aws_autoscaling_group').tag).toEqual([
      { key: 'Name', value: 'shop-prod', propagate_at_launch: true },
      { key: 'owner', value: 'shop', propagate_at_launch: false },
    ]);
  });
});

describe('cloud-init', () => {
  test('runs the image by its digest, not as root, on a read-only disk, by systemd', () => {
    const unit = file(UNIT);
    expect(unit).toContain(`ExecStartPre=/usr/bin/docker pull ${IMAGE}\n`);
    const run = /^ExecStart=(.*)$/m.exec(unit)?.[1];
    expect(run).toMatch(new RegExp(`^/usr/bin/docker run --rm --name model-server .* ${IMAGE}$`));
    for (const option of ['--user 10001:10001', '--read-only', '--cap-drop ALL', '--security-opt no-new-privileges']) {
      expect(run).toContain(` ${option} `);
    }
    expect(run).not.toContain('--privileged');
    // Without it Docker would not find who logs it in.
    expect(unit).toContain('\nEnvironment=HOME=/root\n');
    expect(cloudConfig().runcmd).toContainEqual(expect.arrayContaining(['enable', '--now', 'model-server.service']));
  });

  test('gives the server the time that it takes to stop, and Docker a little longer', () => {
    const unit = file(UNIT);
    expect(unit).toContain(`docker stop --time ${TERMINATION_GRACE_SECONDS} model-server`);
    const seconds = Number(/TimeoutStopSec=(\d+)/.exec(unit)?.[1]);
    expect(seconds).toBeGreaterThan(TERMINATION_GRACE_SECONDS);
  });

  test('has the settings that pods have', () => {
    const lines = file('/etc/model-server/environment').trimEnd().split('\n');
    expect(lines).toContain('RECOMMENDER_PORT=8080');
    expect(lines).toContain('RECOMMENDER_TRUST_PROXY=1');
    expect(lines.every((line) => /^[A-Z][A-Z0-9_]*=/.test(line))).toBe(true);
    expect(lines).toEqual([...lines].sort());
  });

  test('keeps what a value has in it: quotes, dollars and line ends of others', () => {
    const template = withProps({ environment: { SHOP: `{"a": "$HOME \${x} 'b' \\n"}` } });
    expect(file('/etc/model-server/environment', template)).toContain(`\nSHOP={"a": "$HOME \${x} 'b' \\n"}\n`);
  });

  test('fetches secrets with each start, into memory: they are in no template', () => {
    const script = file('/usr/local/bin/model-server-secrets', withSecret);
    expect(script).toContain(`--secret-id '${SECRET_ARN}'`);
    expect(script).toContain(`jq --exit-status --raw-output '.["url"]'`);
    expect(script).toContain(' /run/model-server/secrets\n');
    expect(spawnSync('bash', ['-n'], { input: script, encoding: 'utf8' })).toMatchObject({ status: 0, stderr: '' });
    expect(file(UNIT, withSecret)).toContain('ExecStartPre=/usr/local/bin/model-server-secrets\n');
    expect(file(UNIT, withSecret)).toContain('--env-file /run/model-server/secrets');
    expect(cloudConfig().write_files.map(({ path }) => path)).not.toContain('/usr/local/bin/model-server-secrets');
  });

  test('writes what only root may read', () => {
    for (const { path, permissions } of cloudConfig(withSecret).write_files) {
      expect([path, permissions]).toEqual([path, path === UNIT ? '0644' : expect.stringMatching(/^0[67]00$/)]);
    }
  });
});

describe('the role', () => {
  const policies = (template = defaults) =>
    Object.fromEntries(
      Object.entries(template.resources('aws_iam_role_policy'))
        .filter(([id]) => id.startsWith('Service_Role_'))
        .map(([, { name, policy }]) => [name, statements(policy).flatMap(({ Action }) => Action)]),
    );

  test('reads models, pulls the image, writes logs, and lets people in by Session Manager', () => {
    expect(policies()).toEqual({
      ModelStoreRead: ['s3:ListBucket', 's3:GetObject', 'kms:Decrypt'],
      PullImage: [
        'ecr:GetAuthorizationToken',
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:GetDownloadUrlForLayer',
      ],
      LogsWrite: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Sessions: [
        'ssm:UpdateInstanceInformation',
        'ssmmessages:CreateControlChannel',
        'ssmmessages:CreateDataChannel',
        'ssmmessages:OpenControlChannel',
        'ssmmessages:OpenDataChannel',
      ],
    });
    expect(policies(withSecret).ReadSecrets).toEqual(['secretsmanager:GetSecretValue']);
  });

  test('addPolicy adds to it', () => {
    const template = withProps({}, (service) =>
      service.addPolicy('Events', [{ Effect: 'Allow', Action: 'kinesis:PutRecords', Resource: 'arn:stream' }]),
    );
    expect(policies(template).Events).toEqual(['kinesis:PutRecords']);
  });
});

describe('the group', () => {
  const group = (template = defaults) => template.resource('aws_autoscaling_group');

  test('is within the plan’s bounds, and replaces what the load balancer says is ill', () => {
    expect(group()).toMatchObject({
      min_size: 2,
      max_size: 50,
      desired_capacity: 2,
      health_check_type: 'ELB',
      protect_from_scale_in: false,
      target_group_arns: [expect.stringMatching(/Targets_Blue_/)],
      lifecycle: { ignore_changes: ['desired_capacity'] },
    });
    const capacity = new CapacityPlan({ minReplicas: 3, maxReplicas: 9, concurrentUsers: 30_000 });
    expect(group(withProps({ capacity }))).toMatchObject({ min_size: 3, max_size: 9, desired_capacity: 5 });
  });

  test.each([
    [undefined, 0, 100, false],
    [2, 2, 0, true],
  ])('with onDemandMachines %p, base %i and above it %i %% on demand', (onDemandMachines, base, percent, rebalance) => {
    expect(group(withProps({ onDemandMachines }))).toMatchObject({
      capacity_rebalance: rebalance,
      mixed_instances_policy: {
        instances_distribution: {
          on_demand_base_capacity: base,
          on_demand_percentage_above_base_capacity: percent,
          spot_allocation_strategy: 'price-capacity-optimized',
        },
        launch_template: {
          override: ['c7g.medium', 'm7g.medium', 'c6g.medium', 'm6g.medium'].map((instance_type) => ({
            instance_type,
          })),
        },
      },
    });
  });

  test('a new template replaces machines one after the other is ready, and comes back when an alarm rings', () => {
    expect(group().instance_refresh).toMatchObject({
      strategy: 'Rolling',
      preferences: {
        min_healthy_percentage: 100,
        auto_rollback: true,
        alarm_specification: { alarms: [expect.any(String), expect.any(String)] },
      },
    });
    // To a number only can be rolled back.
    expect(group().mixed_instances_policy).toMatchObject({
      launch_template: { launch_template_specification: { version: expect.stringMatching(/\.latest_version\}$/) } },
    });
  });

  test('a machine that goes has the time to stop its server', () => {
    expect(defaults.resource('aws_autoscaling_lifecycle_hook')).toMatchObject({
      lifecycle_transition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeat_timeout: TERMINATION_GRACE_SECONDS,
      default_result: 'CONTINUE',
    });
  });

  test('follows requests for each machine, and CPU', () => {
    const tracking = (id: string) =>
      named(defaults, 'aws_autoscaling_policy', `Service_Scaling_${id}`).target_tracking_configuration;
    expect(tracking('Requests')).toMatchObject({
      target_value: 36_000,
      predefined_metric_specification: {
        predefined_metric_type: 'ALBRequestCountPerTarget',
        resource_label: expect.stringMatching(
          /^\$\{aws_lb\..*\.arn_suffix\}\/\$\{aws_lb_target_group\..*\.arn_suffix\}$/,
        ),
      },
    });
    expect(tracking('Cpu')).toMatchObject({ target_value: 60 });
  });

  test('with opening hours, its bounds are moved twice a day and left alone by Terraform', () => {
    const hours = { timezone: 'Europe/Berlin', fromHour: 6, toHour: 22, replicasWhenClosed: 1 };
    const template = withProps({ openingHours: new OpeningHours(hours) });
    expect(named(template, 'aws_autoscaling_schedule', 'Service_Scaling_Open')).toMatchObject({
      recurrence: '0 6 * * MON-FRI',
      time_zone: 'Europe/Berlin',
      min_size: 2,
      max_size: 50,
    });
    expect(named(template, 'aws_autoscaling_schedule', 'Service_Scaling_Close')).toMatchObject({
      recurrence: '0 22 * * MON-FRI',
      min_size: 1,
      max_size: 1,
      desired_capacity: 1,
    });
    expect(group(template).lifecycle).toEqual({ ignore_changes: ['desired_capacity', 'min_size', 'max_size'] });
  });
});

test.each([
  [{ instanceTypes: [] }, 'instanceTypes has nothing; allowed are types of Graviton'],
  [{ instanceTypes: ['c7g.medium', 'c7i.large'] }, 'instanceTypes has c7i.large; allowed are types of Graviton'],
  [{ onDemandMachines: 51 }, 'onDemandMachines is 51; it must be a whole number from 0 to capacity.maxReplicas, 50.'],
  [{ image: 'shop/model-server:1' }, 'image is shop/model-server:1, which has no digest'],
])('fails with %j', (props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'Service')).toMatchSnapshot();
});
