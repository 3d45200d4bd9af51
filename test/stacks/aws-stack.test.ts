import type { ConfigInput } from '../../src';
import { parseConfig } from '../../src';
import { AwsStack } from '../../stacks/aws-stack';
import { type SynthesizedStack, synthesize } from '../helpers/synth';

type Aws = NonNullable<NonNullable<ConfigInput['environments']['prod']>['aws']>;

const DEPLOYER = 'arn:aws:iam::111122223333:role/deploy';
const AWS: Aws = {
  accountId: '111122223333',
  endpointAccess: { public: { cidrs: ['203.0.113.0/24'] } },
  adminPrincipalArns: [DEPLOYER],
  state: { kind: 's3', bucket: 'shop-state', region: 'us-east-1' },
};

interface Options {
  readonly aws?: Partial<Aws>;
  readonly environment?: 'dev' | 'staging' | 'prod';
  readonly config?: Partial<ConfigInput>;
  readonly settings?: { readonly protection?: boolean };
}

function stack({ aws, environment = 'prod', config, settings }: Options = {}): SynthesizedStack {
  const input: ConfigInput = {
    project: 'shop',
    owner: 'shop-platform',
    budget: { notify: ['platform@shop.example'] },
    environments: { [environment]: { ...settings, aws: { ...AWS, ...aws } } },
    ...config,
  };
  const parsed = parseConfig(input, 'test');
  return synthesize((app) => new AwsStack(app, { config: parsed, environment }));
}
const prod = stack();

type Block = Record<string, Record<string, unknown>>;
const terraform = (synthesized: SynthesizedStack) =>
  synthesized.json.terraform as { backend: Block; required_providers: Block };
const provider = (name: string) => (prod.json.provider as Record<string, Record<string, unknown>[]>)[name]?.[0];
const types = (synthesized: SynthesizedStack, prefix: string) =>
  synthesized.resourceTypes().filter((type) => type.startsWith(prefix));

describe('the providers', () => {
  test('AWS touches the named account and region only, and tags all it makes', () => {
    expect(provider('aws')).toEqual({
      region: 'us-east-1',
      allowed_account_ids: ['111122223333'],
      default_tags: [
        {
          tags: {
            project: 'shop',
            environment: 'prod',
            owner: 'shop-platform',
            'cost-center': 'shop',
            'managed-by': 'cdktf-recommender',
          },
        },
      ],
    });
  });

  test.each(['kubernetes', 'helm'])('%s gets host, CA and a program, and no credential', (name) => {
    const settings = provider(name);
    const connection = (name === 'helm' ? settings?.kubernetes : settings) as Record<string, unknown>;
    expect(Object.keys(connection).sort()).toEqual(['cluster_ca_certificate', 'exec', 'host']);
    expect(JSON.stringify(connection.exec)).toContain('"command":"aws"');
  });

  test('providerVersions replaces the versions of the bindings', () => {
    const synthesized = stack({ config: { providerVersions: { aws: '5.100.0' } } });
    expect(terraform(synthesized).required_providers.aws?.version).toBe('5.100.0');
    expect(terraform(prod).required_providers.aws?.version).toBe('6.25.0');
  });
});

describe('the state', () => {
  test('of prod is in S3, encrypted, with S3 locking', () => {
    expect(terraform(prod).backend).toEqual({
      s3: {
        bucket: 'shop-state',
        key: 'shop/prod/aws.tfstate',
        region: 'us-east-1',
        encrypt: true,
        use_lockfile: true,
      },
    });
  });

  test('of dev may be a local file', () => {
    const dev = stack({ environment: 'dev', aws: { state: { kind: 'local' } } });
    expect(terraform(dev).backend.local?.path).toMatch(/terraform\.aws-dev\.tfstate$/);
  });

  test('of a rehearsal is in its folder', () => {
    const rehearsed = stack({ config: { rehearsal: { stateDirectory: '/tmp/rehearsal' } } });
    expect(terraform(rehearsed).backend).toEqual({ local: { path: '/tmp/rehearsal/aws-prod.tfstate' } });
  });
});

describe('what it makes', () => {
  test('names begin with project and environment, and the bucket ends with the account', () => {
    expect(prod.resource('aws_eks_cluster').name).toBe('shop-prod');
    expect(prod.resource('aws_s3_bucket').bucket).toBe('shop-prod-models-111122223333');
    expect(prod.resource('aws_budgets_budget').name).toBe('shop-prod-monthly');
  });

  test('the network takes the range of AWS and prod, unless the config names another', () => {
    expect(prod.resource('aws_vpc').cidr_block).toBe('10.66.0.0/16');
    expect(stack({ aws: { networkCidr: '10.9.0.0/16' } }).resource('aws_vpc').cidr_block).toBe('10.9.0.0/16');
  });

  test('without NAT gateways it has the endpoints that its nodes need, and none with them', () => {
    const interfaces = (aws: object) =>
      Object.values(stack({ aws }).resources('aws_vpc_endpoint'))
        .filter(({ vpc_endpoint_type }) => vpc_endpoint_type === 'Interface')
        .map(({ service_name }) => String(service_name).split('}.').pop());
    expect(interfaces({ nat: 'none' })).toEqual(['ec2', 'ecr.api', 'ecr.dkr', 'eks-auth', 'sts']);
    expect(interfaces({ nat: 'per-zone' })).toEqual([]);
  });

  test('the model server reads the store, and the sync job writes it', () => {
    const policies = Object.keys(prod.resources('aws_iam_role_policy'));
    expect(policies).toContainEqual(expect.stringMatching(/^Cluster_ModelServerIdentity_ModelStoreRead_/));
    expect(policies).toContainEqual(expect.stringMatching(/^Cluster_SyncIdentity_ModelStoreWrite_/));
  });

  test('everything in the cluster waits until the cluster is ready', () => {
    const sleep = `time_sleep.${Object.keys(prod.resources('time_sleep'))[0]}`;
    for (const namespace of Object.values(prod.resources('kubernetes_namespace_v1'))) {
      expect(namespace.depends_on).toContain(sleep);
    }
    expect(prod.resource('kubernetes_storage_class_v1').depends_on).toContain(sleep);
  });

  test('the volumes of the observability stack have their storage class first', () => {
    const [storageClass] = Object.keys(prod.resources('kubernetes_storage_class_v1'));
    const namespaces = Object.entries(prod.resources('kubernetes_namespace_v1'));
    const [, monitoring] = namespaces.find(([id]) => id.startsWith('ObservabilityStack_')) ?? [];
    expect(monitoring?.depends_on).toContain(`kubernetes_storage_class_v1.${storageClass}`);
  });

  test('without Azure the budget is all for AWS, with it half', () => {
    const azure = {
      subscriptionId: '00000000-0000-4000-8000-000000000001',
      adminGroupObjectIds: ['00000000-0000-4000-8000-00000000000a'],
      endpointAccess: 'private' as const,
      state: { kind: 'local' as const },
    };
    const both = stack({ environment: 'dev', config: { environments: { dev: { aws: AWS, azure } } } });
    expect(prod.resource('aws_budgets_budget').limit_amount).toBe('500');
    expect(both.resource('aws_budgets_budget').limit_amount).toBe('250');
  });

  test('node type and count come from the config', () => {
    const synthesized = stack({ aws: { node: { instanceType: 'm7i.large', count: { min: 4, max: 9 } } } });
    expect(synthesized.resource('aws_eks_node_group')).toMatchObject({
      instance_types: ['m7i.large'],
      ami_type: 'AL2023_x86_64_STANDARD',
      scaling_config: { min_size: 4, max_size: 9 },
    });
  });

  test('fails when kubernetesVersion is out of support, at synth', () => {
    expect(() => stack({ aws: { kubernetesVersion: '1.33' } })).toThrow('ended on 2026-07-29');
  });
});

describe('protection', () => {
  const refused = (synthesized: SynthesizedStack) =>
    ['aws_eks_cluster', 'aws_s3_bucket'].map(
      (type) => (synthesized.resource(type).lifecycle as { prevent_destroy: boolean }).prevent_destroy,
    );

  test.each([
    ['prod', undefined, true],
    ['staging', undefined, true],
    ['dev', undefined, false],
    ['prod', false, false],
    ['dev', true, true],
  ] as const)('in %s with protection %p, a destroy is refused: %p', (environment, protection, expected) => {
    const synthesized = stack({ environment, settings: { protection } });
    expect(refused(synthesized)).toEqual([expected, expected]);
  });
});

describe('workloads: skip', () => {
  const skipped = stack({ aws: { workloads: 'skip' } });

  test('leaves the contents of the cluster, their providers and the image out, and the rest as it was', () => {
    expect([...types(prod, 'kubernetes_'), ...types(prod, 'helm_')]).toContain('kubernetes_deployment_v1');
    expect([...types(skipped, 'kubernetes_'), ...types(skipped, 'helm_')]).toEqual([]);
    expect(Object.keys(terraform(skipped).required_providers).sort()).toEqual(['aws', 'time']);
    expect(skipped.json.variable).toBeUndefined();
    expect(types(skipped, 'aws_')).toEqual(types(prod, 'aws_'));
  });

  test('says how to reach the cluster, and nothing of what is not in it', () => {
    expect(Object.keys(prod.outputs().commands?.value as object)).toEqual(['grafana', 'kubeconfig', 'model_server']);
    expect(Object.keys(skipped.outputs().commands?.value as object)).toEqual(['kubeconfig']);
  });
});

describe('an existing cluster', () => {
  const existing = stack({ aws: { existingCluster: 'theirs' } });

  test('gets the same workloads, and no network, cluster or nodes are made', () => {
    expect(types(existing, 'kubernetes_')).toEqual(types(prod, 'kubernetes_'));
    expect(types(prod, 'aws_')).toEqual(expect.arrayContaining(['aws_vpc', 'aws_eks_cluster', 'aws_eks_node_group']));
    for (const type of ['aws_vpc', 'aws_eks_cluster', 'aws_eks_node_group', 'aws_eks_addon', 'time_sleep']) {
      expect(existing.resourceTypes()).not.toContain(type);
    }
  });

  test('the names of its roles begin with its name', () => {
    const names = Object.values(existing.resources('aws_iam_role')).map(({ name }) => name);
    expect(names.sort()).toEqual([
      'theirs-recommender-model-follower',
      'theirs-recommender-model-server',
      'theirs-recommender-model-sync',
    ]);
  });
});

describe('outputs', () => {
  test('say what the other cloud and people need', () => {
    expect(Object.keys(prod.outputs()).sort()).toEqual([
      'cluster_name',
      'commands',
      'model_store_url',
      'oidc_issuer_url',
      'sync_reader_role_arn',
    ]);
  });

  test('the commands name cluster, region and services', () => {
    const commands = prod.outputs().commands?.value as Record<string, string>;
    expect(commands.kubeconfig).toMatch(/^aws eks update-kubeconfig --name \$\{.+\} --region us-east-1$/);
    const { name, namespace } = (prod.resource('kubernetes_service_v1').metadata ?? {}) as Record<string, string>;
    expect(namespace).toMatch(/kubernetes_namespace_v1\.Namespace_/);
    expect(commands.model_server).toContain(`--namespace recommender service/${name} `);
  });
});

describe('who deploys', () => {
  type Variables = { image: { validation: { condition: string; error_message: string }[] } };
  const checks = (synthesized: SynthesizedStack) =>
    (synthesized.json.variable as Variables).image.validation.filter(({ condition }) =>
      condition.includes('aws_iam_session_context'),
    );

  test('must be an administrator of the cluster, or the plan fails', () => {
    const [issuer] = Object.keys(prod.dataSources('aws_iam_session_context'));
    expect(checks(prod)).toEqual([
      {
        condition: expect.stringContaining(
          `contains(["${DEPLOYER}"], data.aws_iam_session_context.${issuer}.issuer_arn)`,
        ),
        error_message: expect.stringContaining('is not in adminPrincipalArns of the config'),
      },
    ]);
  });

  test('need not be one for a cluster that is there already', () => {
    expect(checks(stack({ aws: { existingCluster: 'theirs' } }))).toEqual([]);
  });
});

test('the image must name a registry and a digest', () => {
  expect(prod.json.variable).toMatchObject({ image: { nullable: false, type: 'string' } });
  expect((prod.json.variable as Block).image).not.toHaveProperty('default');
});

test('fails when the config has no AWS in the environment', () => {
  expect(() =>
    synthesize((app) => {
      const config = parseConfig(
        { owner: 'shop', budget: { notify: ['a@shop.example'] }, environments: { dev: { aws: AWS } } },
        'test',
      );
      return new AwsStack(app, { config, environment: 'prod' });
    }),
  ).toThrow('the config has no environments.prod.aws; add it, or make no AwsStack for prod.');
});

test('the logical ids of what holds data stay what they are', () => {
  const ids = ['aws_s3_bucket', 'aws_kms_key', 'aws_eks_cluster'].flatMap((type) => Object.keys(prod.resources(type)));
  expect(ids.sort()).toEqual([
    'Cluster_EB0386A7',
    'Cluster_Key_B247D7DD',
    'ModelStore_926D9317',
    'ModelStore_Key_64EFBA0A',
  ]);
});

test('what it is made of', () => {
  const counts = Object.fromEntries(
    prod.resourceTypes().map((type) => [type, Object.keys(prod.resources(type)).length]),
  );
  expect(counts).toMatchSnapshot();
});

test('the template without the cluster and its contents reads as expected', async () => {
  const outside = stack({ aws: { existingCluster: 'shared', workloads: 'skip' } });
  expect(await outside.hcl()).toMatchSnapshot();
});
