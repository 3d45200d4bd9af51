import { textOf } from '../block';
import { atLeast, firstOf, found } from '../checks';
import { isNarrowed, isPublic, type Statement } from '../iam-policy';
import { securityHub } from '../references';
import type { Problem, SecurityRule } from '../rule';
import type { Subject } from '../subject';
import { listed, statementsOf } from './policies';

const POLICIES = ['aws_iam_policy', 'aws_iam_role_policy', 'aws_iam_group_policy', 'aws_iam_user_policy'];
const ATTACHMENTS = [
  'aws_iam_role_policy_attachment',
  'aws_iam_user_policy_attachment',
  'aws_iam_group_policy_attachment',
  'aws_iam_policy_attachment',
];
const ROLE = ['aws_iam_role'];
const IAM_GUIDE = 'https://docs.aws.amazon.com/IAM/latest/UserGuide';

export const AWS_IAM: readonly SecurityRule[] = [
  {
    id: 'AWS-IAM-001',
    title: 'No policy allows everything on everything',
    severity: 'critical',
    reason: 'Whoever gets one credential of it owns the account.',
    fix: 'Name the actions and the resources that are needed.',
    reference: securityHub('iam', 1),
    checkov: 'CKV_AWS_62',
    appliesTo: POLICIES,
    check: allowed(({ actions, resources }) => isEverything(actions) && resources.includes('*') && 'Action "*" on "*"'),
  },
  {
    id: 'AWS-IAM-002',
    title: 'No policy allows all actions',
    severity: 'high',
    reason: 'It allows what AWS adds next year, too, and to change the policies that protect the resource.',
    fix: 'Name the actions that are needed.',
    reference: `${IAM_GUIDE}/best-practices.html#grant-least-privilege`,
    checkov: 'CKV_AWS_63',
    appliesTo: POLICIES,
    check: allowed(({ actions }) => isEverything(actions) && 'Action "*"'),
  },
  {
    id: 'AWS-IAM-003',
    title: 'No policy allows all of a service on everything',
    severity: 'high',
    reason: 'One leaked credential reads, changes and deletes all that the account has in the service.',
    fix: 'Name the actions, or the resources.',
    reference: securityHub('iam', 21),
    appliesTo: POLICIES,
    check: allowed(({ actions, resources, conditions }) => {
      const all = actions.find((action) => /^[\w-]+:\*$/.test(action));
      return all && resources.includes('*') && Object.keys(conditions).length === 0 && `${all} on "*"`;
    }),
  },
  {
    id: 'AWS-IAM-004',
    title: 'Roles are handed on by name',
    severity: 'high',
    reason: 'iam:PassRole on "*" lets a service be started with an administrator\'s role.',
    fix: 'Name the roles that may be passed as the resources of iam:PassRole.',
    reference: `${IAM_GUIDE}/id_roles_use_passrole.html`,
    appliesTo: POLICIES,
    check: allowed(
      ({ actions, resources }) =>
        resources.includes('*') &&
        actions.some((action) => /^iam:(PassRole|Pass\*|P\*)$/i.test(action)) &&
        'iam:PassRole on "*"',
    ),
  },
  {
    id: 'AWS-IAM-005',
    title: 'No policy allows all but a few actions',
    severity: 'high',
    reason: 'NotAction with Allow grants whatever is not named, of all services.',
    fix: 'Name what is allowed by Action.',
    reference: `${IAM_GUIDE}/reference_policies_elements_notaction.html`,
    appliesTo: POLICIES,
    check: allowed(({ notActions }) => notActions.length > 0 && `all but ${listed(notActions)}`),
  },
  {
    id: 'AWS-IAM-006',
    title: 'A role is taken on by whom it names',
    severity: 'critical',
    reason: 'Any AWS account can take on a role whose trust policy has Principal "*".',
    fix: 'Name the accounts, roles or services that may take it on.',
    reference: `${IAM_GUIDE}/id_roles_create_for-user_externalid.html`,
    checkov: 'CKV_AWS_60',
    appliesTo: ROLE,
    check: statementsOf('assume_role_policy', (statement) =>
      isPublic(statement) && !isNarrowed(statement) ? 'assume_role_policy trusts everybody' : undefined,
    ),
  },
  {
    id: 'AWS-IAM-007',
    title: "A role for somebody else's tokens says whose",
    severity: 'critical',
    reason: 'Without a condition on the subject, every repository or cluster of that issuer takes on the role.',
    fix: 'Add a condition on <issuer>:sub to the trust policy.',
    reference: `${IAM_GUIDE}/id_roles_providers_create_oidc.html`,
    appliesTo: ROLE,
    check: statementsOf('assume_role_policy', trustsAnyToken),
  },
  {
    id: 'AWS-IAM-008',
    title: 'Nobody is given AdministratorAccess',
    severity: 'critical',
    reason: 'It is everything on everything, under a name that is easily attached.',
    fix: 'Attach a policy of what is needed.',
    reference: `${IAM_GUIDE}/best-practices.html#grant-least-privilege`,
    checkov: 'CKV_AWS_274',
    appliesTo: ATTACHMENTS,
    check: notAttached('AdministratorAccess'),
  },
  {
    id: 'AWS-IAM-009',
    title: 'Nobody is given IAMFullAccess',
    severity: 'high',
    reason: 'Who may change policies may give itself everything.',
    fix: 'Attach a policy of what is needed.',
    reference: `${IAM_GUIDE}/best-practices.html#grant-least-privilege`,
    checkov: 'CKV2_AWS_56',
    appliesTo: ATTACHMENTS,
    check: notAttached('IAMFullAccess'),
  },
  {
    id: 'AWS-IAM-010',
    title: 'No user has policies of its own',
    severity: 'medium',
    reason: "What single users may do is soon nobody's knowledge.",
    fix: 'Attach the policy to a role or a group.',
    reference: securityHub('iam', 2),
    checkov: 'CKV_AWS_40',
    appliesTo: ['aws_iam_user_policy', 'aws_iam_user_policy_attachment', 'aws_iam_policy_attachment'],
    check: (subject) =>
      subject.type === 'aws_iam_policy_attachment' && !subject.has('users') ? undefined : 'its policy is of a user',
  },
  {
    id: 'AWS-IAM-011',
    title: 'No access key is made',
    severity: 'high',
    reason: 'It never expires, and its secret is in the state.',
    fix: 'Use a role with temporary credentials.',
    reference: `${IAM_GUIDE}/best-practices.html#bp-workloads-use-roles`,
    appliesTo: ['aws_iam_access_key'],
    check: () => 'an access key is made',
  },
  {
    id: 'AWS-IAM-012',
    title: 'Passwords have 14 characters',
    severity: 'medium',
    reason: 'Shorter ones are guessed.',
    fix: 'Set minimum_password_length to 14.',
    reference: securityHub('iam', 15),
    checkov: 'CKV_AWS_10',
    appliesTo: ['aws_iam_account_password_policy'],
    check: atLeast('minimum_password_length', 14, 6),
  },
];

const isEverything = (actions: readonly string[]) => actions.some((action) => /^\*(:\*)?$/.test(action));

/** Of what a policy allows; `wrong` says what of a statement is too much. */
function allowed(wrong: (statement: Statement) => string | false | undefined) {
  return statementsOf('policy', (statement) => {
    const what = statement.effect === 'Allow' && wrong(statement);
    return what ? `policy allows ${what}` : undefined;
  });
}

function trustsAnyToken({ effect, actions, conditions }: Statement): Problem {
  if (effect !== 'Allow' || !actions.some((action) => /^(\*|sts:\*|sts:AssumeRoleWithWebIdentity)$/.test(action))) {
    return undefined;
  }
  const subjects = Object.values(conditions)
    .flatMap((keys) => Object.entries(keys))
    .filter(([key]) => /:sub$/.test(key))
    .flatMap(([, values]) => values);
  if (subjects.length === 0) return 'assume_role_policy has no condition on the subject of a token';
  const everybody = subjects.find((subject) => /^(repo:)?\*/.test(textOf(subject)));
  return everybody === undefined ? undefined : `assume_role_policy trusts tokens of ${everybody}`;
}

function notAttached(name: string) {
  return (attachment: Subject): Problem =>
    firstOf(attachment.list('policy_arn'), (arn) =>
      textOf(arn).endsWith(`:policy/${name}`) ? found('policy_arn', arn) : undefined,
    );
}
