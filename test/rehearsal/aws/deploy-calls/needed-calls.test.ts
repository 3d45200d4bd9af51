import type { MadeCall } from '@cdktf-recommender/rehearsal';
import { neededCalls } from './needed-calls';
import { linesOf } from './recorded-calls';

const OURS = { environment: 'prod', project: 'shop', owner: 'shop-platform' };
const call = (service: string, operation: string, parameters: MadeCall['parameters'], tags: MadeCall['tags'] = {}) => ({
  service,
  region: 'us-east-1',
  operation,
  parameters,
  tags,
});
const lines = async (...made: MadeCall[]) => linesOf(await neededCalls(made));
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;
const tagged = (kind: string) => `aws:${kind}Tag/environment=prod aws:${kind}Tag/project=shop`;

test('a thing is named by the parameters, in whatever form they have its name', async () => {
  const role = 'arn:aws:iam::123456789012:role/shop-prod-read';
  expect(await lines(call('iam', 'GetRole', { RoleName: 'shop-prod-read' }))).toEqual([`iam:GetRole ${role}`]);
  const url = 'http://127.0.0.1:4566/123456789012/shop-prod-orders';
  expect(await lines(call('sqs', 'DeleteQueue', { QueueUrl: url }))).toEqual([
    `sqs:DeleteQueue ${arn('sqs', 'shop-prod-orders')}`,
  ]);
  expect(await lines(call('eks', 'DescribeAddon', { name: 'shop-prod', addonName: 'coredns' }))).toEqual([
    `eks:DescribeAddon ${arn('eks', 'addon/shop-prod/coredns/0')}`,
  ]);
  const issuer = 'https://eastus.oic.prod-aks.azure.com/tenant/cluster/';
  expect(await lines(call('iam', 'CreateOpenIDConnectProvider', { Url: issuer, 'Tags.member.1.Key': 'a' }))).toEqual([
    `iam:CreateOpenIDConnectProvider arn:aws:iam::123456789012:oidc-provider/${issuer.slice(8)}`,
    `iam:TagOpenIDConnectProvider arn:aws:iam::123456789012:oidc-provider/${issuer.slice(8)}`,
  ]);
});

test('an operation is what IAM calls it, and ids that AWS chooses are left out', async () => {
  expect(await lines(call('s3', 'DeletePublicAccessBlock', { Bucket: 'shop-prod-models' }))).toEqual([
    's3:PutBucketPublicAccessBlock arn:aws:s3:::shop-prod-models',
  ]);
  const key = arn('kms', 'key/0c52cb3b-048a-49fb-b657-fed4102f3e1c');
  expect(await lines(call('kms', 'DescribeKey', { KeyId: key }))).toEqual([`kms:DescribeKey ${arn('kms', 'key/0')}`]);
});

test('what is there has its tags, and what is made those of the request', async () => {
  const vpc = 'vpc-dbd26c5fe59369093';
  const tag = (n: number, key: string, value: string) => ({
    [`TagSpecification.1.Tag.${n}.Key`]: key,
    [`TagSpecification.1.Tag.${n}.Value`]: value,
  });
  const parameters = { VpcId: vpc, ...tag(1, 'project', 'shop'), ...tag(2, 'environment', 'prod') };
  expect(await lines(call('ec2', 'CreateSubnet', parameters, { VpcId: OURS }))).toEqual(
    expect.arrayContaining([
      `ec2:CreateSubnet ${arn('ec2', 'subnet/0')} ${tagged('Request')}`,
      `ec2:CreateSubnet ${arn('ec2', 'vpc/0')} ${tagged('Resource')}`,
    ]),
  );
});

test('a role is passed to the service that its trust names, and a service makes its own role', async () => {
  const trust = {
    Statement: [{ Effect: 'Allow', Principal: { Service: 'eks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
  };
  const roleArn = 'arn:aws:iam::123456789012:role/shop-prod-cluster';
  const made = [
    call('iam', 'CreateRole', { RoleName: 'shop-prod-cluster', AssumeRolePolicyDocument: JSON.stringify(trust) }),
    call('eks', 'CreateCluster', { name: 'shop-prod', roleArn }),
  ];
  expect(await lines(...made)).toEqual(
    expect.arrayContaining([
      `iam:PassRole ${roleArn} iam:PassedToService=eks.amazonaws.com`,
      'iam:CreateServiceLinkedRole arn:aws:iam::123456789012:role/aws-service-role/eks.amazonaws.com/0 iam:AWSServiceName=eks.amazonaws.com',
    ]),
  );
});

test.each(['ecs', 'sagemaker'])('what scales %s has a role of its own for it', async (service) => {
  const parameters = { ServiceNamespace: service, ResourceId: 'endpoint/shop-prod/variant/model-server' };
  const made = await lines(call('application-autoscaling', 'RegisterScalableTarget', parameters));
  const name = `${service}.application-autoscaling.amazonaws.com`;
  expect(made.filter((line) => line.startsWith('iam:'))).toEqual([
    `iam:CreateServiceLinkedRole arn:aws:iam::123456789012:role/aws-service-role/${name}/0 iam:AWSServiceName=${name}`,
  ]);
});

test('fails on an operation that IAM knows by another name', async () => {
  await expect(lines(call('s3', 'FrobnicateBucket', { Bucket: 'a' }))).rejects.toThrow(
    'IAM has no action s3:FrobnicateBucket',
  );
});
