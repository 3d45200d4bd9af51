import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  DatabaseMigration,
  type DatabaseMigrationProps,
  MIGRATION_PHASES,
  MigrationAccountRoles,
  type MigrationPhase,
  Network,
  Peer,
  SecurityGroup,
} from '../../../constructs/aws';
import type { SynthesizedStack } from '../../helpers/synth';
import { hclOf, named, onAws, statements } from './fixtures';

const secret = (name: string) => ({
  arn: `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}`,
  keyArn: `arn:aws:kms:us-east-1:111122223333:key/${name}`,
});
const withProps = (props: Partial<DatabaseMigrationProps> = {}) =>
  onAws((stack) => {
    const network = new Network(stack, 'Vpc', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    new DatabaseMigration(stack, 'Migration', {
      migrationName: 'shop-prod',
      network,
      source: { databaseName: 'shop', secret: secret('source'), location: Peer.addresses('192.0.2.10/32') },
      target: {
        databaseName: 'recommender',
        secret: secret('target'),
        location: new SecurityGroup(stack, 'Target', { network, groupName: 'shop-prod', description: 'The database' }),
      },
      phase: 'replicate',
      ...props,
    });
  });
const phases = Object.fromEntries(
  (Object.keys(MIGRATION_PHASES) as MigrationPhase[]).map((phase) => [phase, withProps({ phase })]),
) as Record<MigrationPhase, SynthesizedStack>;

/** Every resource's attributes, by type and what its logical id begins with. */
function resources(template: SynthesizedStack): Map<string, Record<string, unknown>> {
  return new Map(
    template.resourceTypes().flatMap((type) =>
      Object.entries(template.resources(type)).map(([id, attributes]): [string, Record<string, unknown>] => {
        // Terraform's own order is looked at apart.
        const { '//': _, depends_on: __, ...told } = attributes;
        return [`${type} ${id.replace(/_[0-9A-F]{8}$/, '')}`, told];
      }),
    ),
  );
}

/** What a deploy of the next phase does. */
function step(before: MigrationPhase, after: MigrationPhase) {
  const [from, to] = [resources(phases[before]), resources(phases[after])];
  const changed = [...from].flatMap(([name, attributes]) => {
    const now = to.get(name);
    if (!now) return [];
    const keys = [...new Set([...Object.keys(attributes), ...Object.keys(now)])];
    const different = keys.filter((key) => JSON.stringify(attributes[key]) !== JSON.stringify(now[key]));
    return different.map((key) => `${name}: ${key} becomes ${JSON.stringify(now[key])}`);
  });
  return {
    made: [...to.keys()].filter((name) => !from.has(name)).sort(),
    removed: [...from.keys()].filter((name) => !to.has(name)).sort(),
    changed,
  };
}

const RULES = [
  'aws_vpc_security_group_egress_rule Migration_SecurityGroup_Connections_To192-0-2-10-32On5432',
  'aws_vpc_security_group_egress_rule Migration_SecurityGroup_Connections_Toshop-prodOn5432',
  'aws_vpc_security_group_ingress_rule Target_Connections_Fromshop-prod-migrationOn5432',
];

describe('a deploy of the next phase does what its page says, and nothing else', () => {
  test('replicate: one task runs, from source to target', () => {
    expect(Object.keys(phases.replicate.resources('aws_dms_replication_task'))).toEqual([
      expect.stringMatching(/^Migration_Forward_/),
    ]);
    expect(phases.replicate.resource('aws_dms_replication_task')).toMatchObject({
      migration_type: 'full-load-and-cdc',
      start_replication_task: true,
      source_endpoint_arn: expect.stringMatching(/Migration_Source_Read_/),
      target_endpoint_arn: expect.stringMatching(/Migration_Target_Write_/),
    });
    expect([...resources(phases.replicate).keys()]).toEqual(expect.arrayContaining(RULES));
  });

  test('verify: a task that only compares runs, too', () => {
    expect(step('replicate', 'verify')).toEqual({
      made: ['aws_dms_replication_task Migration_Comparison'],
      removed: [],
      changed: [],
    });
    const comparison = named(phases.verify, 'aws_dms_replication_task', 'Migration_Comparison');
    expect(comparison).toMatchObject({ migration_type: 'full-load', start_replication_task: true });
    expect(JSON.parse(comparison.replication_task_settings as string).ValidationSettings).toEqual({
      EnableValidation: true,
      ValidationOnly: true,
    });
  });

  test('cut-over: forward stops, and changes go back to the source', () => {
    expect(step('verify', 'cut-over')).toEqual({
      made: [
        'aws_dms_endpoint Migration_Source_Write',
        'aws_dms_endpoint Migration_Target_Read',
        'aws_dms_replication_task Migration_Reverse',
      ],
      removed: ['aws_dms_replication_task Migration_Comparison'],
      changed: ['aws_dms_replication_task Migration_Forward: start_replication_task becomes false'],
    });
    expect(named(phases['cut-over'], 'aws_dms_replication_task', 'Migration_Reverse')).toMatchObject({
      migration_type: 'cdc',
      start_replication_task: true,
      source_endpoint_arn: expect.stringMatching(/Migration_Target_Read_/),
      target_endpoint_arn: expect.stringMatching(/Migration_Source_Write_/),
    });
  });

  test('undone: everything stops, and the migration reaches neither database', () => {
    expect(step('cut-over', 'undone')).toEqual({
      made: [],
      removed: RULES,
      changed: ['aws_dms_replication_task Migration_Reverse: start_replication_task becomes false'],
    });
  });

  test('forward is stopped before changes come back, and a task is stopped before its way is closed', () => {
    const order = (id: string) =>
      (named(phases['cut-over'], 'aws_dms_replication_task', id).depends_on as string[]).map((name) =>
        name.replace('.', ' ').replace(/_[0-9A-F]{8}$/, ''),
      );
    expect(order('Migration_Reverse').sort()).toEqual(['aws_dms_replication_task Migration_Forward', ...RULES]);
    expect(order('Migration_Forward').sort()).toEqual(RULES);
  });

  test.each(Object.entries(MIGRATION_PHASES))('the page says of %s what is on', (phase, state) => {
    const page = readFileSync(join(__dirname, '../../../docs/constructs/aws-database-migration.md'), 'utf8');
    const [row] = page.split('\n').filter((line) => line.startsWith(`| \`${phase}\``));
    const cells = row?.split('|').map((cell) => cell.trim());
    const yes = (value: boolean) => (value ? 'yes' : 'no');
    expect(cells?.slice(2, -1)).toEqual([
      state.writes,
      state.forward,
      yes(state.comparison),
      state.reverse,
      yes(state.connected),
    ]);
  });

  test('the application is told which database is the active one', () => {
    const active = (phase: MigrationPhase) => {
      let name: string | undefined;
      onAws((stack) => {
        const network = new Network(stack, 'Vpc', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
        const database = (databaseName: string) => ({
          databaseName,
          secret: secret(databaseName),
          location: Peer.addresses('192.0.2.0/24'),
        });
        const [source, target] = [database('source'), { ...database('target'), port: 5433 }];
        const props = { migrationName: 'shop-prod', network, source, target, phase };
        name = new DatabaseMigration(stack, 'Migration', props).active.databaseName;
      });
      return name;
    };
    expect((Object.keys(MIGRATION_PHASES) as MigrationPhase[]).map((phase) => [phase, active(phase)])).toEqual([
      ['replicate', 'source'],
      ['verify', 'source'],
      ['cut-over', 'target'],
      ['undone', 'source'],
    ]);
  });
});

test('every task compares what it writes, and overwrites nothing', () => {
  const tasks = Object.values(phases['cut-over'].resources('aws_dms_replication_task'));
  expect(tasks).toHaveLength(2);
  for (const { replication_task_settings } of tasks) {
    expect(JSON.parse(replication_task_settings as string)).toMatchObject({
      ValidationSettings: { EnableValidation: true, ValidationOnly: false },
      FullLoadSettings: { TargetTablePrepMode: 'DO_NOTHING' },
    });
  }
});

test('logins stay in Secrets Manager, each read by a role for that one', () => {
  const endpoints = Object.values(phases['cut-over'].resources('aws_dms_endpoint'));
  expect(endpoints).toHaveLength(4);
  for (const endpoint of endpoints) {
    expect(endpoint).toMatchObject({
      secrets_manager_arn: expect.stringMatching(/^arn:aws:secretsmanager:/),
      ssl_mode: 'require',
    });
    expect(Object.keys(endpoint)).not.toEqual(expect.arrayContaining([expect.stringMatching(/password|username/)]));
  }
  expect(statements(named(phases.replicate, 'aws_iam_role_policy', 'Migration_Source_Role_ReadLogin').policy)).toEqual([
    {
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      Resource: secret('source').arn,
    },
    {
      Effect: 'Allow',
      Action: 'kms:Decrypt',
      Resource: secret('source').keyArn,
      Condition: { StringEquals: { 'kms:ViaService': expect.stringMatching(/^secretsmanager\./) } },
    },
  ]);
});

test('with an authority, DMS checks the certificate and the host name', () => {
  const template = withProps({
    source: {
      databaseName: 'shop',
      secret: secret('source'),
      location: Peer.addresses('192.0.2.10/32'),
      certificateAuthority: 'PEM',
    },
  });
  expect(template.resource('aws_dms_certificate').certificate_pem).toBe('PEM');
  expect(named(template, 'aws_dms_endpoint', 'Migration_Source_Read')).toMatchObject({
    ssl_mode: 'verify-full',
    certificate_arn: expect.stringMatching(/aws_dms_certificate\.Migration_Source_Certificate_/),
  });
});

test('the instance has no public address and encrypts what waits in it', () => {
  expect(phases.replicate.resource('aws_dms_replication_instance')).toMatchObject({
    publicly_accessible: false,
    kms_key_arn: expect.stringMatching(/aws_kms_key\.Migration_Key_/),
    replication_instance_class: 'dms.t3.small',
    multi_az: false,
    allocated_storage: 50,
  });
});

test('tables are those of the schema public, or those named', () => {
  const rules = (template: SynthesizedStack) =>
    JSON.parse(template.resource('aws_dms_replication_task').table_mappings as string).rules.map(
      (rule: Record<string, unknown>) => rule['object-locator'],
    );
  expect(rules(phases.replicate)).toEqual([{ 'schema-name': 'public', 'table-name': '%' }]);
  expect(rules(withProps({ tables: [{ schema: 'orders', table: 'line%' }, { schema: 'items' }] }))).toEqual([
    { 'schema-name': 'orders', 'table-name': 'line%' },
    { 'schema-name': 'items', 'table-name': '%' },
  ]);
});

test('the roles that DMS wants in an account have the names that it asks for', () => {
  const template = onAws((stack) => void new MigrationAccountRoles(stack, 'Roles'));
  expect(Object.values(template.resources('aws_iam_role')).map(({ name }) => name)).toEqual([
    'dms-cloudwatch-logs-role',
    'dms-vpc-role',
  ]);
});

test('fails when tables is empty', () => {
  expect(() => withProps({ tables: [] })).toThrow(
    'test/Migration: tables is empty, so nothing would be migrated; name a schema, or leave it out.',
  );
});

test.each(['a', 'Upper', 'two--hyphens', 'a'.repeat(41)])('fails when migrationName is %s', (migrationName) => {
  expect(() => withProps({ migrationName })).toThrow(
    `migrationName is ${migrationName}; it must be 2 to 40 lowercase letters, digits and single hyphens`,
  );
});

test.each([4, 6145, 5.5])('fails when storageGib is %p', (storageGib) => {
  expect(() => withProps({ storageGib })).toThrow(
    `storageGib is ${storageGib}; it must be a whole number from 5 to 6144.`,
  );
});

test('the HCL', async () => {
  const template = onAws((stack) => {
    const network = { vpc: { id: 'vpc-1' }, privateSubnets: [{ id: 'subnet-1' }], egress: [] } as unknown as Network;
    const database = (name: string) => ({
      databaseName: name,
      secret: secret(name),
      location: Peer.addresses('192.0.2.0/24'),
    });
    new DatabaseMigration(stack, 'Migration', {
      migrationName: 'shop-prod',
      network,
      source: database('source'),
      target: { ...database('target'), port: 5433 },
      phase: 'replicate',
    });
  });
  expect(await template.hcl()).toMatchSnapshot();
});

test('the HCL of the roles that DMS wants in an account', async () => {
  const template = onAws((stack) => void new MigrationAccountRoles(stack, 'Roles'));
  expect(await hclOf(template, 'Roles')).toMatchSnapshot();
});
