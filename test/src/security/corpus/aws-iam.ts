import { ACCOUNT, allow, type Corpus, cases, type Fixture, KEY, policy, REMOVED } from './corpus';

const READ = allow(['s3:GetObject'], 'arn:aws:s3:::shop-models/*');
const ROLE_POLICY: Fixture = { 'aws_iam_role_policy.Read': { role: 'server', policy: policy(READ) } };
const POLICY: Fixture = { 'aws_iam_policy.Read': { name: 'read', policy: policy(READ) } };
const TRUST = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } };
const ROLE: Fixture = { 'aws_iam_role.Server': { name: 'server', assume_role_policy: policy(TRUST) } };
const WEB_TRUST = {
  Effect: 'Allow',
  Action: 'sts:AssumeRoleWithWebIdentity',
  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com` },
};
const OF_REPOSITORY = {
  StringEquals: {
    'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
    'token.actions.githubusercontent.com:sub': 'repo:shop/recommender:ref:refs/heads/main',
  },
};
const WEB_ROLE: Fixture = {
  'aws_iam_role.Deploy': { name: 'deploy', assume_role_policy: policy({ ...WEB_TRUST, Condition: OF_REPOSITORY }) },
};
const ATTACHMENT: Fixture = {
  'aws_iam_role_policy_attachment.Read': {
    role: 'server',
    policy_arn: 'arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy',
  },
};
const OWN_KEY = { Effect: 'Allow', Action: 'kms:*', Resource: '*', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };
const ENCRYPTION: Fixture = { 'aws_kms_key.Key': { enable_key_rotation: true, policy: policy(OWN_KEY) } };
const SECRET: Fixture = { 'aws_secretsmanager_secret.Login': { name: 'login', kms_key_id: KEY } };
const GET_SECRET = { Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' };
const document = (...statement: object[]) => ({
  policy: `\${data.aws_iam_policy_document.Document.json}`,
  'data.aws_iam_policy_document.Document': { statement },
});

export const AWS_IAM: Corpus = {
  'AWS-IAM-001': cases(
    ROLE_POLICY,
    [
      { policy: policy(allow('*', '*')) },
      { policy: policy(READ, allow(['s3:GetObject', '*'], ['*'])) },
      { policy: `\${jsonencode({"Statement" = [{"Effect" = "Allow", "Action" = "*", "Resource" = "*"}]})}` },
      document({ actions: ['*'], resources: ['*'] }),
    ],
    [
      { policy: policy({ ...allow('*', '*'), Effect: 'Deny' }) },
      { policy: `\${aws_iam_policy.Elsewhere.policy}` },
      document({ effect: 'Deny', actions: ['*'], resources: ['*'] }),
    ],
  ),
  'AWS-IAM-002': cases(POLICY, [{ policy: policy(allow('*', 'arn:aws:s3:::shop-models/*')) }]),
  'AWS-IAM-003': cases(
    POLICY,
    [{ policy: policy(allow('dynamodb:*', '*')) }],
    [
      {
        policy: policy({
          ...allow('dynamodb:*', '*'),
          Condition: { StringEquals: { 'aws:ResourceTag/project': 'shop' } },
        }),
      },
    ],
  ),
  'AWS-IAM-004': cases(
    ROLE_POLICY,
    [{ policy: policy(allow(['ecs:RunTask', 'iam:PassRole'], '*')) }],
    [{ policy: policy(allow('iam:PassRole', `arn:aws:iam::${ACCOUNT}:role/task`)) }],
  ),
  'AWS-IAM-005': cases(POLICY, [
    { policy: policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: 'arn:aws:s3:::x' }) },
  ]),
  'AWS-IAM-006': cases(
    ROLE,
    [
      { assume_role_policy: policy({ ...TRUST, Principal: { AWS: '*' } }) },
      { assume_role_policy: policy({ ...TRUST, Principal: '*' }) },
    ],
    [{ assume_role_policy: policy({ ...TRUST, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:role/deploy` } }) }],
  ),
  'AWS-IAM-007': cases(WEB_ROLE, [
    { assume_role_policy: policy(WEB_TRUST) },
    {
      assume_role_policy: policy({
        ...WEB_TRUST,
        Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:*' } },
      }),
    },
  ]),
  'AWS-IAM-008': cases(ATTACHMENT, [
    { policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
    {
      'aws_iam_group_policy_attachment.Admins': {
        group: 'admins',
        policy_arn: 'arn:aws:iam::aws:policy/AdministratorAccess',
      },
    },
  ]),
  'AWS-IAM-009': cases(ATTACHMENT, [{ policy_arn: 'arn:aws:iam::aws:policy/IAMFullAccess' }]),
  'AWS-IAM-010': cases(
    {
      'aws_iam_policy_attachment.Read': { name: 'read', roles: ['server'], policy_arn: 'arn:aws:iam::aws:policy/x' },
    },
    [
      { users: ['jane'] },
      { 'aws_iam_user_policy.Read': { user: 'jane', policy: policy(READ) } },
      { 'aws_iam_user_policy_attachment.Read': { user: 'jane', policy_arn: 'arn:aws:iam::aws:policy/x' } },
    ],
  ),
  'AWS-IAM-011': cases(ROLE, [{ 'aws_iam_access_key.Key': { user: 'jane' } }]),
  'AWS-IAM-012': cases({ 'aws_iam_account_password_policy.Passwords': { minimum_password_length: 14 } }, [
    { minimum_password_length: 8 },
    { minimum_password_length: REMOVED },
  ]),
  'AWS-KMS-001': cases(
    ENCRYPTION,
    [{ enable_key_rotation: false }, { enable_key_rotation: REMOVED }],
    [{ enable_key_rotation: REMOVED, customer_master_key_spec: 'ECC_NIST_P256' }],
  ),
  'AWS-KMS-002': cases(
    ENCRYPTION,
    [
      { policy: policy({ ...OWN_KEY, Principal: '*' }) },
      { policy: policy(OWN_KEY, { ...OWN_KEY, Principal: { AWS: '*' } }) },
    ],
    [{ policy: REMOVED }],
  ),
  'AWS-KMS-003': cases(ENCRYPTION, [{ is_enabled: false }], [{ is_enabled: true }]),
  'AWS-SECRET-001': cases(SECRET, [{ kms_key_id: REMOVED }]),
  'AWS-SECRET-002': cases(SECRET, [
    { policy: policy({ ...GET_SECRET, Principal: '*' }) },
    {
      'aws_secretsmanager_secret_policy.Login': {
        secret_arn: 'arn',
        policy: policy({ ...GET_SECRET, Principal: { AWS: '*' } }),
      },
    },
  ]),
  'AWS-SSM-001': cases({ 'aws_ssm_parameter.Url': { name: '/url', type: 'SecureString', value: 'x', key_id: KEY } }, [
    { type: 'String' },
  ]),
};
