import { SecretStore, type SecretStoreProps } from '../../../constructs/azure';
import { cluster, onAzure, RESOURCE_GROUP, rendered } from './fixtures';

const PROPS: SecretStoreProps = {
  vaultName: 'shop-prod-secrets',
  resourceGroup: RESOURCE_GROUP,
  allowedCidrs: ['203.0.113.10', '198.51.100.0/24'],
  secretNames: ['api-keys', 'redis-password'],
};
const withProps = (props: Partial<SecretStoreProps> = {}) =>
  onAzure((stack) => void new SecretStore(stack, 'Secrets', { ...PROPS, ...props }));
const defaults = withProps();

test('the vault is there and no secret is: a plan and a state have no values to show', () => {
  // That the type has no place for a value is checked by the compiler.
  expect(defaults.resourceTypes()).toEqual(['azurerm_key_vault']);
});

test('the vault answers the named addresses only, and identities with a role', () => {
  expect(defaults.resource('azurerm_key_vault')).toMatchObject({
    name: 'shop-prod-secrets',
    rbac_authorization_enabled: true,
    network_acls: {
      default_action: 'Deny',
      bypass: 'None',
      ip_rules: ['203.0.113.10', '198.51.100.0/24'],
    },
  });
  expect(defaults.resource('azurerm_key_vault')).not.toHaveProperty('access_policy');
});

test('External Secrets asks it by the pod’s own workload identity', () => {
  expect(rendered((stack) => new SecretStore(stack, 'Secrets', PROPS).provider)).toEqual({
    azurekv: {
      authType: 'WorkloadIdentity',
      vaultUrl: expect.stringMatching(/^\$\{azurerm_key_vault\.Secrets_\w+\.vault_uri\}$/),
    },
  });
});

test('grants.read reads the named secrets and nothing else of the vault', () => {
  const granted = onAzure((stack) => {
    const account = {
      namespace: 'external-secrets',
      serviceAccountName: 'external-secrets',
    };
    const identity = cluster(stack).addWorkloadIdentity('Identity', account);
    new SecretStore(stack, 'Secrets', PROPS).grants.read(identity);
    expect(identity.ready).toHaveLength(3);
  });
  const ofVault = Object.values(granted.resources('azurerm_role_assignment')).filter(({ scope }) =>
    `${scope}`.includes('azurerm_key_vault'),
  );
  expect(ofVault).toEqual(
    PROPS.secretNames.map((name) =>
      expect.objectContaining({
        role_definition_name: 'Key Vault Secrets User',
        scope: expect.stringMatching(new RegExp(`^\\$\\{azurerm_key_vault\\.Secrets_\\w+\\.id\\}/secrets/${name}$`)),
        principal_type: 'ServicePrincipal',
      }),
    ),
  );
});

test.each([
  [undefined, true],
  [false, false],
])('with protection %p, a destroy and a purge are refused: %p', (protection, refused) => {
  expect(withProps({ protection }).resource('azurerm_key_vault')).toMatchObject({
    lifecycle: { prevent_destroy: refused },
    purge_protection_enabled: refused,
    soft_delete_retention_days: 90,
  });
});

test('the logical id of the vault stays what it is', () => {
  expect(Object.keys(defaults.resources('azurerm_key_vault'))).toEqual(['Secrets_A3BCC2E9']);
});

test.each([
  ['vaultName is 9shop; allowed are 3 to 24 letters', { vaultName: '9shop' }],
  ['vaultName is shop--prod; allowed are 3 to 24 letters', { vaultName: 'shop--prod' }],
  ['allowedCidrs is []; name the addresses', { allowedCidrs: [] }],
  ['allowedCidrs is ["0.0.0.0/0"]; name the addresses', { allowedCidrs: ['0.0.0.0/0'] }],
  ['secretNames has API; allowed are 1 to 100 lowercase letters', { secretNames: ['API'] }],
])('fails when %s', (message, props) => {
  expect(() => withProps(props)).toThrow(`test/Secrets: ${message}`);
});

test('the HCL', async () => {
  expect(await defaults.hcl()).toMatchSnapshot();
});
