import { Database, type DatabaseProps, type IDatabase, Network, type PodIdentity, Port } from '../../../constructs/aws';
import { addCluster, named, onAws, rendered, statements } from './fixtures';

const build = (stack: Parameters<Parameters<typeof onAws>[0]>[0], props: Partial<DatabaseProps> = {}) =>
  new Database(stack, 'Database', {
    instanceName: 'shop-prod',
    network: new Network(stack, 'Vpc', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
    ...props,
  });
const withProps = (props: Partial<DatabaseProps>) => onAws((stack) => void build(stack, props));
const defaults = withProps({});
const instance = (props?: Partial<DatabaseProps>) => (props ? withProps(props) : defaults).resource('aws_db_instance');

describe('the administrator', () => {
  test('has a password that RDS makes and keeps: Terraform is told none', () => {
    expect(instance()).toMatchObject({
      username: 'administrator',
      manage_master_user_password: true,
      master_user_secret_kms_key_id: expect.stringMatching(/aws_kms_key\.Database_Key_\w+\.key_id/),
    });
    expect(Object.keys(instance()).filter((name) => name.startsWith('password'))).toEqual([]);
  });

  test('is found by External Secrets in the region of the stack, by the ARN of the secret', () => {
    const administrator = rendered((stack) => build(stack).administrator);
    expect(administrator).toEqual({
      provider: { aws: { service: 'SecretsManager', region: expect.stringMatching(/^\$\{data\.aws_region\./) } },
      key: expect.stringMatching(/^\$\{aws_db_instance\.\w+\.master_user_secret\[0\]\.secret_arn\}$/),
    });
  });
});

describe('who gets in', () => {
  const granted = (grant: (database: Database, identity: PodIdentity) => void) =>
    onAws((stack) => {
      const identity = addCluster(stack).addWorkloadIdentity('Identity', {
        namespace: 'recommender',
        serviceAccountName: 'model-server',
      });
      grant(build(stack), identity);
      expect(identity.ready).toHaveLength(2);
    });

  test('connect lets an identity log in as one user of this instance, and do nothing else', () => {
    const template = granted(({ grants }, identity) => grants.connect(identity, 'model_server'));
    expect(
      statements(named(template, 'aws_iam_role_policy', 'Cluster_Identity_DatabaseConnectAs-model_server').policy),
    ).toEqual([
      {
        Effect: 'Allow',
        Action: 'rds-db:connect',
        Resource: expect.stringMatching(
          /^arn:.*:rds-db:.*:dbuser:\$\{aws_db_instance\.\w+\.resource_id\}\/model_server$/,
        ),
      },
    ]);
  });

  test('readAdministrator reads that secret only, and decrypts through Secrets Manager only', () => {
    const template = granted(({ grants }, identity) => grants.readAdministrator(identity));
    expect(
      statements(named(template, 'aws_iam_role_policy', 'Cluster_Identity_DatabaseReadAdministrator').policy),
    ).toEqual([
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: expect.stringMatching(/master_user_secret\[0\]\.secret_arn/),
      },
      {
        Effect: 'Allow',
        Action: 'kms:Decrypt',
        Resource: expect.stringMatching(/aws_kms_key\.Database_Key_/),
        Condition: { StringEquals: { 'kms:ViaService': expect.stringMatching(/^secretsmanager\./) } },
      },
    ]);
  });

  test.each(['administrator', 'Upper', 'a-b', '*', ''])('fails when it shall connect as %p', (userName) => {
    expect(() => granted(({ grants }, identity) => grants.connect(identity, userName))).toThrow(
      `test/Database: userName is ${userName}; it must be 1 to 63 lowercase letters, digits and underscores, and not the administrator's.`,
    );
  });

  test('no address may connect until a sentence says so, and none from outside the network', () => {
    expect(defaults.resourceTypes()).not.toContain('aws_vpc_security_group_ingress_rule');
    expect(instance()).toMatchObject({ publicly_accessible: false });
    expect(Object.values(defaults.resource('aws_db_subnet_group').subnet_ids as string[])).toEqual([
      expect.stringMatching(/Vpc_Isolated1_/),
      expect.stringMatching(/Vpc_Isolated2_/),
    ]);
    const connected = onAws((stack) => {
      const database = build(stack);
      database.connections.allowFrom(addCluster(stack), Port.tcp(database.port), 'The model server keeps experiments');
    });
    expect(connected.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({
      from_port: 5432,
      to_port: 5432,
      description: 'The model server keeps experiments',
    });
  });

  test('pods find it at the range of the isolated subnets', () => {
    onAws((stack) => {
      const database: IDatabase<PodIdentity> = build(stack);
      expect(database.location).toEqual({ cidr: '10.66.244.0/22' });
    });
  });

  test('nobody speaks to it without TLS', () => {
    expect(defaults.resource('aws_db_parameter_group')).toMatchObject({
      family: 'postgres17',
      parameter: expect.arrayContaining([{ name: 'rds.force_ssl', value: '1' }]),
    });
  });
});

describe('what is lost', () => {
  test('storage, insights, logs and the administrator’s login are encrypted by its own key', () => {
    const key = expect.stringMatching(/aws_kms_key\.Database_Key_\w+\.arn/);
    expect(instance()).toMatchObject({
      storage_encrypted: true,
      kms_key_id: key,
      performance_insights_kms_key_id: key,
    });
    const groups = Object.values(defaults.resources('aws_cloudwatch_log_group')).filter(({ name }) =>
      `${name}`.startsWith('/aws/rds/'),
    );
    expect(groups.map(({ name }) => name)).toEqual([
      '/aws/rds/instance/shop-prod/postgresql',
      '/aws/rds/instance/shop-prod/upgrade',
    ]);
    for (const group of groups) expect(group).toMatchObject({ retention_in_days: 30, kms_key_id: key });
  });

  test('CloudWatch may use the key for these log groups only', () => {
    const [, logs] = statements(named(defaults, 'aws_kms_key', 'Database_Key').policy);
    expect(logs?.Condition).toEqual({
      ArnEquals: {
        'kms:EncryptionContext:aws:logs:arn': [
          expect.stringMatching(/log-group:\/aws\/rds\/instance\/shop-prod\/postgresql$/),
          expect.stringMatching(/log-group:\/aws\/rds\/instance\/shop-prod\/upgrade$/),
        ],
      },
    });
  });

  test('it can be brought back to any second of the last week, and is copied before a destroy', () => {
    expect(instance()).toMatchObject({
      backup_retention_period: 7,
      skip_final_snapshot: false,
      final_snapshot_identifier: 'shop-prod-final',
      delete_automated_backups: false,
    });
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy is refused by Terraform and by RDS: %p', (protection, refused) => {
    const template = withProps({ protection });
    expect(template.resource('aws_db_instance')).toMatchObject({
      lifecycle: { prevent_destroy: refused },
      deletion_protection: refused,
      // Another question: what is let go is copied first, unless that is refused, too.
      skip_final_snapshot: false,
    });
    expect(named(template, 'aws_kms_key', 'Database_Key').lifecycle).toEqual({ prevent_destroy: refused });
  });

  test('without finalSnapshot nothing of it stays', () => {
    expect(instance({ finalSnapshot: false })).toMatchObject({
      skip_final_snapshot: true,
      delete_automated_backups: true,
    });
  });

  test('the logical ids of instance and key stay what they are', () => {
    expect(Object.keys(defaults.resources('aws_db_instance'))).toEqual(['Database_B269D8BB']);
    expect(Object.keys(defaults.resources('aws_kms_key'))).toEqual(['Database_Key_5E5D9547']);
  });
});

test('one zone by default; multiAz has a standby', () => {
  expect(instance().multi_az).toBe(false);
  expect(instance({ multiAz: true }).multi_az).toBe(true);
});

test('storage grows by itself to a bound', () => {
  expect(instance()).toMatchObject({ storage_type: 'gp3', allocated_storage: 20, max_allocated_storage: 100 });
  expect(instance({ storage: { initialGib: 50, maxGib: 200 } })).toMatchObject({
    allocated_storage: 50,
    max_allocated_storage: 200,
  });
});

test('a version is said to instance and parameters alike', () => {
  const template = withProps({ version: '18' });
  expect(template.resource('aws_db_instance').engine_version).toBe('18');
  expect(template.resource('aws_db_parameter_group')).toMatchObject({
    family: 'postgres18',
    name_prefix: 'shop-prod-postgres18-',
    lifecycle: { create_before_destroy: true },
  });
});

test('monitoring acts as a role of its own, which RDS alone takes for this instance', () => {
  expect(instance()).toMatchObject({ monitoring_interval: 60, performance_insights_retention_period: 7 });
  const [trust] = statements(named(defaults, 'aws_iam_role', 'Database_MonitoringRole').assume_role_policy);
  expect(trust).toMatchObject({
    Principal: { Service: 'monitoring.rds.amazonaws.com' },
    Condition: { ArnLike: { 'aws:SourceArn': expect.stringMatching(/:rds:.*:db:shop-prod$/) } },
  });
});

test.each([
  [{}, 13.98],
  [{ instanceClass: 'db.t4g.small', multiAz: true, storage: { initialGib: 50, maxGib: 200 } }, 58.22],
] as const)('with %j it costs $%d a month', (props, usd) => {
  onAws((stack) => expect(build(stack, props).usdPerMonth).toBe(usd));
});

test.each([
  ['14', 'its standard support on RDS ends on 2027-02-28'],
  ['12', 'its standard support on RDS ends on 2025-02-28'],
  ['9', 'this library was not made for it'],
])('fails when version is %s', (version, reason) => {
  expect(() => withProps({ version: version as '17' })).toThrow(
    `test/Database: version is ${version}: ${reason}. Allowed are 17 (supported until 2030-02-28) and 18 (supported until 2031-02-28).`,
  );
});

test.each(['a', 'Upper', '1st', 'two--hyphens', 'ends-', 'a'.repeat(51)])('fails when instanceName is %s', (name) => {
  expect(() => withProps({ instanceName: name })).toThrow(
    `instanceName is ${name}; it must be 2 to 50 lowercase letters, digits and single hyphens`,
  );
});

test.each(['Upper', '1st', 'a-b', ''])('fails when databaseName is %p', (databaseName) => {
  expect(() => withProps({ databaseName })).toThrow(
    `databaseName is ${databaseName}; it must be 1 to 63 lowercase letters, digits and underscores`,
  );
});

test.each([
  [10, 100],
  [100, 105],
])('fails when storage is %i to %i GiB', (initialGib, maxGib) => {
  expect(() => withProps({ storage: { initialGib, maxGib } })).toThrow(
    `storage is ${initialGib} to ${maxGib} GiB; it must begin with 20 or more`,
  );
});

test.each([0, 36, 1.5])('fails when backupRetentionDays is %p', (backupRetentionDays) => {
  expect(() => withProps({ backupRetentionDays })).toThrow(
    `backupRetentionDays is ${backupRetentionDays}; it must be a whole number of days from 1 to 35.`,
  );
});

test('the HCL', async () => {
  const template = onAws((stack) => {
    const network = { vpc: { id: 'vpc-1' }, isolatedSubnets: [{ id: 'subnet-1', cidrBlockInput: '10.66.244.0/24' }] };
    build(stack, { network: network as unknown as Network });
  });
  expect(await template.hcl()).toMatchSnapshot();
});
