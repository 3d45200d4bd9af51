import type { RoleAssignment } from '@cdktf/provider-azurerm/lib/role-assignment';
import type { TerraformStack } from 'cdktf';
import { ModelStore, type ModelStoreProps, WorkloadIdentity } from '../../../constructs/azure';
import { onAzure, RESOURCE_GROUP, ref, rendered } from './fixtures';

const store = (stack: TerraformStack, props: Partial<ModelStoreProps> = {}) =>
  new ModelStore(stack, 'ModelStore', { accountName: 'shopmodels', resourceGroup: RESOURCE_GROUP, ...props });
const identity = (stack: TerraformStack, id = 'Identity') =>
  new WorkloadIdentity(stack, id, {
    namespace: 'recommender',
    serviceAccountName: 'model-server',
    identityName: id.toLowerCase(),
    resourceGroup: RESOURCE_GROUP,
  });
const synthesized = (props?: Partial<ModelStoreProps>) => onAzure((stack) => void store(stack, props));
const account = (props?: Partial<ModelStoreProps>) => synthesized(props).resource('azurerm_storage_account');

describe('who gets in', () => {
  test('no key opens the account, only Entra identities do', () => {
    expect(account()).toMatchObject({
      shared_access_key_enabled: false,
      default_to_oauth_authentication: true,
      local_user_enabled: false,
    });
  });

  test('nothing in it is public, or leaves the tenant by a copy', () => {
    expect(account()).toMatchObject({
      allow_nested_items_to_be_public: false,
      cross_tenant_replication_enabled: false,
      allowed_copy_scope: 'AAD',
    });
    expect(synthesized().resource('azurerm_storage_container').container_access_type).toBe('private');
  });

  test('it speaks TLS 1.2 and later only, and encrypts twice', () => {
    expect(account()).toMatchObject({
      https_traffic_only_enabled: true,
      min_tls_version: 'TLS1_2',
      infrastructure_encryption_enabled: true,
    });
  });

  test('its endpoint answers outside the VNet, for the peer cloud', () => {
    expect(account()).toMatchObject({ public_network_access_enabled: true });
  });

  test('without grants nobody has a role on it', () => {
    expect(synthesized().resourceTypes()).toEqual([
      'azurerm_storage_account',
      'azurerm_storage_container',
      'azurerm_storage_management_policy',
    ]);
  });
});

describe('what is lost', () => {
  test('each blob is kept in three zones by default', () => {
    expect(account()).toMatchObject({
      account_kind: 'StorageV2',
      account_tier: 'Standard',
      account_replication_type: 'ZRS',
    });
  });

  test('in a location without zones it is kept three times in one place', () => {
    expect(account({ replication: 'LRS' }).account_replication_type).toBe('LRS');
  });

  test('what was overwritten or deleted can be brought back for 90 days', () => {
    expect(account().blob_properties).toEqual({
      versioning_enabled: true,
      delete_retention_policy: { days: 90 },
      container_delete_retention_policy: { days: 90 },
    });
    expect(synthesized().resource('azurerm_storage_management_policy')).toMatchObject({
      rule: [
        {
          name: 'expire-replaced-blobs',
          enabled: true,
          filters: { blob_types: ['blockBlob'] },
          actions: { version: { delete_after_days_since_creation: 90 } },
        },
      ],
    });
  });

  test('the lifecycle policy never deletes what is current', () => {
    const [rule] = synthesized().resource('azurerm_storage_management_policy').rule as { actions: object }[];
    expect(Object.keys(rule?.actions ?? {})).toEqual(['version']);
  });

  test('account and container refuse a destroy unless protection is off', () => {
    for (const protection of [undefined, false]) {
      const stack = synthesized({ protection });
      for (const type of ['azurerm_storage_account', 'azurerm_storage_container']) {
        expect(stack.resource(type).lifecycle).toEqual({ prevent_destroy: protection ?? true });
      }
    }
  });

  test('the logical ids of what holds data are a contract', () => {
    const stack = synthesized();
    expect(Object.keys(stack.resources('azurerm_storage_account'))).toEqual(['ModelStore_926D9317']);
    expect(Object.keys(stack.resources('azurerm_storage_container'))).toEqual(['ModelStore_Container_45ECEA11']);
  });
});

describe('grants', () => {
  const granted = () =>
    onAzure((stack) => {
      const { grants } = store(stack);
      grants.read(identity(stack, 'Reader'));
      grants.write(identity(stack, 'Writer'));
      grants.reportRollouts(identity(stack, 'Follower'));
      grants.promote(identity(stack, 'Promoter'), { model: 'shop', channel: 'candidate' });
    });
  const assignment = (of: string) =>
    Object.values(granted().resources('azurerm_role_assignment')).find(({ principal_id }) =>
      String(principal_id).includes(`.${of}_`),
    );

  test('a reader has the role for reading blobs, on the container', () => {
    expect(assignment('Reader')).toMatchObject({
      scope: ref('azurerm_storage_container.ModelStore_Container_45ECEA11.id'),
      role_definition_name: 'Storage Blob Data Reader',
      principal_type: 'ServicePrincipal',
    });
  });

  test('a writer has a role of its own, on the container', () => {
    expect(assignment('Writer')).toMatchObject({
      scope: ref('azurerm_storage_container.ModelStore_Container_45ECEA11.id'),
      role_definition_id: ref('azurerm_role_definition.ModelStore_WriterRole_DB481CDE.role_definition_resource_id'),
    });
  });

  test.each([
    ['Writer', ['*/versions/*', '*/runs/*']],
    ['Promoter', ['shop/channels/candidate.json']],
    ['Follower', ['*/rollouts/*']],
  ])('the %s has it on the condition that what is written is at %j', (of, paths) => {
    const { condition, condition_version, role_definition_id, scope } = assignment(of) ?? {};
    expect([condition_version, role_definition_id, scope]).toEqual([
      '2.0',
      assignment('Writer')?.role_definition_id,
      ref('azurerm_storage_container.ModelStore_Container_45ECEA11.id'),
    ]);
    const blobs = 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs';
    const allowed = paths.map((path) => `@Resource[${blobs}:path] StringLike '${path}'`).join(' OR ');
    expect(String(condition).replace(/\s+/g, ' ')).toBe(
      `( ( !(ActionMatches{'${blobs}/write'}) AND !(ActionMatches{'${blobs}/add/action'}) ) OR ( ${allowed} ) )`,
    );
  });

  test('a writer may read, add and replace blobs, and delete none', () => {
    const [permissions] = granted().resource('azurerm_role_definition').permissions as Record<string, string[]>[];
    expect(permissions).toEqual({
      actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read'],
      data_actions: [
        'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read',
        'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write',
        'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action',
      ],
    });
  });

  test('all writers share the one role, which is assignable in the resource group only', () => {
    expect(granted().resource('azurerm_role_definition')).toMatchObject({
      name: 'Model writer of shopmodels',
      assignable_scopes: [RESOURCE_GROUP.id],
    });
  });

  test('pods of the identity wait for the permission', () => {
    onAzure((stack) => {
      const reader = identity(stack);
      store(stack).grants.read(reader);
      const assigned = reader.node.findChild('ModelStoreRead') as RoleAssignment;
      expect(reader.ready.map(({ fqn }) => fqn)).toEqual([assigned.fqn]);
    });
  });
});

test('the registry is told account and container', () => {
  const account = ref('azurerm_storage_account.ModelStore_926D9317.name');
  const container = ref('azurerm_storage_container.ModelStore_Container_45ECEA11.name');
  expect(rendered((stack) => store(stack).modelStoreUrl)).toBe(`az://${account}/${container}`);
});

test.each(['ab', 'a'.repeat(25), 'shop-models', 'Shop'])('fails when the account is named %s', (accountName) => {
  expect(() => synthesized({ accountName })).toThrow(
    `test/ModelStore: accountName is ${accountName}; allowed are 3 to 24 lowercase letters and digits.`,
  );
});

test.each([0, 366, 1.5])('fails when noncurrentVersionDays is %s', (noncurrentVersionDays) => {
  expect(() => synthesized({ noncurrentVersionDays })).toThrow(
    `noncurrentVersionDays is ${noncurrentVersionDays}; it must be a whole number of days from 1 to 365.`,
  );
});

test('the template reads as expected', async () => {
  const stack = onAzure((scope) => {
    store(scope).grants.write(identity(scope));
  });
  expect(await stack.hcl()).toMatchSnapshot();
});
