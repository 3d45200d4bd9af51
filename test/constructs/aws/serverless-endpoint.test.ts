import { ServerlessEndpoint, type ServerlessEndpointProps, ServiceRole } from '../../../constructs/aws';
import { hclOf, named, onAws } from './fixtures';
import { endpointProps, environment, policiesOf } from './sagemaker-fixtures';

const withProps = (
  props: Partial<ServerlessEndpointProps> = {},
  use: (endpoint: ServerlessEndpoint) => void = () => undefined,
) => onAws((stack) => use(new ServerlessEndpoint(stack, 'Endpoint', { ...endpointProps(stack), ...props })));
const defaults = withProps();
const variant = (template = defaults) => {
  const { production_variants } = template.resource('aws_sagemaker_endpoint_configuration');
  return (production_variants as Record<string, unknown>[])[0];
};

test('it has 2 GB for each of ten requests at a time, and nothing is kept warm', () => {
  expect(variant()).toMatchObject({ serverless_config: { memory_size_in_mb: 2048, max_concurrency: 10 } });
  expect(variant()).not.toHaveProperty('instance_type');
  expect(variant()?.serverless_config).not.toHaveProperty('provisioned_concurrency');
  const warm = withProps({ memoryMegabytes: 4096, maxConcurrency: 50, provisionedConcurrency: 2 });
  expect(variant(warm)).toMatchObject({
    serverless_config: { memory_size_in_mb: 4096, max_concurrency: 50, provisioned_concurrency: 2 },
  });
});

test('it is in no network of ours, and its role may join none', () => {
  expect(defaults.resource('aws_sagemaker_model')).not.toHaveProperty('vpc_config');
  expect(defaults.resources('aws_security_group')).toEqual({});
  const actions = policiesOf(defaults, 'Endpoint_Model_Role').flatMap(({ Action }) => Action);
  expect(actions).toContain('s3:GetObject');
  expect(actions.filter((action) => action.startsWith('ec2:'))).toEqual([]);
});

test("its containers' disks have a key of their own, which a destroy is refused", () => {
  const [key, { lifecycle } = {}] =
    Object.entries(defaults.resources('aws_kms_key')).find(([id]) => id.includes('VolumeKey')) ?? [];
  expect(lifecycle).toEqual({ prevent_destroy: true });
  expect(defaults.resource('aws_sagemaker_endpoint_configuration').kms_key_arn).toBe(`\${aws_kms_key.${key}.arn}`);
});

test('it is the same server as elsewhere', () => {
  expect(environment(defaults)).toMatchObject({ RECOMMENDER_PORT: '8080', RECOMMENDER_MODEL_CACHE: '/tmp/models' });
});

test('it may be invoked by whoever is granted it', () => {
  const template = withProps({}, (endpoint) =>
    endpoint.grantInvoke(new ServiceRole(endpoint, 'Caller', { roleName: 'a', description: 'A', service: 'a' })),
  );
  expect(named(template, 'aws_iam_role_policy', 'Endpoint_Caller_EndpointInvoke').policy).toMatch(
    /sagemaker:InvokeEndpoint/,
  );
});

test.each<[string, Partial<ServerlessEndpointProps>]>([
  ['maxConcurrency is 201; it must be a whole number from 1 to 200.', { maxConcurrency: 201 }],
  ['provisionedConcurrency is 11; it must be a whole number from 0 to 10.', { provisionedConcurrency: 11 }],
])('fails when %s', (message, props) => {
  expect(() => withProps(props)).toThrow(`test/Endpoint: ${message}`);
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'Endpoint')).toMatchSnapshot();
});
