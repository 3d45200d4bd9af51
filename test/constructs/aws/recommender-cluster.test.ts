import {
  AutoModeNetworkPolicies,
  ClusterCompute,
  EKS_ADD_ON_NAMES,
  EndpointAccess,
  type NodeGroupsProps,
  RecommenderCluster,
  type RecommenderClusterProps,
  StorageClass,
} from '../../../constructs/aws';
import { checkKubernetesVersion } from '../../../constructs/aws/cluster/kubernetes-version';
import { addCluster, DEPLOYER, hclOf, named, onAws, statements } from './fixtures';

const withProps = (props: Partial<RecommenderClusterProps>) => onAws((stack) => void addCluster(stack, props));
const defaults = withProps({});
const cluster = (props?: Partial<RecommenderClusterProps>) => (props ? withProps(props) : defaults);

describe('the control plane', () => {
  test('runs 1.35 by default and never drifts into paid extended support', () => {
    expect(cluster().resource('aws_eks_cluster')).toMatchObject({
      version: '1.35',
      upgrade_policy: { support_type: 'STANDARD' },
    });
  });

  test('1.36 is allowed', () => {
    expect(cluster({ kubernetesVersion: '1.36' }).resource('aws_eks_cluster').version).toBe('1.36');
  });

  test('fails when the version left standard support, saying when', () => {
    expect(() => cluster({ kubernetesVersion: '1.33' as '1.35' })).toThrow(
      'test/Cluster: kubernetesVersion is 1.33: its standard support on EKS ended on 2026-07-29. Allowed are ',
    );
  });

  test('fails when the version is about to leave it', () => {
    onAws((stack) => {
      expect(() => checkKubernetesVersion('1.34', stack, new Date('2026-11-22T12:00:00Z'))).toThrow(
        'test: kubernetesVersion is 1.34: its standard support on EKS ends on 2026-12-02. Allowed are 1.35 (supported until 2027-03-27) and 1.36 (supported until 2027-08-02).',
      );
    });
  });

  test.each([
    ['2027-03-26', undefined],
    [
      '2027-03-27',
      'test: kubernetesVersion is 1.35: its standard support on EKS ended on 2027-03-27. Allowed are 1.36 (supported until 2027-08-02).',
    ],
    [
      '2027-08-02',
      'test: kubernetesVersion is 1.35: its standard support on EKS ended on 2027-03-27. Take a newer release of this library.',
    ],
  ])('on %s, 1.35 fails with %p', (day, message) => {
    onAws((stack) => {
      const check = () => checkKubernetesVersion('1.35', stack, new Date(`${day}T12:00:00Z`));
      if (message === undefined) expect(check).not.toThrow();
      else expect(check).toThrow(message);
    });
  });

  test('EKS may act as its role for this cluster only', () => {
    const [statement, ...others] = statements(named(cluster(), 'aws_iam_role', 'Cluster_Role').assume_role_policy);
    expect(others).toEqual([]);
    expect(statement).toMatchObject({ Action: 'sts:AssumeRole', Principal: { Service: 'eks.amazonaws.com' } });
    expect(statement?.Condition?.ArnEquals?.['aws:SourceArn']).toMatch(/:cluster\/shop-prod$/);
  });

  test('fails when the version is not one the library knows', () => {
    expect(() => cluster({ kubernetesVersion: '2.0' as '1.35' })).toThrow('2.0: this library was not made for it');
  });

  test('its endpoint answers the named ranges only', () => {
    const { vpc_config } = cluster().resource('aws_eks_cluster');
    expect(vpc_config).toMatchObject({
      endpoint_private_access: true,
      endpoint_public_access: true,
      public_access_cidrs: ['203.0.113.0/24'],
    });
  });

  test('its endpoint is closed to the internet when access is private', () => {
    const { vpc_config } = cluster({ endpointAccess: EndpointAccess.private() }).resource('aws_eks_cluster');
    expect(vpc_config).toMatchObject({ endpoint_private_access: true, endpoint_public_access: false });
    expect(vpc_config).not.toHaveProperty('public_access_cidrs');
  });

  test('secrets are encrypted by a key of its own that rotates', () => {
    const stack = cluster();
    expect(stack.resource('aws_kms_key').enable_key_rotation).toBe(true);
    expect(stack.resource('aws_eks_cluster').encryption_config).toEqual({
      provider: { key_arn: `\${aws_kms_key.${Object.keys(stack.resources('aws_kms_key'))[0]}.arn}` },
      resources: ['secrets'],
    });
  });

  test('all its logs go to a group that ends after 30 days and is made before the cluster', () => {
    const stack = cluster();
    const [id, group] =
      Object.entries(stack.resources('aws_cloudwatch_log_group')).find(([key]) => key.startsWith('Cluster_')) ?? [];
    expect(group).toMatchObject({ name: '/aws/eks/shop-prod/cluster', retention_in_days: 30 });
    const resource = stack.resource('aws_eks_cluster');
    expect(resource.depends_on).toContain(`aws_cloudwatch_log_group.${id}`);
    expect(resource.enabled_cluster_log_types).toEqual([
      'api',
      'audit',
      'authenticator',
      'controllerManager',
      'scheduler',
    ]);
  });

  test('the key serves the logs of this cluster and of no other group', () => {
    const key = cluster().resource('aws_kms_key');
    const logs = statements(key.policy).find(({ Sid }) => Sid === 'LogGroups');
    expect(logs?.Condition?.ArnEquals?.['kms:EncryptionContext:aws:logs:arn']).toMatch(
      /:log-group:\/aws\/eks\/shop-prod\/cluster$/,
    );
  });

  test.each([
    [undefined, true],
    [false, false],
  ])('with protection %p, a destroy of cluster and key is refused: %p', (protection, refused) => {
    const stack = cluster({ protection });
    expect(stack.resource('aws_eks_cluster').lifecycle).toMatchObject({ prevent_destroy: refused });
    expect(stack.resource('aws_kms_key').lifecycle).toEqual({ prevent_destroy: refused });
  });

  test.each([
    ['by default', undefined],
    ['with spot nodes', ClusterCompute.nodeGroups({ spot: { instanceTypes: ['t4g.large', 't4g.xlarge'] } })],
    ['in Auto Mode', ClusterCompute.autoMode()],
  ])('the logical ids of cluster and key stay what they are %s', (_, compute) => {
    const stack = cluster({ compute });
    expect(Object.keys(stack.resources('aws_eks_cluster'))).toEqual(['Cluster_EB0386A7']);
    expect(Object.keys(stack.resources('aws_kms_key'))).toEqual(['Cluster_Key_B247D7DD']);
  });
});

describe('who gets in', () => {
  test('the named principals administer it, and its creator has no right of its own', () => {
    const stack = cluster({ adminPrincipalArns: [DEPLOYER, 'arn:aws:iam::111122223333:role/aws-reserved/on-call'] });
    expect(stack.resource('aws_eks_cluster').access_config).toEqual({
      authentication_mode: 'API',
      bootstrap_cluster_creator_admin_permissions: false,
    });
    const entries = Object.values(stack.resources('aws_eks_access_entry'));
    expect(entries.map(({ principal_arn }) => principal_arn)).toEqual([
      DEPLOYER,
      'arn:aws:iam::111122223333:role/aws-reserved/on-call',
    ]);
    for (const policy of Object.values(stack.resources('aws_eks_access_policy_association'))) {
      expect(policy.policy_arn).toMatch(/:eks::aws:cluster-access-policy\/AmazonEKSClusterAdminPolicy$/);
    }
  });

  test('fails when nobody is named', () => {
    expect(() => cluster({ adminPrincipalArns: [] })).toThrow(
      'test/Cluster: adminPrincipalArns is empty, so nobody could reach into the cluster',
    );
  });

  test('fails when somebody is named twice', () => {
    expect(() => cluster({ adminPrincipalArns: [DEPLOYER, DEPLOYER] })).toThrow(
      `adminPrincipalArns has ${DEPLOYER} twice; leave one out.`,
    );
  });

  test('people who look see everything but Secrets, and nobody is one of them by default', () => {
    const analyst = 'arn:aws:iam::111122223333:role/analyst';
    const stack = cluster({ viewerPrincipalArns: [analyst] });
    const policy = named(stack, 'aws_eks_access_policy_association', 'Cluster_Viewers_analyst_Policy');
    expect(policy.policy_arn).toMatch(/:eks::aws:cluster-access-policy\/AmazonEKSViewPolicy$/);
    expect(policy.access_scope).toEqual({ type: 'cluster' });
    expect(Object.keys(cluster().resources('aws_eks_access_entry'))).toHaveLength(1);
  });

  test('fails when somebody looks and administers', () => {
    expect(() => cluster({ viewerPrincipalArns: [DEPLOYER] })).toThrow(
      `test/Cluster: viewerPrincipalArns has ${DEPLOYER}, which is named already; leave one out.`,
    );
  });

  test('a workload identity is bound to one service account of this cluster, and may do nothing yet', () => {
    const stack = onAws((inner) => {
      const identity = addCluster(inner).addWorkloadIdentity('Reader', {
        namespace: 'recommender',
        serviceAccountName: 'model-server',
      });
      expect(identity.serviceAccountAnnotations).toEqual({});
      expect(identity.ready).toEqual([identity.association]);
    });
    const role = named(stack, 'aws_iam_role', 'Cluster_Reader_Role');
    expect(role.name).toBe('shop-prod-recommender-model-server');
    expect(statements(role.assume_role_policy)).toEqual([
      {
        Effect: 'Allow',
        Principal: { Service: 'pods.eks.amazonaws.com' },
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Condition: {
          StringEquals: {
            'aws:RequestTag/eks-cluster-arn': `\${aws_eks_cluster.Cluster_EB0386A7.arn}`,
            'aws:RequestTag/kubernetes-namespace': 'recommender',
            'aws:RequestTag/kubernetes-service-account': 'model-server',
          },
        },
      },
    ]);
    expect(named(stack, 'aws_eks_pod_identity_association', 'Cluster_Reader_Association')).toMatchObject({
      namespace: 'recommender',
      service_account: 'model-server',
    });
    const policies = Object.keys(stack.resources('aws_iam_role_policy'));
    expect(policies.filter((id) => id.startsWith('Cluster_Reader'))).toEqual([]);
  });

  test('fails when the name of a role is too long for IAM', () => {
    const serviceAccountName = 'a'.repeat(50);
    expect(() =>
      onAws((stack) => void addCluster(stack).addWorkloadIdentity('Long', { namespace: 'shop', serviceAccountName })),
    ).toThrow(`the role name shop-prod-shop-${serviceAccountName} has 65 characters; IAM allows 64.`);
  });
});

describe('nodes', () => {
  test('are t4g.large on Amazon Linux 2023 for arm64, as many as the capacity plan needs', () => {
    expect(cluster().resource('aws_eks_node_group')).toMatchObject({
      ami_type: 'AL2023_ARM_64_STANDARD',
      instance_types: ['t4g.large'],
      scaling_config: { min_size: 2, desired_size: 2, max_size: 18 },
    });
  });

  test('their number is not changed back when something else changed it', () => {
    expect(cluster().resource('aws_eks_node_group').lifecycle).toMatchObject({
      ignore_changes: ['scaling_config[0].desired_size'],
    });
  });

  test('a group that has to be replaced goes after its successor has come', () => {
    const group = cluster().resource('aws_eks_node_group');
    expect(group.lifecycle).toMatchObject({ create_before_destroy: true });
    expect(group).toMatchObject({ node_group_name_prefix: 'default-' });
    expect(group).not.toHaveProperty('node_group_name');
  });

  test('a count replaces the derived number', () => {
    const stack = cluster({ compute: ClusterCompute.nodeGroups({ count: { min: 3, max: 6 } }) });
    expect(stack.resource('aws_eks_node_group').scaling_config).toEqual({
      min_size: 3,
      desired_size: 3,
      max_size: 6,
    });
  });

  test.each([
    ['bottlerocket', 't4g.large', 'BOTTLEROCKET_ARM_64', ['/dev/xvda', '/dev/xvdb']],
    ['bottlerocket', 'm7i.large', 'BOTTLEROCKET_x86_64', ['/dev/xvda', '/dev/xvdb']],
    ['amazon-linux-2023', 'm7i.large', 'AL2023_x86_64_STANDARD', ['/dev/xvda']],
  ] as const)('%s on %s is %s, with every disk encrypted', (image, instanceType, amiType, disks) => {
    const stack = cluster({ compute: ClusterCompute.nodeGroups({ image, instanceType, count: { min: 2, max: 3 } }) });
    expect(stack.resource('aws_eks_node_group').ami_type).toBe(amiType);
    const mappings = stack.resource('aws_launch_template').block_device_mappings as Record<string, unknown>[];
    expect(mappings.map(({ device_name }) => device_name)).toEqual(disks);
    for (const { ebs } of mappings) expect(ebs).toMatchObject({ encrypted: 'true', volume_type: 'gp3' });
  });

  test('no pod reaches their metadata, and their disks are encrypted', () => {
    const template = cluster({ tags: { owner: 'shop' } }).resource('aws_launch_template');
    expect(template.metadata_options).toEqual({
      http_endpoint: 'enabled',
      http_tokens: 'required',
      http_put_response_hop_limit: 1,
    });
    expect(template.block_device_mappings).toMatchObject([{ ebs: { volume_type: 'gp3', encrypted: 'true' } }]);
    expect(template.tag_specifications).toContainEqual({
      resource_type: 'volume',
      tags: { owner: 'shop', Name: 'shop-prod-node' },
    });
  });

  test('their role joins the cluster and pulls images, no more', () => {
    const attachments = Object.entries(cluster().resources('aws_iam_role_policy_attachment'));
    const names = attachments
      .filter(([id]) => id.startsWith('Cluster_NodeGroup'))
      .map(([, { policy_arn }]) => String(policy_arn).split('/').pop());
    expect(names.sort()).toEqual(['AmazonEC2ContainerRegistryPullOnly', 'AmazonEKSWorkerNodePolicy']);
  });
});

describe('spot nodes', () => {
  const SPOT = { instanceTypes: ['m7g.large', 'm7g.xlarge'] } as const;
  const withSpot = (props: Partial<NodeGroupsProps> = {}) =>
    cluster({ compute: ClusterCompute.nodeGroups({ instanceType: 'm7g.large', spot: SPOT, ...props }) });
  const group = (stack: ReturnType<typeof cluster>, id: string) => named(stack, 'aws_eks_node_group', `Cluster_${id}`);

  test('come beside one node on demand in each zone, and both together are what the plan needs', () => {
    const all = cluster({ compute: ClusterCompute.nodeGroups({ instanceType: 'm7g.large' }) });
    const { min_size: min, max_size: max } = all.resource('aws_eks_node_group').scaling_config as Record<
      string,
      number
    >;
    const stack = withSpot();
    expect(group(stack, 'NodeGroup')).toMatchObject({
      capacity_type: 'ON_DEMAND',
      instance_types: ['m7g.large'],
      scaling_config: { min_size: 2, max_size: 2 },
    });
    expect(group(stack, 'SpotNodeGroup')).toMatchObject({
      capacity_type: 'SPOT',
      instance_types: ['m7g.large', 'm7g.xlarge'],
      scaling_config: { min_size: Number(min) - 2, max_size: Number(max) - 2 },
    });
  });

  test('are labelled and not tainted, so that any pod may run there and none has to', () => {
    const stack = withSpot();
    expect(group(stack, 'SpotNodeGroup').labels).toEqual({ 'recommender/capacity': 'spot' });
    expect(group(stack, 'NodeGroup').labels).toEqual({ 'recommender/capacity': 'on-demand' });
    for (const one of Object.values(stack.resources('aws_eks_node_group'))) expect(one).not.toHaveProperty('taint');
    expect(cluster().resource('aws_eks_node_group')).not.toHaveProperty('labels');
  });

  test('act as the role of the others, with a launch template of their own', () => {
    const stack = withSpot();
    expect(group(stack, 'SpotNodeGroup').node_role_arn).toBe(group(stack, 'NodeGroup').node_role_arn);
    const templates = Object.values(stack.resources('aws_launch_template')).map(({ name }) => name);
    expect(templates.sort()).toEqual(['shop-prod-node', 'shop-prod-spot-node']);
  });

  test.each<[string, Partial<NodeGroupsProps>, string]>([
    ['one type', { spot: { instanceTypes: ['m7g.large', 'm7g.large'] } }, 'name at least two different ones'],
    ['no type', { spot: { instanceTypes: [] } }, 'spot.instanceTypes is empty; name at least two'],
    ['two architectures', { spot: { instanceTypes: ['m7g.large', 'm7i.large'] } }, 'of two processor architectures'],
    [
      'a smaller type',
      { spot: { instanceTypes: ['m7g.large', 'c7g.large'] } },
      'c7g.large, which holds less than m7g.large',
    ],
    [
      'a floor that is everything',
      { count: { min: 2, max: 4 }, spot: { ...SPOT, onDemandFloor: 4 } },
      'spot.onDemandFloor is 4; it must be a whole number from 1 to 3',
    ],
    ['no floor', { spot: { ...SPOT, onDemandFloor: 0 } }, 'spot.onDemandFloor is 0; it must be a whole number from 1'],
  ])('fail with %s', (_, props, message) => {
    expect(() => withSpot(props)).toThrow(message);
  });

  test('may be of any size where the count is given', () => {
    const stack = withSpot({
      count: { min: 2, max: 4 },
      spot: { instanceTypes: ['m7g.large', 'c7g.large'], onDemandFloor: 3 },
    });
    expect(group(stack, 'SpotNodeGroup').scaling_config).toMatchObject({ min_size: 0, max_size: 1 });
  });
});

describe('add-ons', () => {
  const versions = (stack: ReturnType<typeof cluster>) =>
    Object.fromEntries(
      Object.values(stack.resources('aws_eks_addon')).map(({ addon_name, addon_version }) => [
        addon_name,
        addon_version,
      ]),
    );

  test('are all of EKS, in the version that it defaults to', () => {
    expect(Object.keys(versions(cluster())).sort()).toEqual([...EKS_ADD_ON_NAMES].sort());
    expect(Object.values(versions(cluster())).filter((version) => version !== undefined)).toEqual([]);
  });

  test('are pinned where a version is given', () => {
    const addOnVersions = Object.fromEntries(EKS_ADD_ON_NAMES.map((name, minor) => [name, `v1.${minor}.0-eksbuild.1`]));
    expect(versions(cluster({ compute: ClusterCompute.nodeGroups({ addOnVersions }) }))).toEqual(addOnVersions);
  });

  test("fail with a version that is none of EKS's", () => {
    const compute = ClusterCompute.nodeGroups({ addOnVersions: { coredns: 'latest' } });
    expect(() => cluster({ compute })).toThrow(
      "test/Cluster: addOnVersions has latest for coredns; EKS's versions are like v1.12.1-eksbuild.2.",
    );
  });

  test('the VPC CNI enforces network policies, or all that is closed in the cluster would be open', () => {
    const { configuration_values: values } = named(cluster(), 'aws_eks_addon', 'Cluster_AddOns_VpcCni');
    expect(JSON.parse(values as string)).toEqual({ enableNetworkPolicy: 'true' });
  });
});

describe('Auto Mode', () => {
  const auto = cluster({
    compute: ClusterCompute.autoMode({ addOnVersions: { 'metrics-server': 'v0.8.0-eksbuild.2' } }),
  });

  test('turns on all three of its parts, with its own pools and a role of its nodes', () => {
    expect(auto.resource('aws_eks_cluster')).toMatchObject({
      bootstrap_self_managed_addons: false,
      compute_config: { enabled: true, node_pools: ['general-purpose', 'system'] },
      storage_config: { block_storage: { enabled: true } },
      kubernetes_network_config: { elastic_load_balancing: { enabled: true } },
    });
    const node = named(auto, 'aws_iam_role', 'Cluster_AutoModeNodes_Role');
    expect(statements(node.assume_role_policy)).toMatchObject([{ Principal: { Service: 'ec2.amazonaws.com' } }]);
  });

  test('has no node group, and of the add-ons the one that it lacks', () => {
    expect(auto.resources('aws_eks_node_group')).toEqual({});
    expect(auto.resource('aws_eks_addon')).toMatchObject({
      addon_name: 'metrics-server',
      addon_version: 'v0.8.0-eksbuild.2',
    });
  });

  test('lets EKS tag its sessions, and gives it the policies of compute, volumes, networks and load balancers', () => {
    const [trust] = statements(named(auto, 'aws_iam_role', 'Cluster_Role').assume_role_policy);
    expect(trust?.Action).toEqual(['sts:AssumeRole', 'sts:TagSession']);
    const attached = Object.values(auto.resources('aws_iam_role_policy_attachment')).map(({ policy_arn }) =>
      String(policy_arn).split('/').pop(),
    );
    expect(attached.sort()).toEqual([
      'AmazonEC2ContainerRegistryPullOnly',
      'AmazonEKSBlockStoragePolicy',
      'AmazonEKSClusterPolicy',
      'AmazonEKSComputePolicy',
      'AmazonEKSLoadBalancingPolicy',
      'AmazonEKSNetworkingPolicy',
      'AmazonEKSWorkerNodeMinimalPolicy',
    ]);
  });

  test('enforces network policies once it is told, after the cluster is there', () => {
    const stack = onAws((inner) => {
      const made = addCluster(inner, { compute: ClusterCompute.autoMode() });
      new AutoModeNetworkPolicies(inner, 'NetworkPolicies', { cluster: made });
    });
    expect(stack.resource('kubernetes_config_map_v1')).toMatchObject({
      metadata: { name: 'amazon-vpc-cni', namespace: 'kube-system' },
      data: { 'enable-network-policy-controller': 'true' },
      depends_on: [`time_sleep.${Object.keys(stack.resources('time_sleep'))[0]}`],
    });
  });

  test('has volumes made by its own driver', () => {
    const stack = onAws((inner) => {
      const made = addCluster(inner, { compute: ClusterCompute.autoMode() });
      new StorageClass(inner, 'StorageClass', { cluster: made });
    });
    expect(stack.resource('kubernetes_storage_class_v1').storage_provisioner).toBe('ebs.csi.eks.amazonaws.com');
  });
});

describe('order', () => {
  const dependsOn = (resource: Record<string, unknown>) => resource.depends_on as string[];

  test('network, credentials and proxy are there before nodes, names and volumes after them', () => {
    const stack = cluster();
    expect(dependsOn(stack.resource('aws_eks_node_group'))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^aws_eks_addon\.Cluster_AddOns_VpcCni_/),
        expect.stringMatching(/^aws_eks_addon\.Cluster_AddOns_KubeProxy_/),
        expect.stringMatching(/^aws_eks_addon\.Cluster_AddOns_PodIdentityAgent_/),
        expect.stringMatching(/^aws_route\.Network_Private1_DefaultRoute_/),
        expect.stringMatching(/^aws_route_table_association\.Network_Private2_RouteTableAssociation_/),
      ]),
    );
    for (const id of ['Cluster_AddOns_CoreDns', 'Cluster_AddOns_EbsCsiDriver']) {
      expect(dependsOn(named(stack, 'aws_eks_addon', id))).toContainEqual(
        expect.stringMatching(/^aws_eks_node_group\.Cluster_NodeGroup_/),
      );
    }
  });

  test('what is in the cluster waits for nodes, add-ons and admins, and is gone a minute before they are', () => {
    const stack = onAws((inner) => {
      new StorageClass(inner, 'StorageClass', { cluster: addCluster(inner) });
    });
    const sleep = stack.resource('time_sleep');
    expect(sleep.destroy_duration).toBe('60s');
    expect(sleep).not.toHaveProperty('create_duration');
    expect(dependsOn(sleep)).toEqual([
      expect.stringMatching(/^aws_eks_node_group\./),
      expect.stringMatching(/^aws_eks_addon\.Cluster_AddOns_CoreDns_/),
      expect.stringMatching(/^aws_eks_addon\.Cluster_AddOns_MetricsServer_/),
      expect.stringMatching(/^aws_eks_addon\.Cluster_AddOns_EbsCsiDriver_/),
      expect.stringMatching(/^aws_eks_access_policy_association\./),
    ]);
    expect(dependsOn(stack.resource('kubernetes_storage_class_v1'))).toEqual([
      `time_sleep.${Object.keys(stack.resources('time_sleep'))[0]}`,
    ]);
  });
});

test('volumes are encrypted gp3 disks in the zone of their pod', () => {
  const stack = onAws((inner) => void new StorageClass(inner, 'StorageClass', { cluster: addCluster(inner) }));
  expect(stack.resource('kubernetes_storage_class_v1')).toMatchObject({
    metadata: { name: 'recommender-gp3' },
    parameters: { type: 'gp3', encrypted: 'true' },
    volume_binding_mode: 'WaitForFirstConsumer',
  });
});

test('the HCL of a storage class', async () => {
  const cluster = { ready: [], storageClassName: 'recommender-gp3' };
  const stack = onAws((inner) => void new StorageClass(inner, 'StorageClass', { cluster }));
  expect(await stack.hcl()).toMatchSnapshot();
});

test('volumes that the EBS driver makes carry the tags too', () => {
  const driver = named(cluster({ tags: { owner: 'shop' } }), 'aws_eks_addon', 'Cluster_AddOns_EbsCsiDriver');
  expect(JSON.parse(driver.configuration_values as string)).toEqual({
    controller: { extraVolumeTags: { owner: 'shop' } },
  });
});

test('the provider gets its token from the aws command at run time', () => {
  onAws((stack) => {
    const { connection } = addCluster(stack);
    expect(connection.exec.command).toBe('aws');
    expect(connection.exec.args.slice(0, 4)).toEqual(['eks', 'get-token', '--output', 'json']);
    expect(Object.keys(connection).sort()).toEqual(['clusterCaCertificate', 'exec', 'host']);
  });
});

describe('an existing cluster', () => {
  test('is read, and nothing but the identities asked for is made', () => {
    const stack = onAws((inner) => {
      const existing = RecommenderCluster.fromExisting(inner, 'Cluster', { clusterName: 'theirs' });
      existing.addWorkloadIdentity('Reader', { namespace: 'shop', serviceAccountName: 'reader' });
      expect(existing.ready).toEqual([]);
    });
    expect(Object.values(stack.dataSources('aws_eks_cluster'))[0]).toMatchObject({ name: 'theirs' });
    expect(stack.resourceTypes()).toEqual(['aws_eks_pod_identity_association', 'aws_iam_role']);
    expect(stack.resource('aws_iam_role').name).toBe('theirs-shop-reader');
  });
});

test('what counts only when it is made makes no other of a cluster that is imported', () => {
  expect(cluster().resource('aws_eks_cluster').lifecycle).toMatchObject({
    ignore_changes: ['bootstrap_self_managed_addons', 'access_config[0].bootstrap_cluster_creator_admin_permissions'],
  });
});

test('the HCL of a cluster, without its network', async () => {
  const hcl = await cluster().hcl();
  expect(hcl.slice(hcl.indexOf('resource "aws_kms_key"'))).toMatchSnapshot();
});

test('the HCL of what tells Auto Mode to enforce network policies', async () => {
  const template = onAws((stack) => {
    const cluster = addCluster(stack, { compute: ClusterCompute.autoMode() });
    new AutoModeNetworkPolicies(stack, 'NetworkPolicies', { cluster });
  });
  expect(await hclOf(template, 'NetworkPolicies')).toMatchSnapshot();
});
