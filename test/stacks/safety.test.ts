import { statements } from '../constructs/aws/fixtures';
import { CLOUDS, type Cloud, stackOn } from './both-clouds';

type Attributes = Record<string, unknown>;
type Stack = ReturnType<typeof stackOn>;

const PROD = { aws: stackOn('aws'), azure: stackOn('azure') };
const PEER = {
  aws: {
    modelStoreUrl: 'az://shopmodels/models',
    issuerUrl: 'https://eastus.oic.prod-aks.azure.com/00000000-0000-4000-8000-000000000001/a/',
    readerClientId: '00000000-0000-4000-8000-000000000003',
    tenantId: '00000000-0000-4000-8000-000000000001',
  },
  azure: {
    modelStoreUrl: 's3://shop-prod-models',
    issuerUrl: 'https://oidc.eks.us-east-1.amazonaws.com/id/0123456789ABCDEF',
    readerRoleArn: 'arn:aws:iam::111122223333:role/shop-prod-sync-reader',
  },
};
const PEERED = {
  aws: stackOn('aws', { settings: { peer: PEER.aws } }),
  azure: stackOn('azure', { settings: { peer: PEER.azure } }),
};

const all = (stack: Stack): [address: string, attributes: Attributes][] =>
  Object.entries(stack.json.resource as Record<string, Record<string, Attributes>>).flatMap(([type, resources]) =>
    Object.entries(resources).map(([id, attributes]): [string, Attributes] => [`${type}.${id}`, attributes]),
  );
const refusingDestroy = (stack: Stack) =>
  all(stack)
    .filter(([, { lifecycle }]) => (lifecycle as Attributes | undefined)?.prevent_destroy === true)
    .map(([address]) => address)
    .sort();

const HOLDS_DATA: Record<Cloud, string[]> = {
  aws: [
    'aws_eks_cluster.Cluster_EB0386A7',
    'aws_kms_key.Cluster_Key_B247D7DD',
    'aws_kms_key.ModelStore_Key_64EFBA0A',
    'aws_s3_bucket.ModelStore_926D9317',
  ],
  azure: [
    'azurerm_kubernetes_cluster.Cluster_EB0386A7',
    'azurerm_resource_group.ResourceGroup',
    'azurerm_storage_account.ModelStore_926D9317',
    'azurerm_storage_container.ModelStore_Container_45ECEA11',
  ],
};

describe.each(CLOUDS)('protection on %s', (cloud) => {
  test('is on what holds data', () => {
    expect(refusingDestroy(PROD[cloud])).toEqual(HOLDS_DATA[cloud]);
  });

  test.each([{ protection: false }, { environment: 'dev' as const }])(
    'with %j every resource lets a destroy through, and none is gone or new',
    (options) => {
      const open = stackOn(cloud, options);
      expect(refusingDestroy(open)).toEqual([]);
      expect(all(open).map(([address]) => address)).toEqual(all(PROD[cloud]).map(([address]) => address));
    },
  );

  test('stays on the store when the cluster is one that is there', () => {
    const existingCluster = { aws: 'theirs', azure: { name: 'theirs', resourceGroupName: 'platform' } }[cloud];
    const existing = stackOn(cloud, { settings: { existingCluster } });
    expect(refusingDestroy(existing)).toEqual(HOLDS_DATA[cloud].filter((address) => !/\.Cluster_/.test(address)));
  });
});

test('a bucket without protection is destroyed with its objects, and no other', () => {
  expect(PROD.aws.resource('aws_s3_bucket').force_destroy).toBe(false);
  expect(stackOn('aws', { protection: false }).resource('aws_s3_bucket').force_destroy).toBe(true);
});

describe.each(CLOUDS)('workloads: skip on %s', (cloud) => {
  const inCluster = ([address]: [string, Attributes]) => /^(kubernetes|helm)_/.test(address);

  test('lets go of all that was deployed into the cluster, without a destroy', () => {
    const skipped = stackOn(cloud, { settings: { workloads: 'skip' } });
    const addresses = all(PROD[cloud])
      .filter(inCluster)
      .map(([address]) => address);
    expect(addresses.length).toBeGreaterThan(9);
    const removed = skipped.json.removed as { from: string; lifecycle: object }[];
    expect(removed.map(({ from }) => from).sort()).toEqual(addresses.sort());
    expect(new Set(removed.map(({ lifecycle }) => JSON.stringify(lifecycle)))).toEqual(new Set(['{"destroy":false}']));
  });

  test('changes nothing of the rest, and a stack with workloads lets go of nothing', () => {
    const skipped = stackOn(cloud, { settings: { workloads: 'skip' } });
    expect(all(skipped)).toEqual(all(PROD[cloud]).filter((resource) => !inCluster(resource)));
    expect(PROD[cloud].json).not.toHaveProperty('removed');
  });
});

describe.each(CLOUDS)('who may call the model server on %s', (cloud) => {
  // biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
  const callers = (stack: Stack): any[] =>
    // biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
    (Object.values(stack.resources('kubernetes_network_policy_v1')) as any[])
      .filter(({ metadata }) => metadata.name === 'model-server')
      .flatMap(({ spec }) => spec.ingress)
      .flatMap(({ from }) => from)
      .map(({ namespace_selector }) => namespace_selector.match_labels['kubernetes.io/metadata.name']);

  test('is Prometheus, and the namespaces that the config names', () => {
    expect(callers(PROD[cloud])).toEqual(['monitoring']);
    expect(callers(stackOn(cloud, { settings: { callers: ['shop', 'checkout'] } })).sort()).toEqual([
      'checkout',
      'monitoring',
      'shop',
    ]);
  });

  test.each(['Shop', 'shop.example', '', '-shop'])('fails with the namespace %j', (name) => {
    expect(() => stackOn(cloud, { settings: { callers: [name] } })).toThrow("must be a namespace's name, such as shop");
  });
});

describe.each(CLOUDS)('a private API server on %s', (cloud) => {
  test('is closed to the internet, and everything else is as it was', () => {
    const open = stackOn(cloud, { settings: { endpointAccess: { public: { cidrs: ['198.51.100.0/24'] } } } });
    const closed = PROD[cloud];
    const cluster = cloud === 'aws' ? 'aws_eks_cluster' : 'azurerm_kubernetes_cluster';
    expect(JSON.stringify(open.resource(cluster))).toContain('198.51.100.0/24');
    expect(closed.resource(cluster)).toMatchObject(
      cloud === 'aws'
        ? { vpc_config: { endpoint_public_access: false, endpoint_private_access: true } }
        : { private_cluster_enabled: true, private_cluster_public_fqdn_enabled: false },
    );
    const others = (stack: Stack) => all(stack).filter(([address]) => !address.startsWith(`${cluster}.`));
    expect(others(closed)).toEqual(others(open));
  });
});

describe('permissions on AWS', () => {
  const policies = (type: string, attribute: string) =>
    Object.values(PEERED.aws.resources(type)).flatMap((resource) => statements(resource[attribute]));

  test('no role may do everything, or anything to everything', () => {
    const granted = policies('aws_iam_role_policy', 'policy');
    expect(granted.length).toBeGreaterThan(8);
    for (const { Effect, Action, Resource, Principal } of granted) {
      expect([Effect, Principal]).toEqual(['Allow', undefined]);
      for (const action of [Action].flat()) expect(action).toMatch(/^[a-z0-9]+:[A-Za-z]+$/);
      // An ARN of something of this stack; the only * is behind it, or in the place of a model's name.
      for (const resource of [Resource].flat()) {
        expect(resource).toMatch(/^\$\{aws_\w+\.\w+\.arn\}(\/\*|:\*|\/\*\/(rollouts|versions|runs)\/\*)?$/);
      }
    }
  });

  test('each role is for one service, or for one service account by its conditions', () => {
    const trusts = policies('aws_iam_role', 'assume_role_policy');
    expect(
      trusts.map(({ Principal, Condition }) => [Object.values(Principal ?? {})[0], Condition !== undefined]),
    ).toEqual(
      expect.arrayContaining([
        ['eks.amazonaws.com', true],
        ['ec2.amazonaws.com', false],
        ['vpc-flow-logs.amazonaws.com', true],
        ['pods.eks.amazonaws.com', true],
        [expect.stringContaining('aws_iam_openid_connect_provider.'), true],
      ]),
    );
    const open = trusts.filter(
      ({ Principal, Condition }) => !Condition && JSON.stringify(Principal).includes('pods.eks'),
    );
    expect(open).toEqual([]);
  });

  test('of the policies that AWS keeps, only what EKS asks for its own parts is attached', () => {
    const names = Object.values(PEERED.aws.resources('aws_iam_role_policy_attachment')).map(({ policy_arn }) =>
      String(policy_arn).replace(/^.*:policy\//, ''),
    );
    expect(names.sort()).toEqual([
      'AmazonEC2ContainerRegistryPullOnly',
      'AmazonEKSClusterPolicy',
      'AmazonEKSWorkerNodePolicy',
      'AmazonEKS_CNI_Policy',
      'service-role/AmazonEBSCSIDriverPolicy',
    ]);
  });
});

test('roles on Azure are of the narrowest kind, on one container, subnet, address or identity', () => {
  const assigned = Object.values(PEERED.azure.resources('azurerm_role_assignment')).map(
    ({ role_definition_name, scope }) => [role_definition_name ?? 'writer', /\$\{(\w+)\./.exec(String(scope))?.[1]],
  );
  expect(assigned.sort()).toEqual([
    ['Managed Identity Operator', 'azurerm_user_assigned_identity'],
    ['Network Contributor', 'azurerm_public_ip'],
    ['Network Contributor', 'azurerm_subnet'],
    ['Storage Blob Data Reader', 'azurerm_storage_container'],
    ['Storage Blob Data Reader', 'azurerm_storage_container'],
    ['writer', 'azurerm_storage_container'],
    ['writer', 'azurerm_storage_container'],
  ]);
  const { permissions } = PEERED.azure.resource('azurerm_role_definition') as { permissions: Attributes[] };
  expect(JSON.stringify(permissions)).not.toMatch(/\*|delete/i);
  expect(JSON.stringify(permissions)).toContain('/blobs/write');
});

describe.each(CLOUDS)('on %s', (cloud) => {
  test('every pod of ours is restricted and cannot write to its root file system', () => {
    const pods = all(PEERED[cloud]).flatMap(([address, { spec }]) => {
      const of = spec as {
        template?: { spec: Attributes };
        job_template?: { spec: { template: { spec: Attributes } } };
      };
      const pod = of?.template?.spec ?? of?.job_template?.spec.template.spec;
      return pod ? [[address, pod] as const] : [];
    });
    expect(pods.map(([address]) => address.replace(/_[0-9A-F]{8}$/, '')).sort()).toEqual([
      expect.stringMatching(/^kubernetes_cron_job_v1\./),
      'kubernetes_deployment_v1.ModelFollower',
      'kubernetes_deployment_v1.ModelServer',
    ]);
    for (const [address, pod] of pods) {
      expect(pod).toMatchObject({
        // The follower alone asks the API server.
        automount_service_account_token: address.includes('ModelFollower'),
        security_context: { run_as_non_root: true, seccomp_profile: { type: 'RuntimeDefault' } },
      });
      for (const container of pod.container as Attributes[]) {
        expect(container.security_context).toMatchObject({
          allow_privilege_escalation: false,
          read_only_root_filesystem: true,
          capabilities: { drop: ['ALL'] },
        });
      }
    }
  });

  test('nothing is reachable from the internet but what the config opens', () => {
    const services = Object.values(PEERED[cloud].resources('kubernetes_service_v1'));
    expect(services.map(({ spec }) => (spec as Attributes).type)).toEqual(['ClusterIP']);
    const types = PEERED[cloud].resourceTypes();
    expect(types).toContain('kubernetes_service_v1');
    expect(types.filter((type) => /ingress|_lb|load_balancer|secret|access_key|password/.test(type))).toEqual([]);
  });
});
