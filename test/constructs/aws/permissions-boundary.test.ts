import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import { Aspects } from 'cdktf';
import { PermissionsBoundary, ServiceRole } from '../../../constructs/aws';
import { addCluster, named, onAws } from './fixtures';

const BOUNDARY = 'arn:aws:iam::111122223333:policy/shop-prod-boundary';
const OWN = 'arn:aws:iam::111122223333:policy/stricter';

const stack = (boundary?: string) =>
  onAws((scope) => {
    if (boundary) Aspects.of(scope).add(new PermissionsBoundary(boundary));
    addCluster(scope).addWorkloadIdentity('Identity', { namespace: 'shop', serviceAccountName: 'server' });
    new ServiceRole(scope, 'Service', { roleName: 'scoring', description: 'Scores', service: 'lambda.amazonaws.com' });
    new IamRole(scope, 'Strict', { assumeRolePolicy: '{}', permissionsBoundary: OWN });
  });

test('every role of the stack carries it, whatever construct made it', () => {
  const roles = Object.entries(stack(BOUNDARY).resources('aws_iam_role'));
  expect(roles.length).toBeGreaterThan(4);
  expect(roles.filter(([, { permissions_boundary }]) => permissions_boundary !== BOUNDARY).map(([id]) => id)).toEqual([
    'Strict',
  ]);
});

test("a role's own boundary wins", () => {
  const roles = stack(BOUNDARY).resources('aws_iam_role');
  expect(roles.Strict?.permissions_boundary).toBe(OWN);
});

test('nothing else has one, and without it no role has', () => {
  expect(JSON.stringify(stack(BOUNDARY).resources('aws_iam_role_policy'))).not.toContain(BOUNDARY);
  expect(named(stack(), 'aws_iam_role', 'Service')).not.toHaveProperty('permissions_boundary');
});

test.each(['shop-prod-boundary', 'arn:aws:iam::111122223333:role/shop'])('fails when it is %s', (policyArn) => {
  expect(() => new PermissionsBoundary(policyArn)).toThrow(
    `the permissions boundary is ${policyArn}; it must be the ARN of a managed policy`,
  );
});
