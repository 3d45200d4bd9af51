import type { TerraformStack } from 'cdktf';
import { EdgeModels, type EdgeModelsProps, ServiceRole } from '../../../constructs/aws';
import { CODE } from '../../edge-functions/edge-function';
import { named, onAws, rendered, statements } from './fixtures';

const add = (stack: TerraformStack, props: Partial<EdgeModelsProps> = {}) =>
  new EdgeModels(stack, 'Models', { modelsName: 'shop-prod', ...props });
const stack = onAws((stack) => void add(stack));

test("the function is the repository's own, and Terraform reads nothing into it", () => {
  const { code } = stack.resource('aws_cloudfront_function');
  // `$${` is how Terraform writes `${`.
  expect((code as string).replaceAll('$${', '${')).toBe(CODE);
  expect(code).not.toMatch(/(?<!\$)\$\{/);
});

test('it is published, for the runtime that reads key-value stores, with its store', () => {
  expect(stack.resource('aws_cloudfront_function')).toMatchObject({
    name: 'shop-prod',
    runtime: 'cloudfront-js-2.0',
    publish: true,
    key_value_store_associations: [expect.stringMatching(/aws_cloudfront_key_value_store\.Models_Store_.+\.arn/)],
  });
});

test('visitors ask as a customer of their own', () => {
  expect(rendered((stack) => add(stack).visitorPath)).toBe('/v1/users/visitor/recommendations');
  expect(rendered((stack) => add(stack, { visitor: 'guest' }).visitorPath)).toBe('/v1/users/guest/recommendations');
});

test('who is granted an update reads and changes the keys of this store, and no store itself', () => {
  const granted = onAws((stack) => {
    const promoter = new ServiceRole(stack, 'Promoter', {
      roleName: 'promoter',
      description: 'Promotes',
      service: 'codebuild.amazonaws.com',
    });
    add(stack).grants.update(promoter);
  });
  expect(statements(named(granted, 'aws_iam_role_policy', 'Promoter_ModelsUpdate').policy)).toEqual([
    {
      Effect: 'Allow',
      Action: ['DescribeKeyValueStore', 'ListKeys', 'UpdateKeys'].map((name) => `cloudfront-keyvaluestore:${name}`),
      Resource: expect.stringMatching(/aws_cloudfront_key_value_store\.Models_Store_.+\.arn/),
    },
  ]);
});

test.each(['modelsName', 'visitor'])('fails when %s has other characters than letters, digits and hyphens', (prop) => {
  expect(() => onAws((stack) => void add(stack, { [prop]: 'a/b' }))).toThrow(
    `${prop} is a/b; it must be 1 to 64 letters, digits and hyphens.`,
  );
});

test('the HCL of the store', async () => {
  const hcl = await stack.hcl();
  const start = hcl.indexOf('resource "aws_cloudfront_key_value_store"');
  expect(hcl.slice(start, hcl.indexOf('\n}', start) + 2)).toMatchSnapshot();
});
