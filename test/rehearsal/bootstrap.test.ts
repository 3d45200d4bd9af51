import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { GetBucketEncryptionCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { motoPython } from '../../rehearsal/src/moto/environment';
import { run } from '../../rehearsal/src/process/run';
import { readCloudFormation } from '../ops/cloudformation';
import { Bootstrap, MORE_PARTS_FILE, PARTS, PARTS_FILE } from '../ops/deploy-roles';

const FILE = join(__dirname, '..', '..', 'ops/bootstrap/aws.yaml');
const ACCOUNT = '222222222222';
const BUCKET = `recommender-prod-terraform-state-${ACCOUNT}`;

/** Types that moto 5.2.1 has no CloudFormation for: cfn-lint and test/ops/bootstrap-aws.test.ts look at them. */
const NOT_IN_MOTO = ['AWS::S3::BucketPolicy', 'AWS::IAM::OIDCProvider'];

const MODEL_STORE = join(__dirname, '..', '..', 'ops/cloudformation/model-store.yaml');
const TEMPLATES = [FILE, PARTS_FILE, MORE_PARTS_FILE, MODEL_STORE];

test.each(TEMPLATES)(
  'cfn-lint finds nothing in %s',
  async (file) => {
    const python = await motoPython(console.log);
    // moto brings it along. The script by its path: its first line names the folder that the environment was made in.
    const lint = [join(dirname(python), 'cfn-lint'), '--include-checks', 'I', '--', file];
    const { exitCode, output } = await run(python, lint, { timeoutSeconds: 120 });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: '' });
  },
  300_000,
);

/** AWS's Query API: a form in, XML out. moto takes the service and the region from the credential. */
async function queryOf(
  moto: Moto,
  service: string,
  Version: string,
  Action: string,
  parameters: Record<string, string> = {},
): Promise<string> {
  const scope = `rehearsal/20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(moto.endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Action, Version, ...parameters }),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`${Action} answered ${response.status}: ${body}`);
  return body;
}

async function create(moto: Moto, StackName: string, file: string, given: Record<string, string>): Promise<void> {
  const parameters = Object.entries(given).flatMap(([key, value], index) => [
    [`Parameters.member.${index + 1}.ParameterKey`, key],
    [`Parameters.member.${index + 1}.ParameterValue`, value],
  ]);
  await queryOf(moto, 'cloudformation', '2010-05-15', 'CreateStack', {
    StackName,
    TemplateBody: readFileSync(file, 'utf8'),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    ...Object.fromEntries(parameters),
  });
}

const all = (body: string, tag: string) =>
  [...body.matchAll(new RegExp(`<${tag}>([^<]+)</${tag}>`, 'g'))].map(([, text]) => text);

describe('the stack that CloudFormation makes of the template', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto({ accountId: ACCOUNT, onProgress: console.log });
    await cloudFormation('CreateStack', {
      TemplateBody: readFileSync(FILE, 'utf8'),
      'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
      'Parameters.member.1.ParameterKey': 'GitHubRepository',
      'Parameters.member.1.ParameterValue': 'shop/recommender',
    });
  }, 300_000);
  afterAll(() => moto.stop());

  const query = (service: string, version: string, action: string, parameters?: Record<string, string>) =>
    queryOf(moto, service, version, action, parameters);
  const cloudFormation = (action: string, parameters: Record<string, string> = {}) =>
    query('cloudformation', '2010-05-15', action, { StackName: 'recommender-bootstrap', ...parameters });
  const iam = (action: string, parameters: Record<string, string> = {}) =>
    query('iam', '2010-05-08', action, { RoleName: 'recommender-deploy', ...parameters });

  test('is complete, but for the types that moto lacks', async () => {
    expect(all(await cloudFormation('DescribeStacks'), 'StackStatus')).toEqual(['CREATE_COMPLETE']);
    const made = all(await cloudFormation('ListStackResources'), 'ResourceType');
    // What has a condition that the parameters don't meet is left out.
    const wanted = Object.values(readCloudFormation(FILE).Resources).filter(
      ({ Condition = '' }) => !['HasStateKey', 'HasAzureDevOps'].includes(String(Condition)),
    );
    const types = wanted.map(({ Type }) => Type);
    expect(made.sort()).toEqual(types.filter((type) => !NOT_IN_MOTO.includes(type)).sort());
  });

  test('says what the config needs', async () => {
    const body = await cloudFormation('DescribeStacks');
    const values = all(body, 'OutputValue');
    expect(Object.fromEntries(all(body, 'OutputKey').map((key, index) => [key, values[index]]))).toEqual({
      StateBucket: BUCKET,
      StateRegion: 'us-east-1',
      ImageRepositoryUri: `${ACCOUNT}.dkr.ecr.us-east-1.amazonaws.com/recommender/model-server`,
      DeployRoleArn: `arn:aws:iam::${ACCOUNT}:role/recommender-deploy`,
      PlanRoleArn: `arn:aws:iam::${ACCOUNT}:role/recommender-plan`,
      WorkloadBoundaryArn: `arn:aws:iam::${ACCOUNT}:policy/recommender-prod-boundary`,
    });
  });

  // Of a bucket moto's CloudFormation sets the encryption only, not versions, lifecycle or the block of public access.
  test('has a bucket that encrypts, and that takes a state', async () => {
    const s3 = new S3Client({
      endpoint: moto.endpoint,
      forcePathStyle: true,
      region: 'us-east-1',
      credentials: { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' },
    });
    try {
      const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket: BUCKET }));
      expect(ServerSideEncryptionConfiguration?.Rules).toEqual([
        expect.objectContaining({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }),
      ]);
      const Key = 'recommender/prod/aws.tfstate';
      await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: '{}', IfNoneMatch: '*' }));
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
      expect(Contents?.map((object) => object.Key)).toEqual([Key]);
    } finally {
      s3.destroy();
    }
  });

  // Of a repository moto's CloudFormation sets name and tags' mutability, not the scan or the lifecycle.
  test('has a repository whose tags stay', async () => {
    const response = await fetch(moto.endpoint, {
      method: 'POST',
      headers: {
        authorization:
          'AWS4-HMAC-SHA256 Credential=rehearsal/20260101/us-east-1/ecr/aws4_request, SignedHeaders=host, Signature=0',
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AmazonEC2ContainerRegistry_V20150921.DescribeRepositories',
      },
      body: '{}',
    });
    expect(await response.json()).toMatchObject({
      repositories: [{ repositoryName: 'recommender/model-server', imageTagMutability: 'IMMUTABLE' }],
    });
  });

  test('has a deploy role that jobs of the GitHub environment may assume', async () => {
    const [document = ''] = all(await iam('GetRole'), 'AssumeRolePolicyDocument');
    const { Statement } = JSON.parse(decodeURIComponent(document));
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
            'token.actions.githubusercontent.com:sub': 'repo:shop/recommender:environment:prod',
          },
        },
      },
    ]);
    const attached = all(await iam('ListAttachedRolePolicies'), 'PolicyName');
    expect(attached.map((name = '') => /Deploy(State|Roles|Network|Core)/.exec(name)?.[1]).sort()).toEqual([
      'Core',
      'Network',
      'Roles',
      'State',
    ]);
  });

  test('has a plan role for pull requests, without a policy of the deploy role', async () => {
    const role = { RoleName: 'recommender-plan' };
    const [document = ''] = all(await iam('GetRole', role), 'AssumeRolePolicyDocument');
    expect(decodeURIComponent(document)).toContain('repo:shop/recommender:pull_request');
    expect(all(await iam('ListRolePolicies', role), 'member')).toEqual(['state', 'stack']);
    expect(all(await iam('ListAttachedRolePolicies', role), 'PolicyName')).toEqual([]);
  });
});

describe('the stack with every option on', () => {
  let moto: Moto;
  beforeAll(async () => {
    moto = await startMoto({ accountId: ACCOUNT, onProgress: console.log });
  }, 300_000);
  afterAll(() => moto.stop());

  test('has a key for the state, and a role for Azure DevOps', async () => {
    const given = {
      GitHubRepository: 'shop/recommender',
      AzureDevOpsOrganizationId: '00000000-0000-4000-8000-00000000000d',
      AzureDevOpsServiceConnection: 'shop/recommender/aws-prod',
      CreateStateKey: 'true',
    };
    const StackName = 'recommender-bootstrap';
    await create(moto, StackName, FILE, given);
    const made = await queryOf(moto, 'cloudformation', '2010-05-15', 'ListStackResources', { StackName });
    expect(all(made, 'LogicalResourceId')).toEqual(expect.arrayContaining(['StateKey', 'AzureDevOpsDeployRole']));
    const RoleName = 'recommender-deploy-azure-devops';
    const [document = ''] = all(
      await queryOf(moto, 'iam', '2010-05-08', 'GetRole', { RoleName }),
      'AssumeRolePolicyDocument',
    );
    const { Statement } = JSON.parse(decodeURIComponent(document));
    const issuer = `vstoken.dev.azure.com/${given.AzureDevOpsOrganizationId}`;
    expect(Statement[0].Condition.StringEquals).toEqual({
      [`${issuer}:aud`]: 'api://AzureADTokenExchange',
      [`${issuer}:sub`]: 'sc://shop/recommender/aws-prod',
    });
  });
});

describe('the parts, beside the bootstrap', () => {
  let moto: Moto;
  const bootstrap = new Bootstrap({ parts: PARTS });
  beforeAll(async () => {
    moto = await startMoto({ onProgress: console.log });
    const names = { Project: 'shop', Environment: 'prod' };
    await create(moto, 'bootstrap', FILE, { ...names, GitHubRepository: 'shop/recommender', CreateStateKey: 'true' });
    const roles = { DeployRoles: 'shop-deploy', PlanRoles: 'shop-plan' };
    for (const file of [PARTS_FILE, MORE_PARTS_FILE]) {
      const known = PARTS.filter((part) => part in readCloudFormation(file).Parameters);
      const on = Object.fromEntries(known.map((part) => [part, 'true']));
      await create(moto, basename(file, '.yaml'), file, { ...names, ...roles, ...on });
    }
  }, 300_000);
  afterAll(() => moto.stop());

  /** moto's key has an id of its own. */
  const withoutKey = (document: unknown) => JSON.stringify(document).replace(/:key\/[\w-]+"/g, ':key/StateKey"');
  const roleOf = async (name: string) => {
    const role = (await moto.roles()).find((one) => one.name === name);
    if (!role) throw new Error(`there is no role ${name}`);
    return role;
  };

  test.each([
    ['shop-deploy', 'DeployRole'],
    ['shop-plan', 'PlanRole'],
  ] as const)('%s has the policies and the boundary that the calls of the parts are held against', async (name, id) => {
    const { policies, boundary } = await roleOf(name);
    const made = policies.map(({ document }) => withoutKey(document));
    expect(made.sort()).toEqual(bootstrap.policies(id).map(withoutKey).sort());
    expect(boundary).toBe('arn:aws:iam::123456789012:policy/shop-deploy-boundary');
  });

  // Policies' conditions, which moto looks past, are evaluated in test/ops/deploy-role.test.ts.
  test.each([
    ['s3:PutBucketPolicy', 'arn:aws:s3:::shop-prod-models', true],
    ['s3:PutBucketPolicy', 'arn:aws:s3:::billing-prod-invoices', false],
    ['s3:GetObject', 'arn:aws:s3:::shop-prod-models/a', false],
    ['iam:DeleteRole', 'arn:aws:iam::123456789012:role/shop-prod-server', true],
    ['iam:DeleteRole', 'arn:aws:iam::123456789012:role/shop-deploy', false],
    ['rds:DeleteDBInstance', 'arn:aws:rds:us-east-1:123456789012:db:shop-prod', true],
    ['rds:DeleteDBInstance', 'arn:aws:rds:us-east-1:123456789012:db:billing-prod', false],
    ['secretsmanager:GetSecretValue', 'arn:aws:secretsmanager:us-east-1:123456789012:secret:shop-prod/login', false],
  ])("%s on %s: moto's own evaluator says %p of the deploy role", async (action, resource, verdict) => {
    expect(await moto.permits('shop-deploy', action, resource)).toBe(verdict);
  });
});
