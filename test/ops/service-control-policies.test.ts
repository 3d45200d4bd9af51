import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deniedBy, list, type Request, type Statement } from './policy-evaluation';

const FOLDER = join(__dirname, '..', '..', 'ops/policies/scp');
const names = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ''));
const text = (name: string) => readFileSync(join(FOLDER, `${name}.json`), 'utf8');
const statementsOf = (name: string): Statement[] => JSON.parse(text(name)).Statement;

const ACCOUNT = 'arn:aws:iam::111122223333';
const by = (role: string) => ({ 'aws:PrincipalArn': `${ACCOUNT}:role/${role}` });
const INSTANCE = 'arn:aws:ec2:us-east-1:111122223333:instance/*';
const VOLUME = 'arn:aws:ec2:us-east-1:111122223333:volume/*';

interface Expectation {
  /** By the statement that does it. */
  readonly denied: Readonly<Record<string, readonly Request[]>>;
  readonly allowed: readonly Request[];
}

const EXPECTED: Readonly<Record<string, Expectation>> = {
  'stay-in-the-organization': {
    denied: {
      StayInTheOrganization: [{ action: 'organizations:LeaveOrganization' }, { action: 'account:CloseAccount' }],
    },
    allowed: [{ action: 'organizations:DescribeOrganization' }, { action: 'account:GetContactInformation' }],
  },
  'keep-the-audit-on': {
    denied: {
      NobodyTurnsItOff: [
        { action: 'cloudtrail:StopLogging', context: by('recommender-deploy') },
        { action: 'guardduty:DeleteDetector', context: by('developer') },
        { action: 's3:BypassGovernanceRetention', context: by('recommender-deploy') },
        { action: 'config:StopConfigurationRecorder' },
      ],
      DeploysChangeIt: [
        { action: 'cloudtrail:UpdateTrail', context: by('developer') },
        { action: 'config:DeleteConfigRule', context: by('recommender-deployer') },
      ],
    },
    allowed: [
      { action: 'cloudtrail:StopLogging', context: by('organization-administrator') },
      { action: 'cloudtrail:UpdateTrail', context: by('recommender-deploy') },
      { action: 'cloudtrail:UpdateTrail', context: by('recommender-deploy-azure-devops') },
      { action: 'cloudtrail:LookupEvents', context: by('developer') },
      { action: 'guardduty:ListFindings', context: by('developer') },
    ],
  },
  regions: {
    denied: {
      OurRegionsOnly: [
        { action: 'ec2:RunInstances', context: { 'aws:RequestedRegion': 'eu-west-3', ...by('developer') } },
        { action: 's3:CreateBucket', context: { 'aws:RequestedRegion': 'ap-south-1', ...by('recommender-deploy') } },
      ],
    },
    allowed: [
      { action: 'ec2:RunInstances', context: { 'aws:RequestedRegion': 'us-east-1', ...by('developer') } },
      { action: 'ec2:RunInstances', context: { 'aws:RequestedRegion': 'us-west-2', ...by('developer') } },
      { action: 'iam:CreateRole', context: { 'aws:RequestedRegion': 'eu-west-3', ...by('developer') } },
      { action: 'cloudfront:CreateDistribution', context: { 'aws:RequestedRegion': 'eu-west-3', ...by('developer') } },
      {
        action: 'ec2:RunInstances',
        context: { 'aws:RequestedRegion': 'eu-west-3', ...by('organization-administrator') },
      },
    ],
  },
  'no-public-buckets': {
    denied: {
      BlocksStay: [{ action: 's3:PutAccountPublicAccessBlock', context: by('recommender-deploy') }],
      DeploysSetBlocks: [{ action: 's3:PutBucketPublicAccessBlock', context: by('developer') }],
      NoPublicLists: [
        { action: 's3:PutObject', context: { 's3:x-amz-acl': 'public-read', ...by('recommender-deploy') } },
        { action: 's3:CreateBucket', context: { 's3:x-amz-acl': 'authenticated-read' } },
      ],
    },
    allowed: [
      { action: 's3:PutBucketPublicAccessBlock', context: by('recommender-deploy') },
      { action: 's3:PutBucketPublicAccessBlock', context: by('recommender-deploy-azure-devops') },
      { action: 's3:PutObject', context: by('developer') },
      { action: 's3:PutObject', context: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
      { action: 's3:GetBucketPublicAccessBlock', context: by('developer') },
    ],
  },
  'no-root': {
    denied: {
      NobodyIsRoot: [
        { action: 's3:ListAllMyBuckets', context: { 'aws:PrincipalArn': `${ACCOUNT}:root` } },
        { action: 'iam:CreateAccessKey', context: { 'aws:PrincipalArn': `${ACCOUNT}:root` } },
      ],
    },
    allowed: [
      { action: 's3:ListAllMyBuckets', context: by('developer') },
      { action: 's3:ListAllMyBuckets', context: { 'aws:PrincipalArn': `${ACCOUNT}:user/root` } },
    ],
  },
  'metadata-wants-tokens': {
    denied: {
      NewInstances: [
        { action: 'ec2:RunInstances', resource: INSTANCE, context: { 'ec2:MetadataHttpTokens': 'optional' } },
        { action: 'ec2:RunInstances', resource: INSTANCE },
      ],
      NobodyLoosensThem: [
        { action: 'ec2:ModifyInstanceMetadataOptions', context: { 'ec2:Attribute/HttpTokens': 'optional' } },
      ],
      NoCredentialsWithoutToken: [{ action: 's3:GetObject', context: { 'ec2:RoleDelivery': '1.0' } }],
    },
    allowed: [
      { action: 'ec2:RunInstances', resource: INSTANCE, context: { 'ec2:MetadataHttpTokens': 'required' } },
      { action: 'ec2:RunInstances', resource: VOLUME },
      { action: 'ec2:ModifyInstanceMetadataOptions', context: { 'ec2:Attribute/HttpTokens': 'required' } },
      { action: 'ec2:ModifyInstanceMetadataOptions', context: { 'ec2:Attribute/HttpPutResponseHopLimit': '1' } },
      { action: 's3:GetObject', context: { 'ec2:RoleDelivery': '2.0' } },
      { action: 's3:GetObject' },
    ],
  },
  'encrypted-disks': {
    denied: {
      Volumes: [
        { action: 'ec2:CreateVolume', resource: VOLUME, context: { 'ec2:Encrypted': 'false' } },
        { action: 'ec2:RunInstances', resource: VOLUME, context: { 'ec2:Encrypted': 'false' } },
      ],
      TheDefaultStays: [{ action: 'ec2:DisableEbsEncryptionByDefault' }],
      Databases: [{ action: 'rds:CreateDBInstance', context: { 'rds:StorageEncrypted': 'false' } }],
    },
    allowed: [
      { action: 'ec2:CreateVolume', resource: VOLUME, context: { 'ec2:Encrypted': 'true' } },
      { action: 'ec2:EnableEbsEncryptionByDefault' },
      { action: 'rds:CreateDBInstance', context: { 'rds:StorageEncrypted': 'true' } },
    ],
  },
  'no-lasting-keys': {
    denied: {
      PeopleSignInByTheDirectory: [
        { action: 'iam:CreateUser', context: by('developer') },
        { action: 'iam:CreateAccessKey', context: by('recommender-deploy') },
      ],
    },
    allowed: [
      { action: 'iam:CreateRole', context: by('recommender-deploy') },
      { action: 'iam:CreateUser', context: by('organization-administrator') },
    ],
  },
};

test('each policy has expectations, and each expectation a policy', () => {
  expect(Object.keys(EXPECTED).sort()).toEqual([...names].sort());
});

describe.each(Object.entries(EXPECTED))('%s', (name, { denied, allowed }) => {
  test.each(Object.entries(denied))('%s denies what it is for', (sid, requests) => {
    for (const request of requests) expect([request, deniedBy(statementsOf(name), request)]).toEqual([request, sid]);
  });

  test('each of its statements denies something', () => {
    expect(Object.keys(denied).sort()).toEqual(
      statementsOf(name)
        .map(({ Sid }) => Sid)
        .sort(),
    );
  });

  test('what is next to it is let through', () => {
    const stopped = allowed.map((request) => [request, deniedBy(statementsOf(name), request)]);
    expect(stopped.filter(([, sid]) => sid !== undefined)).toEqual([]);
  });
});

describe.each(names)('%s', (name) => {
  test('fits in what AWS Organizations takes: 5,120 bytes without blanks', () => {
    const bytes = Buffer.byteLength(JSON.stringify(JSON.parse(text(name))));
    expect(bytes).toBeLessThanOrEqual(5120);
  });

  test('says what a service control policy may say, and only denies', () => {
    for (const statement of statementsOf(name)) {
      expect(statement).toMatchObject({ Sid: expect.stringMatching(/^[A-Za-z0-9]+$/), Effect: 'Deny' });
      expect(statement).not.toHaveProperty('Principal');
      const actions = list(statement.Action ?? statement.NotAction ?? []);
      expect(actions.length).toBeGreaterThan(0);
      for (const action of actions) expect(action).toMatch(/^(\*|[a-z0-9-]+:(\*|[A-Z]\w+\*?))$/);
    }
  });
});

test('together they fit an account: five policies beside the one that allows, after they are joined', () => {
  const joined = names.flatMap(statementsOf);
  const bytes = Buffer.byteLength(JSON.stringify({ Version: '2012-10-17', Statement: joined }));
  expect(Math.ceil(bytes / 5120)).toBeLessThanOrEqual(4);
});
