import { ServiceRole, type ServiceRoleProps } from '../../../constructs/aws';
import { hclOf, named, onAws, statements } from './fixtures';

const role = (props: Partial<ServiceRoleProps> = {}, grant: (role: ServiceRole) => void = () => undefined) =>
  onAws((stack) =>
    grant(
      new ServiceRole(stack, 'Role', {
        roleName: 'shop-prod-scoring',
        description: 'Scores all customers each night',
        service: 'lambda.amazonaws.com',
        ...props,
      }),
    ),
  );

test('the service acts as it on behalf of this account only', () => {
  const trust = statements(role().resource('aws_iam_role').assume_role_policy);
  expect(trust).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'lambda.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': expect.stringMatching(/aws_caller_identity/) } },
    },
  ]);
});

test('a source narrows it to what the service acts for', () => {
  const sourceArn = 'arn:aws:states:us-east-1:111122223333:stateMachine:shop-prod-*';
  const [trust] = statements(role({ sourceArn }).resource('aws_iam_role').assume_role_policy);
  expect(trust?.Condition?.ArnLike).toEqual({ 'aws:SourceArn': sourceArn });
});

test('it may do nothing until it is granted something', () => {
  expect(role().resourceTypes()).toEqual(['aws_iam_role']);
  const granted = role({}, (one) => {
    one.addPolicy('ReadModels', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::models/*' }]);
    one.addManagedPolicy('Tracing', 'arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess');
    expect(one.ready).toHaveLength(2);
  });
  expect(named(granted, 'aws_iam_role_policy', 'Role_ReadModels')).toMatchObject({ name: 'ReadModels' });
  expect(granted.resource('aws_iam_role_policy_attachment').policy_arn).toMatch(/AWSXRayDaemonWriteAccess$/);
});

test('fails when its name is longer than IAM allows', () => {
  const roleName = 'r'.repeat(65);
  expect(() => role({ roleName })).toThrow(
    `test/Role: the role name ${roleName} has 65 characters; IAM allows 64. Choose a shorter name.`,
  );
});

test('the HCL', async () => {
  const granted = role({}, (made) =>
    made.addPolicy('Read', [{ Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/*' }]),
  );
  expect(await hclOf(granted, 'Role')).toMatchSnapshot();
});
