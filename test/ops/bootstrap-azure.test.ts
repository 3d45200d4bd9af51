import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import config from '../../recommender.config';
import { ENVIRONMENTS } from '../../src/config/schema';

interface Resource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly scope?: string;
  readonly condition?: string;
  readonly dependsOn?: readonly string[];
  readonly properties: Record<string, unknown>;
}
interface Template {
  readonly parameters: Record<string, { defaultValue?: unknown; allowedValues?: unknown[] }>;
  readonly variables?: Record<string, string>;
  readonly resources: readonly Resource[];
  readonly outputs: Record<string, { type: string; value: string; condition?: string }>;
}

const ROOT = join(__dirname, '..', '..');
const text = readFileSync(join(ROOT, 'ops/bootstrap/azure.json'), 'utf8');
const page = readFileSync(join(ROOT, 'docs/bootstrap.md'), 'utf8');
const outer: Template = JSON.parse(text);
const nested = outer.resources
  .filter(({ type }) => type === 'Microsoft.Resources/deployments')
  .map(({ name, properties }) => ({ name, given: properties.parameters, template: properties.template as Template }));
const templates: [string, Template][] = [
  ['azure.json', outer],
  ...nested.map(({ name, template }): [string, Template] => [name, template]),
];
const resources = templates.flatMap(([, template]) => template.resources);
const only = (type: string) => {
  const found = resources.filter((resource) => resource.type === type);
  if (found.length !== 1) throw new Error(`expected one ${type}, found ${found.length}`);
  return found[0] as Resource;
};

/** The template's own text, without those nested in it, whose parameters are theirs. */
const own = (template: Template) =>
  JSON.stringify(template, (key, value) => (key === 'template' && value !== template ? undefined : value));
const names = (body: string, kind: 'parameters' | 'variables') =>
  [...new Set([...body.matchAll(new RegExp(`\\b${kind}\\('(\\w+)'\\)`, 'g'))].map(([, name]) => name))].sort();

describe.each(templates)('the template %s', (_, template) => {
  test('uses each parameter and variable that it declares, and declares each that it uses', () => {
    expect(names(own(template), 'parameters')).toEqual(Object.keys(template.parameters).sort());
    expect(names(own(template), 'variables')).toEqual(Object.keys(template.variables ?? {}).sort());
  });

  test('names types and versions of the API in the form that ARM asks for', () => {
    expect(template.resources.length).toBeGreaterThan(3);
    for (const { type, apiVersion } of template.resources) {
      expect(type).toMatch(/^Microsoft\.[A-Za-z]+(\/[A-Za-z]+)+$/);
      expect(apiVersion).toMatch(/^20\d\d-\d\d-\d\d$/);
    }
  });

  test('has expressions whose brackets and quotes close', () => {
    const expressions = [...own(template).matchAll(/"(\[(?:[^"\\]|\\.)*)"/g)].map(([, one = '']) => one);
    expect(expressions.length).toBeGreaterThan(5);
    const open = expressions.filter((one) => {
      const code = one.replace(/'[^']*'/g, '');
      const count = (character: string) => code.split(character).length;
      return !one.endsWith(']') || code.includes("'") || count('(') !== count(')') || count('[') !== count(']');
    });
    expect(open).toEqual([]);
  });

  test('hands out no secret', () => {
    const outputs = Object.values(template.outputs);
    expect(outputs.length).toBeGreaterThan(1);
    for (const { type, value } of outputs) {
      expect(type).toBe('string');
      expect(value).not.toMatch(/list\w*\(|key|secret|password|credential/i);
    }
  });
});

test.each(nested)('the nested template $name is given the parameters that it asks for', ({ given, template }) => {
  expect(Object.keys(given as object).sort()).toEqual(Object.keys(template.parameters).sort());
});

test('the state is kept without keys and public blobs, over TLS 1.2, versioned and brought back for 90 days', () => {
  expect(only('Microsoft.Storage/storageAccounts').properties).toEqual({
    minimumTlsVersion: 'TLS1_2',
    supportsHttpsTrafficOnly: true,
    allowSharedKeyAccess: false,
    defaultToOAuthAuthentication: true,
    allowBlobPublicAccess: false,
    allowCrossTenantReplication: false,
  });
  expect(only('Microsoft.Storage/storageAccounts/blobServices').properties).toEqual({
    isVersioningEnabled: true,
    deleteRetentionPolicy: { enabled: true, days: 90 },
    containerDeleteRetentionPolicy: { enabled: true, days: 90 },
  });
  expect(only('Microsoft.Storage/storageAccounts/blobServices/containers').properties).toEqual({
    publicAccess: 'None',
  });
});

test('the storage account is locked against deletion', () => {
  const lock = only('Microsoft.Authorization/locks');
  expect(lock.properties.level).toBe('CanNotDelete');
  expect(lock.scope).toBe("[resourceId('Microsoft.Storage/storageAccounts', parameters('storageAccountName'))]");
});

test('the registry has no admin user', () => {
  expect(only('Microsoft.ContainerRegistry/registries').properties).toEqual({ adminUserEnabled: false });
});

test('the identity trusts one environment of one repository', () => {
  expect(only('Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials').properties).toEqual({
    issuer: 'https://token.actions.githubusercontent.com',
    subject: "[parameters('subject')]",
    audiences: ['api://AzureADTokenExchange'],
  });
  expect(JSON.stringify(nested.map(({ given }) => given))).toContain(
    "[format('repo:{0}:environment:{1}', parameters('gitHubRepository'), parameters('environment'))]",
  );
});

test('without a repository nothing of the identity is made or told', () => {
  const conditional = [...outer.resources, ...Object.values(outer.outputs)].filter(({ condition }) => condition);
  expect(conditional.map(({ condition }) => condition)).toEqual(Array(5).fill("[variables('hasDeployIdentity')]"));
  const asking = [...outer.resources, ...Object.values(outer.outputs)].filter((one) =>
    JSON.stringify(one).includes("reference(variables('identityDeploymentId')"),
  );
  expect(asking.filter((one) => !conditional.includes(one))).toEqual([]);
});

/** Azure's built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles */
const ROLES: Record<string, string> = {
  'b24988ac-6180-42a0-ab88-20f7382dd24c': 'Contributor',
  '18d7d88d-d35e-4fb5-a5c3-7773c20a72d9': 'User Access Administrator',
  'ba92f5b4-2d11-453d-a403-e96b0029c9fe': 'Storage Blob Data Contributor',
  '8311e382-0749-4cb8-b61a-304f252e45ec': 'AcrPush',
};

test('the identity has four roles: two on the subscription, one on the state, one on the registry', () => {
  const given = templates.flatMap(([, { resources, variables }]) =>
    resources
      .filter(({ type }) => type === 'Microsoft.Authorization/roleAssignments')
      .map(({ scope = '[subscription()]', properties }) => {
        const id = String(properties.roleDefinitionId).replace(
          /variables\('(\w+)'\)/,
          (_, name) => variables?.[name] ?? '',
        );
        return [ROLES[/[0-9a-f]{8}-[0-9a-f-]{27}/.exec(id)?.[0] ?? ''], scope, properties.principalType];
      }),
  );
  expect(given).toEqual([
    ['Contributor', '[subscription()]', 'ServicePrincipal'],
    ['User Access Administrator', '[subscription()]', 'ServicePrincipal'],
    ['Storage Blob Data Contributor', "[variables('containerId')]", 'ServicePrincipal'],
    ['AcrPush', "[variables('registryId')]", 'ServicePrincipal'],
  ]);
});

test('the outputs that the config takes have the names of its settings, and the defaults are those of the example', () => {
  const state = config.environments.prod?.azure?.state;
  if (state?.kind !== 'azurerm') throw new Error('recommender.config.ts keeps the state of azure-prod elsewhere');
  const { kind, ...settings } = state;
  expect(Object.keys(outer.outputs)).toEqual(expect.arrayContaining(Object.keys(settings)));
  expect(outer.parameters.resourceGroupName?.defaultValue).toBe(
    "[format('{0}-{1}-state', parameters('project'), parameters('environment'))]",
  );
  expect(settings).toMatchObject({
    resourceGroupName: `${outer.parameters.project?.defaultValue}-prod-state`,
    containerName: outer.variables?.containerName,
  });
  expect(outer.parameters.environment?.allowedValues).toEqual([...ENVIRONMENTS]);
});

test('the page sets parameters that there are, and says where every output goes', () => {
  const given = ['environment', 'gitHubRepository', 'storageReplication'];
  for (const name of given) expect(page).toContain(`${name}=`);
  expect(Object.keys(outer.parameters)).toEqual(expect.arrayContaining(given));
  expect(Object.keys(outer.outputs).filter((name) => !page.includes(name))).toEqual([]);
});
