import { Aspects, type TerraformStack } from 'cdktf';
import { ExclusivePermissions, ServiceRole } from '../../../constructs/aws';
import { onAws } from './fixtures';

const READ = [{ Effect: 'Allow' as const, Action: 's3:GetObject', Resource: 'arn:aws:s3:::models/*' }];
const TRACING = 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess';

function role(stack: TerraformStack, id: string): ServiceRole {
  return new ServiceRole(stack, id, {
    roleName: `shop-prod-${id.toLowerCase()}`,
    description: 'Scores all customers each night',
    service: 'lambda.amazonaws.com',
  });
}

const stack = (build: (stack: TerraformStack) => void) =>
  onAws((on) => {
    Aspects.of(on).add(new ExclusivePermissions());
    build(on);
  });

test('a role has the policies that the stack gives it, also those given after it was made', () => {
  const built = stack((on) => {
    const [scoring, other] = [role(on, 'Scoring'), role(on, 'Other')];
    other.addPolicy('WriteModels', READ);
    scoring.addPolicy('ReadModels', READ);
    scoring.addManagedPolicy('Tracing', TRACING);
  });
  const of = (type: string) => Object.values(built.resources(type));
  expect(of('aws_iam_role_policies_exclusive')).toMatchObject([
    { policy_names: [expect.stringContaining('aws_iam_role_policy.Other_WriteModels_')] },
    {
      role_name: expect.stringMatching(/^\$\{aws_iam_role\.Scoring_\w+\.name\}$/),
      policy_names: [expect.stringMatching(/^\$\{aws_iam_role_policy\.Scoring_ReadModels_\w+\.name\}$/)],
    },
  ]);
  expect(of('aws_iam_role_policy_attachments_exclusive')).toMatchObject([
    { policy_arns: [] },
    {
      policy_arns: [expect.stringMatching(/^\$\{aws_iam_role_policy_attachment\.Scoring_Tracing_\w+\.policy_arn\}$/)],
    },
  ]);
});

test('a role without policies may have none', () => {
  const built = stack((on) => void role(on, 'Scoring'));
  expect(built.resource('aws_iam_role_policies_exclusive').policy_names).toEqual([]);
  expect(built.resource('aws_iam_role_policy_attachments_exclusive').policy_arns).toEqual([]);
});

test('only a stack that it is attached to holds roles to their policies', () => {
  expect(onAws((on) => void role(on, 'Scoring')).resourceTypes()).toEqual(['aws_iam_role']);
});
