import {
  NotebookInstance,
  type NotebookInstanceProps,
  Peer,
  SageMakerLogs,
  type SharedLogs,
} from '../../../constructs/aws';
import { ON_INSTANCE, stopWhenIdle } from '../../../constructs/aws/ml/stop-when-idle';
import { hclOf, named, onAws } from './fixtures';
import { network, policiesOf } from './sagemaker-fixtures';

const withProps = (
  { kind = 'NotebookInstances', ...props }: Partial<NotebookInstanceProps> & { kind?: SharedLogs } = {},
  use: (notebook: NotebookInstance) => void = () => undefined,
) =>
  onAws((stack) =>
    use(
      new NotebookInstance(stack, 'Notebook', {
        notebookName: 'shop-prod',
        network: network(stack),
        logs: new SageMakerLogs(stack, 'Logs', { kind }),
        ...props,
      }),
    ),
  );
const defaults = withProps();
const notebook = (template = defaults) => template.resource('aws_sagemaker_notebook_instance');

test('it is in a private subnet, without a way to the internet that is SageMaker’s, and without root', () => {
  expect(notebook()).toMatchObject({
    instance_type: 'ml.t3.medium',
    subnet_id: expect.stringMatching(/aws_subnet\.Network_Private1_/),
    security_groups: [expect.stringMatching(/aws_security_group\.Notebook_SecurityGroup_/)],
    direct_internet_access: 'Disabled',
    root_access: 'Disabled',
    instance_metadata_service_configuration: { minimum_instance_metadata_service_version: '2' },
  });
  expect(defaults.resources('aws_vpc_security_group_ingress_rule')).toEqual({});
  expect(defaults.resource('aws_vpc_security_group_egress_rule')).toMatchObject({ from_port: 443, to_port: 443 });
  const closer = withProps({ awsServices: [Peer.addresses('10.66.0.0/16')] });
  expect(closer.resource('aws_vpc_security_group_egress_rule').cidr_ipv4).toBe('10.66.0.0/16');
});

test('its disk is encrypted by a key of its own', () => {
  expect(notebook()).toMatchObject({
    kms_key_id: expect.stringMatching(/aws_kms_key\.Notebook_Key_/),
    volume_size: 10,
  });
  expect(named(defaults, 'aws_kms_key', 'Notebook_Key')).toMatchObject({ enable_key_rotation: true });
});

test('each start has it stopped when nobody works', () => {
  const script = (template = defaults) => {
    const { on_start } = template.resource('aws_sagemaker_notebook_instance_lifecycle_configuration');
    return Buffer.from(on_start as string, 'base64').toString();
  };
  expect(script()).toBe(stopWhenIdle({ idleMinutes: 60, ...ON_INSTANCE }));
  expect(script(withProps({ idleMinutes: 15 }))).toContain('if idle < 900:');
  // Of a script in base64, SageMaker takes so many characters.
  expect(Buffer.from(script()).toString('base64').length).toBeLessThan(16_384);
});

test('its role may stop itself, write its logs and join its network, and no more', () => {
  const policies = policiesOf(defaults, 'Notebook_Role');
  const services = new Set(policies.flatMap(({ Action }) => [Action].flat().map((action) => action.split(':')[0])));
  expect([...services].sort()).toEqual(['ec2', 'logs', 'sagemaker']);
  expect(policies.filter(({ Action }) => `${Action}`.startsWith('sagemaker:'))).toMatchObject([
    {
      Action: 'sagemaker:StopNotebookInstance',
      Resource: expect.stringMatching(/:notebook-instance\/shop-prod$/),
    },
  ]);
});

test.each([
  [undefined, true],
  [false, false],
])('with protection %p, a destroy of it and its key is refused: %p', (protection, refused) => {
  const template = withProps({ protection });
  expect(notebook(template).lifecycle).toEqual({ prevent_destroy: refused });
  expect(named(template, 'aws_kms_key', 'Notebook_Key').lifecycle).toEqual({ prevent_destroy: refused });
});

test('the logical ids of what holds data stay what they are', () => {
  expect(Object.keys(defaults.resources('aws_sagemaker_notebook_instance'))).toEqual(['Notebook_985EE735']);
});

test.each<[string, Parameters<typeof withProps>[0]]>([
  ['notebookName is Shop; it must be 2 to 40 lowercase letters', { notebookName: 'Shop' }],
  ['logs are those of TrainingJobs; they must be those of NotebookInstances.', { kind: 'TrainingJobs' }],
  ['idleMinutes is 5; it must be a whole number from 15 to 1440.', { idleMinutes: 5 }],
  ['volumeGigabytes is 4; it must be a whole number from 5 to 16384.', { volumeGigabytes: 4 }],
])('fails when %s', (message, props) => {
  expect(() => withProps(props)).toThrow(`test/Notebook: ${message}`);
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'Notebook')).toMatchSnapshot();
});
