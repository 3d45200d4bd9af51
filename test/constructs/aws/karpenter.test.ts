import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { parse } from 'yaml';
import {
  ClusterCompute,
  EndpointAccess,
  Karpenter,
  type KarpenterProps,
  Network,
  type NetworkProps,
  NODE_ENDPOINT_SERVICES,
  RecommenderCluster,
} from '../../../constructs/aws';
import { CapacityPlan } from '../../../src';
import { DEPLOYER, named, onAws, statements } from './fixtures';

interface Setting {
  readonly props?: Partial<KarpenterProps>;
  readonly network?: Partial<NetworkProps>;
  readonly compute?: ClusterCompute;
}

const withSetting = ({ props, network: networkProps, compute }: Setting) =>
  onAws((stack) => {
    new HelmProvider(stack, 'Helm', {});
    const cidr = '10.66.0.0/16';
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr, ...networkProps });
    const cluster = new RecommenderCluster(stack, 'Cluster', {
      clusterName: 'shop-prod',
      network,
      endpointAccess: EndpointAccess.private(),
      adminPrincipalArns: [DEPLOYER],
      capacity: new CapacityPlan(),
      compute,
    });
    new Karpenter(stack, 'Karpenter', { cluster, network, image: 'al2023@v20261106', maxVcpus: 32, ...props });
  });
const defaults = withSetting({});
const karpenter = (setting?: Setting) => (setting ? withSetting(setting) : defaults);
const release = (name: string, stack = defaults) => {
  const found = Object.values(stack.resources('helm_release')).find((one) => one.name === name);
  if (!found) throw new Error(`there is no release ${name}`);
  return found;
};
const values = (stack = defaults, name = 'karpenter') => parse((release(name, stack).values as string[])[0] as string);
type Spec = Record<string, unknown>;
const objects = (props: Partial<KarpenterProps> = {}) => {
  const made = values(karpenter({ props }), 'karpenter-nodes').objects as { kind: string; spec: Spec }[];
  return Object.fromEntries(made.map(({ kind, spec }) => [kind, spec])) as Record<'EC2NodeClass' | 'NodePool', Spec>;
};

test('its kinds come by a chart of their own in the same version, before the controller', () => {
  const controller = release('karpenter');
  expect(release('karpenter-crd')).toMatchObject({ chart: 'karpenter-crd', version: controller.version });
  expect(controller).toMatchObject({ chart: 'karpenter', namespace: 'kube-system', skip_crds: true });
  expect(controller.depends_on).toContainEqual(expect.stringMatching(/^helm_release\.Karpenter_Crds_/));
});

test('the controller comes once it may act, its nodes may join, and events reach its queue', () => {
  const before = (release('karpenter').depends_on as string[]).map((one) => one.split('.')[0]);
  expect(new Set(before)).toEqual(
    new Set([
      'helm_release',
      'aws_eks_access_entry',
      'aws_eks_pod_identity_association',
      'aws_iam_role_policy',
      'aws_iam_role_policy_attachment',
      'aws_cloudwatch_event_target',
      'aws_sqs_queue_policy',
    ]),
  );
});

test('two replicas, told of cluster and queue', () => {
  expect(values()).toMatchObject({
    replicas: 2,
    serviceAccount: { name: 'karpenter' },
    settings: {
      clusterName: expect.stringMatching(/aws_eks_cluster\.Cluster_/),
      interruptionQueue: expect.stringMatching(/aws_sqs_queue\.Karpenter_Queue_/),
      isolatedVPC: false,
    },
  });
});

test('without a NAT gateway it asks nobody for prices', () => {
  const network = { nat: 'none', interfaceEndpoints: NODE_ENDPOINT_SERVICES } as const;
  expect(values(karpenter({ network })).settings.isolatedVPC).toBe(true);
});

test('its nodes are in the private subnets, behind the group of the cluster, and no pod reaches their metadata', () => {
  const { EC2NodeClass: spec } = objects();
  expect(spec.subnetSelectorTerms).toEqual([
    { id: expect.stringMatching(/aws_subnet\.Network_Private1_/) },
    { id: expect.stringMatching(/aws_subnet\.Network_Private2_/) },
  ]);
  expect(spec.securityGroupSelectorTerms).toEqual([{ id: expect.stringMatching(/cluster_security_group_id/) }]);
  expect(spec.metadataOptions).toEqual({ httpEndpoint: 'enabled', httpTokens: 'required', httpPutResponseHopLimit: 1 });
});

test.each([
  ['al2023@v20261106', ['/dev/xvda']],
  ['bottlerocket@v1.50.0', ['/dev/xvda', '/dev/xvdb']],
] as const)('%s is the image, with every disk encrypted', (image, disks) => {
  const { EC2NodeClass: spec } = objects({ image });
  expect(spec.amiSelectorTerms).toEqual([{ alias: image }]);
  const mappings = spec.blockDeviceMappings as { deviceName: string; ebs: object }[];
  expect(mappings.map(({ deviceName }) => deviceName)).toEqual(disks);
  for (const { ebs } of mappings) expect(ebs).toMatchObject({ encrypted: true, volumeType: 'gp3' });
});

test('it takes spot nodes or others of arm64 by default, up to what is said', () => {
  const { NodePool: spec } = objects();
  expect(spec.limits).toEqual({ cpu: '32', memory: '128Gi' });
  const { requirements } = (spec.template as { spec: { requirements: { key: string; values: string[] }[] } }).spec;
  const allowed = (key: string) => requirements.find((requirement) => requirement.key === key)?.values;
  expect(allowed('karpenter.sh/capacity-type')).toEqual(['spot', 'on-demand']);
  expect(allowed('kubernetes.io/arch')).toEqual(['arm64']);
});

test('other nodes where they are asked for', () => {
  const { NodePool: spec } = objects({ capacity: ['on-demand'], architecture: 'x86-64', maxMemoryGib: 64 });
  expect(spec.limits).toMatchObject({ memory: '64Gi' });
  const { requirements } = (spec.template as { spec: { requirements: object[] } }).spec;
  expect(requirements).toContainEqual({ key: 'karpenter.sh/capacity-type', operator: 'In', values: ['on-demand'] });
  expect(requirements).toContainEqual({ key: 'kubernetes.io/arch', operator: 'In', values: ['amd64'] });
});

test('its queue hears of four kinds of events, from their rules only, by TLS only', () => {
  const patterns = Object.values(karpenter().resources('aws_cloudwatch_event_rule')).map(({ event_pattern }) =>
    JSON.parse(event_pattern as string),
  );
  expect(patterns.map((pattern) => pattern['detail-type'][0]).sort()).toEqual([
    'AWS Health Event',
    'EC2 Instance Rebalance Recommendation',
    'EC2 Instance State-change Notification',
    'EC2 Spot Instance Interruption Warning',
  ]);
  const [send, tls] = statements(karpenter().resource('aws_sqs_queue_policy').policy);
  expect(send?.Condition?.ArnEquals?.['aws:SourceArn']).toHaveLength(4);
  expect(tls).toMatchObject({
    Effect: 'Deny',
    Principal: '*',
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  });
});

test('its nodes join by an access entry, with what every node may do', () => {
  expect(named(karpenter(), 'aws_eks_access_entry', 'Karpenter_AccessEntry').type).toBe('EC2_LINUX');
  const attached = Object.entries(karpenter().resources('aws_iam_role_policy_attachment'))
    .filter(([id]) => id.startsWith('Karpenter_'))
    .map(([, { policy_arn }]) => String(policy_arn).split('/').pop());
  expect(attached.sort()).toEqual(['AmazonEC2ContainerRegistryPullOnly', 'AmazonEKSWorkerNodePolicy']);
});

test('the logical ids of the cluster are what they are without it', () => {
  expect(Object.keys(karpenter().resources('aws_eks_cluster'))).toEqual(['Cluster_EB0386A7']);
});

test('fails in Auto Mode, where AWS runs it', () => {
  expect(() => karpenter({ compute: ClusterCompute.autoMode() })).toThrow(
    'test/Karpenter: cluster is in Auto Mode, where AWS runs Karpenter; leave this one out.',
  );
});

test.each([0, 1.5])('fails when maxVcpus is %p', (maxVcpus) => {
  expect(() => karpenter({ props: { maxVcpus } })).toThrow(
    `test/Karpenter: maxVcpus is ${maxVcpus}; it must be a whole number of at least 1.`,
  );
});

test('the HCL of what it has in AWS', async () => {
  const hcl = await karpenter().hcl();
  expect(
    hcl.slice(hcl.indexOf('resource "aws_iam_role" "Karpenter_Role'), hcl.indexOf('resource "helm_release"')),
  ).toMatchSnapshot();
});
