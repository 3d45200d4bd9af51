import type { TerraformStack } from 'cdktf';
import { type AzureSyncPeer, CrossCloudSync, ModelStore } from '../../../constructs/aws';
import { RecommenderNamespace } from '../../../constructs/kubernetes/recommender-namespace';
import { addCluster, named, onAws, rendered, statements } from './fixtures';

const IMAGE = `registry.shop.example/model-server@sha256:${'a'.repeat(64)}`;
const ISSUER = 'eastus.oic.prod-aks.azure.com/00000000-0000-4000-8000-000000000001/0000000a/';
const PEER: AzureSyncPeer = {
  modelStoreUrl: 'az://shopmodels/models',
  issuerUrl: `https://${ISSUER}`,
  readerClientId: '00000000-0000-4000-8000-000000000003',
  tenantId: '00000000-0000-4000-8000-000000000001',
};

function addSync(stack: TerraformStack, options: { peer?: AzureSyncPeer; withJob?: boolean }): CrossCloudSync {
  const cluster = addCluster(stack);
  return new CrossCloudSync(stack, 'CrossCloudSync', {
    cluster,
    modelStore: new ModelStore(stack, 'ModelStore', { bucketName: 'shop-prod-models' }),
    readerRoleName: 'shop-prod-sync-reader',
    peer: options.peer,
    job: options.withJob
      ? { namespace: new RecommenderNamespace(stack, 'Namespace', { cluster }), image: IMAGE }
      : undefined,
  });
}
const sync = (options: { peer?: AzureSyncPeer; withJob?: boolean }) => onAws((stack) => void addSync(stack, options));
const inert = sync({ withJob: true });
const peered = sync({ peer: PEER, withJob: true });

interface CronJob {
  suspend: boolean;
  job_template: {
    spec: {
      template: {
        spec: {
          container: { image: string; env: { name: string; value: string }[] }[];
          volume: object[];
        };
      };
    };
  };
}
const jobOf = (stack: typeof inert) => stack.resource('kubernetes_cron_job_v1').spec as CronJob;
const podOf = (stack: typeof inert) => jobOf(stack).job_template.spec.template.spec;
const environmentOf = (stack: typeof inert) =>
  Object.fromEntries((podOf(stack).container[0]?.env ?? []).map(({ name, value }) => [name, value]));

describe('without a peer', () => {
  test('the job is there and suspended', () => {
    expect(jobOf(inert).suspend).toBe(true);
    expect(podOf(inert).container[0]?.image).toBe(IMAGE);
  });

  test('nobody of another cloud is trusted', () => {
    expect(inert.resourceTypes()).not.toContain('aws_iam_openid_connect_provider');
    expect(peered.resourceTypes()).toContain('aws_iam_openid_connect_provider');
    expect(Object.keys(inert.resources('aws_iam_role')).filter((id) => id.startsWith('CrossCloudSync'))).toEqual([]);
  });

  test('the ARN that the peer will need is known already', () => {
    const arn = rendered((stack) => addSync(stack, {}).readerRoleArn);
    expect(arn).toMatch(/:iam::\$\{.+\}:role\/shop-prod-sync-reader$/);
  });
});

describe('with a peer', () => {
  test("only its cluster's sync job may take the reader's role", () => {
    expect(peered.resource('aws_iam_openid_connect_provider')).toMatchObject({
      url: `https://${ISSUER}`,
      client_id_list: ['sts.amazonaws.com'],
    });
    const role = named(peered, 'aws_iam_role', 'CrossCloudSync_Reader_Role');
    expect(role.name).toBe('shop-prod-sync-reader');
    expect(statements(role.assume_role_policy)).toEqual([
      {
        Effect: 'Allow',
        Principal: {
          Federated: expect.stringMatching(/aws_iam_openid_connect_provider\.CrossCloudSync_Reader_Issuer_/),
        },
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [`${ISSUER}:aud`]: 'sts.amazonaws.com',
            [`${ISSUER}:sub`]: 'system:serviceaccount:recommender:model-sync',
          },
        },
      },
    ]);
  });

  test('the reader reads, and writes nothing', () => {
    const policy = named(peered, 'aws_iam_role_policy', 'CrossCloudSync_Reader_ModelStoreRead');
    const actions = statements(policy.policy).flatMap(({ Action }) => Action);
    expect(actions).toEqual(['s3:ListBucket', 's3:GetObject', 'kms:Decrypt']);
  });

  test("the job runs, from the peer's store to this one, as the peer's reader", () => {
    expect(jobOf(peered).suspend).toBe(false);
    const environment = environmentOf(peered);
    expect(environment).toMatchObject({
      SYNC_SOURCE_URL: 'az://shopmodels/models',
      SYNC_DESTINATION_URL: expect.stringMatching(/^s3:\/\/\$\{aws_s3_bucket\.ModelStore_/),
      AZURE_CLIENT_ID: PEER.readerClientId,
      AZURE_TENANT_ID: PEER.tenantId,
      AZURE_AUTHORITY_HOST: 'https://login.microsoftonline.com/',
    });
    expect(environment.AZURE_FEDERATED_TOKEN_FILE).toMatch(/^\/var\/run\/secrets\/.+\/token$/);
    expect(JSON.stringify(podOf(peered).volume)).toContain('"audience":"api://AzureADTokenExchange"');
  });
});

test('the identity of the job writes its own store', () => {
  const policy = named(inert, 'aws_iam_role_policy', 'Cluster_SyncIdentity_ModelStoreWrite');
  expect(statements(policy.policy).flatMap(({ Action }) => Action)).toContain('s3:PutObject');
});

test('without a job the half has nothing in the cluster', () => {
  const types = sync({ peer: PEER }).resourceTypes();
  expect(types).toContain('aws_iam_openid_connect_provider');
  expect(types.filter((type) => type.startsWith('kubernetes_'))).toEqual([]);
});

test('the HCL of the half', async () => {
  const hcl = await peered.hcl();
  expect(hcl.slice(hcl.indexOf('resource "aws_iam_openid_connect_provider"'))).toMatchSnapshot();
});
