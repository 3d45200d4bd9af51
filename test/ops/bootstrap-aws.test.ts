import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import config from '../../recommender.config';
import { parseConfig } from '../../src';
import { ENVIRONMENTS } from '../../src/config/schema';
import { AwsStack } from '../../stacks/aws-stack';
import { synthesize } from '../helpers/synth';
import { RecordedCalls } from '../rehearsal/aws/deploy-calls/recorded-calls';
import { readCloudFormation } from './cloudformation';
import { BASE as FILE, MORE_PARTS_FILE, PARTS_FILE } from './deploy-roles';

const ROOT = join(__dirname, '..', '..');
const { Parameters, Resources, Outputs } = readCloudFormation(FILE);
const page = readFileSync(join(ROOT, 'docs/bootstrap.md'), 'utf8');
const permissions = readFileSync(join(ROOT, 'docs/permissions.md'), 'utf8');

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: unknown;
  readonly Action: string | string[];
  readonly NotAction?: string[];
  readonly Resource?: unknown;
  readonly Condition?: Record<string, Record<string, unknown>>;
}
interface Policy {
  readonly PolicyName: string;
  readonly PolicyDocument: { readonly Statement: Statement[] };
}

function properties<Shape = Record<string, unknown>>(id: string): Shape {
  const resource = Resources[id];
  if (!resource) throw new Error(`ops/bootstrap/aws.yaml has no resource ${id}`);
  return resource.Properties as Shape;
}

const GITHUB = 'token.actions.githubusercontent.com';
const FILLED_IN: Record<string, string> = {
  Project: 'recommender',
  Environment: 'prod',
  GitHubRepository: 'shop/recommender',
  AzureDevOpsOrganizationId: '00000000-0000-4000-8000-00000000000d',
  AzureDevOpsServiceConnection: 'shop/recommender/aws-prod',
  'AWS::Partition': 'aws',
  'AWS::AccountId': '222222222222',
  'StateBucket.Arn': 'arn:aws:s3:::state',
};
/** What `Fn::Sub` makes of a text. */
const sub = (value: unknown) =>
  (value as { 'Fn::Sub': string })['Fn::Sub'].replace(
    /\$\{([^}]+)\}/g,
    (_, name) => FILLED_IN[name] ?? `unknown ${name}`,
  );

/** Statements of a policy, those that a parameter adds among them. */
const statementsOf = ({ PolicyDocument }: Pick<Policy, 'PolicyDocument'>) =>
  PolicyDocument.Statement.map((one) => (one as { 'Fn::If'?: [string, Statement, unknown] })['Fn::If']?.[1] ?? one);
const POLICIES = ['DeployState', 'DeployRoles', 'DeployNetwork', 'DeployCore'];
const statements = (...ids: readonly string[]) => ids.flatMap((id) => statementsOf(properties(id)));
const planning = properties<{ Policies: Policy[] }>('PlanRole').Policies.flatMap(statementsOf);
const actions = (list: readonly Statement[]) => list.flatMap(({ Action = [] }) => Action);

test('the state bucket outlives its stack, keeps versions, is encrypted and closed to the public', () => {
  expect(Resources.StateBucket).toMatchObject({
    Type: 'AWS::S3::Bucket',
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          expect.objectContaining({
            ServerSideEncryptionByDefault: {
              SSEAlgorithm: { 'Fn::If': ['HasStateKey', 'aws:kms', 'AES256'] },
              KMSMasterKeyID: {
                'Fn::If': ['HasStateKey', { 'Fn::GetAtt': ['StateKey', 'Arn'] }, { Ref: 'AWS::NoValue' }],
              },
            },
          }),
        ],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
    },
  });
});

test('old states expire, but never the ten before the newest', () => {
  const { Rules } = properties<{ LifecycleConfiguration: { Rules: object[] } }>('StateBucket').LifecycleConfiguration;
  expect(Rules).toContainEqual(
    expect.objectContaining({ NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 10 } }),
  );
  expect(Rules.filter((rule) => 'ExpirationInDays' in rule || 'ExpirationDate' in rule)).toEqual([]);
});

test('the bucket answers over TLS only, and grants nobody anything by itself', () => {
  const { Statement } = properties<Pick<Policy, 'PolicyDocument'>>('StateBucketPolicy').PolicyDocument;
  expect(Statement).toEqual([
    expect.objectContaining({
      Effect: 'Deny',
      Principal: '*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  ]);
});

test('an image keeps its tag, is scanned, and outlives the stack', () => {
  expect(Resources.ImageRepository).toMatchObject({
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: { ImageTagMutability: 'IMMUTABLE', ImageScanningConfiguration: { ScanOnPush: true } },
  });
  const { LifecyclePolicy } = properties<{ LifecyclePolicy: { LifecyclePolicyText: string } }>('ImageRepository');
  expect(JSON.parse(LifecyclePolicy.LifecyclePolicyText).rules).toHaveLength(2);
});

test('the deploy role trusts one environment of one repository', () => {
  const { AssumeRolePolicyDocument } = properties<{ AssumeRolePolicyDocument: { Statement: Statement[] } }>(
    'DeployRole',
  );
  expect(AssumeRolePolicyDocument.Statement).toHaveLength(1);
  const [{ Action, Condition } = {} as Statement] = AssumeRolePolicyDocument.Statement;
  expect(Action).toBe('sts:AssumeRoleWithWebIdentity');
  const { 'token.actions.githubusercontent.com:sub': subject, ...rest } = { ...Condition?.StringEquals };
  expect(sub(subject)).toBe('repo:shop/recommender:environment:prod');
  expect(rest).toEqual({ 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' });
});

test('the deploy role deletes locks of the state and nothing else there', () => {
  const deleting = statements('DeployState').filter(({ Action }) =>
    [Action].flat().some((name) => /Delete|\*/.test(name)),
  );
  expect(deleting.map(({ Action, Resource }) => [Action, sub(Resource)])).toEqual([
    ['s3:DeleteObject', 'arn:aws:s3:::state/recommender/*.tflock'],
  ]);
});

test.each([FILE, PARTS_FILE, MORE_PARTS_FILE])(
  '%s allows no action on all services, and has a comment above or below each * as the resource',
  (file) => {
    const parts = readCloudFormation(file).Resources;
    const policies = Object.values(parts).filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy');
    const all = policies.flatMap(({ Properties }) => statementsOf(Properties as unknown as Policy));
    expect(all.length).toBeGreaterThan(10);
    expect(actions(all)).not.toContain('*');
    const lines = readFileSync(file, 'utf8').split('\n');
    const bare = lines.flatMap((line, index) => (/Resource: ["']\*["']$/.test(line) ? [index] : []));
    expect(bare.length).toBeGreaterThan(3);
    const explained = bare.filter((index) => lines.slice(index - 5, index + 1).some((line) => /^\s*#/.test(line)));
    expect(explained).toEqual(bare);
  },
);

test('Azure DevOps deploys by one service connection, with the same policies and the same boundary', () => {
  const role = properties<{ AssumeRolePolicyDocument: unknown }>('AzureDevOpsDeployRole');
  const { Statement } = JSON.parse(sub(role.AssumeRolePolicyDocument));
  const issuer = `vstoken.dev.azure.com/${FILLED_IN.AzureDevOpsOrganizationId}`;
  expect(Statement).toEqual([
    {
      Effect: 'Allow',
      Principal: { Federated: `arn:aws:iam::222222222222:oidc-provider/${issuer}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          [`${issuer}:aud`]: 'api://AzureADTokenExchange',
          [`${issuer}:sub`]: 'sc://shop/recommender/aws-prod',
        },
      },
    },
  ]);
  for (const id of ['DeployRole', 'AzureDevOpsDeployRole']) {
    expect(properties(id).PermissionsBoundary).toEqual({ Ref: 'DeployBoundary' });
  }
  for (const id of POLICIES) {
    expect(properties(id).Roles).toEqual([
      { 'Fn::If': ['HasGitHub', { Ref: 'DeployRole' }, { Ref: 'AWS::NoValue' }] },
      { 'Fn::If': ['HasAzureDevOps', { Ref: 'AzureDevOpsDeployRole' }, { Ref: 'AWS::NoValue' }] },
    ]);
  }
});

describe('the plan role', () => {
  test('is for pull requests of the repository, and reads only', () => {
    const { AssumeRolePolicyDocument } = properties<{ AssumeRolePolicyDocument: { Statement: Statement[] } }>(
      'PlanRole',
    );
    const subject = AssumeRolePolicyDocument.Statement[0]?.Condition?.StringEquals?.[`${GITHUB}:sub`];
    expect(sub(subject)).toBe('repo:shop/recommender:pull_request');
    expect(planning.map(({ Effect }) => Effect)).toEqual(planning.map(() => 'Allow'));
    const reads = /^[a-z0-9]+:(Describe|Get|List|View)[A-Za-z]*\*?$|^kms:Decrypt$/;
    expect(actions(planning).filter((action) => !reads.test(action))).toEqual([]);
  });

  test('opens no object but the state, and decrypts nothing but that', () => {
    const opening = planning.filter((one) => actions([one]).some((action) => /GetObject|Decrypt/.test(action)));
    const [state, key] = opening.map(({ Resource }) => Resource);
    expect([opening.length, sub(state)]).toEqual([2, 'arn:aws:s3:::state/recommender/*']);
    expect(key).toEqual({ 'Fn::GetAtt': ['StateKey', 'Arn'] });
  });
});

describe('the boundaries', () => {
  const workload = statementsOf(properties('WorkloadBoundary'));
  const deploy = statementsOf(properties('DeployBoundary'));
  const GROWING = ['iam:AttachRolePolicy', 'iam:CreateRole', 'iam:PutRolePermissionsBoundary', 'iam:PutRolePolicy'];

  test('a workload has no IAM but reading, and passes and assumes the roles of the stacks only', () => {
    expect(workload[0]).toMatchObject({
      Effect: 'Allow',
      NotAction: expect.arrayContaining(['iam:*', 'organizations:*', 'sts:AssumeRole*']),
    });
    const ofIam = workload.filter((one) => actions([one]).some((action) => action.startsWith('iam:')));
    expect(ofIam.map(({ Action, Resource }) => [Action, Resource === '*' ? '*' : sub(Resource)])).toEqual([
      [['iam:Get*', 'iam:List*'], '*'],
      [['iam:PassRole', 'sts:AssumeRole'], 'arn:aws:iam::222222222222:role/recommender-prod-*'],
      ['iam:CreateServiceLinkedRole', 'arn:aws:iam::222222222222:role/aws-service-role/*'],
    ]);
    const denied = workload.filter(({ Effect }) => Effect === 'Deny');
    expect(denied.map(({ Action }) => Action)).toEqual(['s3:*', 'kms:*']);
  });

  test('a deploy makes no role more powerful that has it not', () => {
    const growing = statements('DeployRoles').find(({ Action }) => [Action].flat().includes('iam:CreateRole'));
    const has = { 'iam:PermissionsBoundary': { Ref: 'WorkloadBoundary' } };
    expect(growing).toMatchObject({ Action: GROWING, Condition: { StringEquals: has } });
    const denied = deploy.find(({ Action }) => [Action].flat().includes('iam:CreateRole'));
    expect(denied).toMatchObject({ Effect: 'Deny', Action: GROWING, Condition: { StringNotEquals: has } });
  });

  test('no deploy takes a boundary away, changes a deploy role or a policy, or makes a user', () => {
    const denied = deploy.filter(({ Effect }) => Effect === 'Deny');
    expect(denied.flatMap(({ Action }) => Action)).toContain('iam:DeleteRolePermissionsBoundary');
    const own = [denied[0]?.Resource].flat().map((resource) => sub(resource).split(':').at(-1));
    expect(own).toEqual(['role/recommender-deploy*', 'role/recommender-plan', 'policy/*', 'user/*', 'group/*']);
    expect(actions(statements('DeployRoles'))).not.toContain('iam:DeleteRolePermissionsBoundary');
  });
});

describe('against aws-prod of the example config', () => {
  const { aws } = config.environments.prod ?? {};
  if (!aws) throw new Error('recommender.config.ts has no environments.prod.aws');
  const PEER = {
    modelStoreUrl: 'az://account/models',
    issuerUrl: 'https://eastus.oic.prod-aks.azure.com/tenant/cluster/',
    readerClientId: '00000000-0000-4000-8000-00000000000b',
    tenantId: '00000000-0000-4000-8000-00000000000c',
  };
  const environments = { prod: { aws: { ...aws, peer: PEER } } };
  const parsed = parseConfig({ ...config, environments }, 'test');
  const stack = synthesize((app) => new AwsStack(app, { config: parsed, environment: 'prod' }));
  /** IAM's prefix of the services whose resources Terraform names otherwise. */
  const SERVICES: Record<string, string> = { cloudwatch_log: 'logs' };
  const EC2 = /^(default_security_group|eip|flow_log|internet_gateway|launch_template|nat_gateway|route|subnet|vpc)/;
  const serviceOf = (type: string) => {
    const name = type.replace(/^aws_/, '');
    if (EC2.test(name)) return 'ec2';
    const renamed = Object.keys(SERVICES).find((prefix) => name.startsWith(prefix));
    return renamed ? SERVICES[renamed] : name.split('_')[0];
  };

  test('the deploy role may use the services of its resources, and none that no part is made of', () => {
    const needed = stack.resourceTypes().filter((type) => type.startsWith('aws_'));
    expect(needed).toContain('aws_iam_openid_connect_provider');
    const services = (list: readonly (string | undefined)[]) => [...new Set(list.map((name) => name?.split(':')[0]))];
    const allowed = services(actions(statements('DeployRoles', 'DeployNetwork', 'DeployCore')));
    expect(allowed).toEqual(expect.arrayContaining(services(needed.map(serviceOf))));
    const calls = RecordedCalls.areas().flatMap((area) => new RecordedCalls(area).all());
    expect(services(calls.map(({ action }) => action))).toEqual(expect.arrayContaining(allowed));
  });

  test('the names of its roles, bucket and budget are within what the deploy role may touch', () => {
    const allowed = statements('DeployRoles', 'DeployCore')
      .flatMap(({ Resource }) => [Resource].flat())
      .filter((resource) => resource !== '*')
      .map((resource) => sub(resource).split(':').at(-1) as string)
      .map((pattern) => new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
    const names = [
      ...Object.values(stack.resources('aws_iam_role')).map(({ name }) => `role/${name}`),
      ...Object.values(stack.resources('aws_s3_bucket')).map(({ bucket }) => `${bucket}`),
      ...Object.values(stack.resources('aws_budgets_budget')).map(({ name }) => `budget/${name}`),
      `oidc-provider/${PEER.issuerUrl.replace('https://', '')}`,
    ];
    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => !allowed.some((pattern) => pattern.test(name)))).toEqual([]);
    for (const own of ['role/recommender-deploy', 'oidc-provider/token.actions.githubusercontent.com']) {
      expect(allowed.filter((pattern) => pattern.test(own))).toEqual([]);
    }
  });

  test('the state bucket and the deploy role are those that the config names', () => {
    expect(aws.state).toEqual({
      kind: 's3',
      bucket: sub(properties('StateBucket').BucketName),
      region: 'us-east-1',
    });
    const role = sub(properties('DeployRole').RoleName);
    expect(aws.adminPrincipalArns).toEqual([`arn:aws:iam::${aws.accountId}:role/${role}`]);
    expect(Parameters.Project?.Default).toBe(config.project);
  });
});

test('project and environment are those that the config allows', () => {
  const schema = JSON.parse(readFileSync(join(ROOT, 'docs/config.schema.json'), 'utf8'));
  expect(`^${Parameters.Project?.AllowedPattern}$`).toBe(schema.properties.project.pattern);
  expect(Parameters.Environment?.AllowedValues).toEqual([...ENVIRONMENTS]);
});

test('the pages set parameters that there are, and say where every output goes', () => {
  const given = [...page.matchAll(/\b((?:[A-Z][a-z]+)+[A-Za-z]*)=/g)].map(([, name = '']) => name);
  const parts = [PARTS_FILE, MORE_PARTS_FILE].map((file) => readCloudFormation(file).Parameters);
  const known = Object.keys(Object.assign({}, Parameters, ...parts));
  expect(given.filter((name) => !known.includes(name))).toEqual([]);
  const said = (name: string) => given.includes(name) || permissions.includes(`\`${name}\``);
  // Its default is the example's project.
  expect(known.filter((name) => !said(name))).toEqual(['Project']);
  expect(Object.keys(Outputs).filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
  for (const text of [page, permissions]) expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
});
