import { MongodbatlasProvider } from '@cdktf/provider-mongodbatlas/lib/provider';
import type { TerraformStack } from 'cdktf';
import { type IDocumentStore, Network, type PodIdentity } from '../../../constructs/aws';
import { DocumentStore, type DocumentStoreProps } from '../../../constructs/aws/document-store';
import { addCluster, named, onAws, rendered, statements } from './fixtures';

const build = (stack: TerraformStack, props: Partial<DocumentStoreProps> = {}) => {
  new MongodbatlasProvider(stack, 'Atlas');
  return new DocumentStore(stack, 'Documents', {
    storeName: 'shop-prod',
    organizationId: '0123456789abcdef01234567',
    network: new Network(stack, 'Vpc', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
    ...props,
  });
};
const withProps = (props: Partial<DocumentStoreProps>) => onAws((stack) => void build(stack, props));
const defaults = withProps({});
const cluster = (props?: Partial<DocumentStoreProps>) =>
  (props ? withProps(props) : defaults).resource('mongodbatlas_advanced_cluster');

describe('who gets in', () => {
  test('nobody from the internet: there is no access list, only an endpoint in the isolated subnets', () => {
    expect(defaults.resourceTypes().filter((type) => type.startsWith('mongodbatlas_'))).toEqual([
      'mongodbatlas_advanced_cluster',
      'mongodbatlas_cloud_backup_schedule',
      'mongodbatlas_cloud_provider_access_authorization',
      'mongodbatlas_cloud_provider_access_setup',
      'mongodbatlas_encryption_at_rest',
      'mongodbatlas_privatelink_endpoint',
      'mongodbatlas_privatelink_endpoint_service',
      'mongodbatlas_project',
    ]);
    expect(named(defaults, 'aws_vpc_endpoint', 'Documents_Endpoint')).toMatchObject({
      vpc_endpoint_type: 'Interface',
      service_name: expect.stringMatching(/^\$\{mongodbatlas_privatelink_endpoint\.\w+\.endpoint_service_name\}$/),
      subnet_ids: [expect.stringMatching(/Vpc_Isolated1_/), expect.stringMatching(/Vpc_Isolated2_/)],
      security_group_ids: [expect.stringMatching(/Documents_Endpoint_SecurityGroup_/)],
    });
    expect(defaults.resourceTypes()).not.toContain('aws_vpc_security_group_ingress_rule');
    expect(defaults.resource('mongodbatlas_project')).toMatchObject({ is_data_explorer_enabled: false });
  });

  test('the cluster comes after its endpoint, so that it answers with the address behind it', () => {
    expect(cluster().depends_on).toContainEqual(
      expect.stringMatching(/^mongodbatlas_privatelink_endpoint_service\.Documents_Endpoint_Service_/),
    );
    expect(rendered((stack) => build(stack).url)).toMatch(
      /connection_strings\[0\]\.private_endpoint\[0\]\.srv_connection_string\}$/,
    );
  });

  test.each([
    ['read', 'read'],
    ['readWrite', 'readWrite'],
  ] as const)('%s makes a user of the role of an identity, for one database, without a password', (grant, roleName) => {
    const template = onAws((stack) => {
      const account = { namespace: 'shop', serviceAccountName: 'catalogue' };
      const store: IDocumentStore<PodIdentity> = build(stack);
      store.grants[grant](addCluster(stack).addWorkloadIdentity('Catalogue', account), 'items');
    });
    const user = template.resource('mongodbatlas_database_user');
    expect(user).toMatchObject({
      username: expect.stringMatching(/^\$\{aws_iam_role\.Cluster_Catalogue_Role_\w+\.arn\}$/),
      auth_database_name: '$external',
      aws_iam_type: 'ROLE',
      roles: [{ role_name: roleName, database_name: 'items' }],
      scopes: [{ type: 'CLUSTER', name: expect.stringMatching(/mongodbatlas_advanced_cluster\./) }],
    });
    expect(user).not.toHaveProperty('password');
  });

  test('a sentence lets pods connect, on the ports that Atlas has for its nodes', () => {
    const template = onAws((stack) => {
      const { connections } = build(stack);
      connections.allowFrom(addCluster(stack), DocumentStore.PORTS, 'The catalogue keeps its items in it');
    });
    expect(template.resource('aws_vpc_security_group_ingress_rule')).toMatchObject({ from_port: 1024, to_port: 65535 });
  });
});

describe('encryption', () => {
  test('by a key of one’s own, which Atlas uses as a role that only it can act as', () => {
    expect(cluster().encryption_at_rest_provider).toBe('AWS');
    expect(defaults.resource('mongodbatlas_encryption_at_rest').aws_kms_config).toEqual([
      {
        enabled: true,
        customer_master_key_id: expect.stringMatching(/aws_kms_key\.Documents_Encryption_Key_\w+\.key_id/),
        region: expect.stringMatching(/^\$\{upper\(replace\(data\.aws_region\.\w+\.id, "-", "_"\)\)\}$/),
        role_id: expect.stringMatching(/mongodbatlas_cloud_provider_access_authorization\./),
      },
    ]);
    const role = named(defaults, 'aws_iam_role', 'Documents_Encryption_Role');
    const trust = role.assume_role_policy as string;
    expect(trust).toMatch(
      /"Principal" = \{"AWS" = mongodbatlas_cloud_provider_access_setup\.\w+\.aws_config\[0\]\.atlas_aws_account_arn\}/,
    );
    expect(trust).toMatch(/"sts:ExternalId" = mongodbatlas_\w+\.\w+\.aws_config\[0\]\.atlas_assumed_role_external_id/);
    expect(statements(named(defaults, 'aws_iam_role_policy', 'Documents_Encryption_UseKey').policy)).toEqual([
      {
        Effect: 'Allow',
        Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey'],
        Resource: expect.stringMatching(/aws_kms_key\.Documents_Encryption_Key_\w+\.arn/),
      },
    ]);
  });

  test('without customerKey by Atlas’ own, and no role of the account is trusted to it', () => {
    const template = withProps({ customerKey: false });
    expect(template.resource('mongodbatlas_advanced_cluster').encryption_at_rest_provider).toBe('NONE');
    expect(template.resourceTypes()).not.toContain('mongodbatlas_cloud_provider_access_setup');
  });

  test('TLS 1.2 at least, and no JavaScript on the server', () => {
    expect(cluster().advanced_configuration).toEqual({
      minimum_enabled_tls_protocol: 'TLS1_2',
      javascript_enabled: false,
    });
  });
});

describe('what is lost', () => {
  test('a snapshot a day for a week, and any second of two days', () => {
    expect(cluster()).toMatchObject({ backup_enabled: true, pit_enabled: true, retain_backups_enabled: true });
    expect(defaults.resource('mongodbatlas_cloud_backup_schedule')).toMatchObject({
      restore_window_days: 2,
      policy_item_daily: { frequency_interval: 1, retention_unit: 'days', retention_value: 7 },
    });
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy is refused by Terraform and by Atlas: %p', (protection, refused) => {
    const template = withProps({ protection });
    expect(template.resource('mongodbatlas_advanced_cluster')).toMatchObject({
      lifecycle: { prevent_destroy: refused },
      termination_protection_enabled: refused,
    });
    const key = named(template, 'aws_kms_key', 'Documents_Encryption_Key');
    for (const one of [template.resource('mongodbatlas_project'), key]) {
      expect(one.lifecycle).toEqual({ prevent_destroy: refused });
    }
  });

  test('the logical ids of project, cluster and key stay what they are', () => {
    expect(Object.keys(defaults.resources('mongodbatlas_project'))).toEqual(['Documents_Project_31F73D2C']);
    expect(Object.keys(defaults.resources('mongodbatlas_advanced_cluster'))).toEqual(['Documents_7E5B2978']);
    expect(Object.keys(defaults.resources('aws_kms_key'))).toEqual(['Documents_Encryption_Key_3327A6DE']);
  });
});

test('three nodes of the size', () => {
  const [spec] = cluster({ size: 'M30' }).replication_specs as { region_configs: object[] }[];
  expect(spec?.region_configs).toEqual([
    expect.objectContaining({ electable_specs: { instance_size: 'M30', node_count: 3 }, priority: 7 }),
  ]);
});

test.each(['a', 'Upper', 'two--hyphens', 'a'.repeat(24)])('fails when storeName is %s', (storeName) => {
  expect(() => withProps({ storeName })).toThrow(
    `storeName is ${storeName}; it must be 2 to 23 lowercase letters, digits and single hyphens`,
  );
});

test('fails when organizationId is none', () => {
  expect(() => withProps({ organizationId: 'shop' })).toThrow(
    'test/Documents: organizationId is shop; it must be 24 hexadecimal digits.',
  );
});

test.each([1, 366, 2.5])('fails when backupRetentionDays is %p', (backupRetentionDays) => {
  expect(() => withProps({ backupRetentionDays })).toThrow(
    `backupRetentionDays is ${backupRetentionDays}; it must be a whole number of days from 2 to 365.`,
  );
});

test('the HCL', async () => {
  const template = onAws((stack) => {
    const network = { vpc: { id: 'vpc-1' }, isolatedSubnets: [{ id: 'subnet-1', cidrBlockInput: '10.66.244.0/24' }] };
    build(stack, { network: network as unknown as Network });
  });
  expect(await template.hcl()).toMatchSnapshot();
});
