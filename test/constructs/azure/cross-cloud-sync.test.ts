import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { type AwsSyncPeer, CrossCloudSync, ModelStore } from '../../../constructs/azure';
import { RecommenderNamespace } from '../../../constructs/kubernetes';
import { IMAGE } from '../kubernetes/fixtures';
import { cluster, onAzure, RESOURCE_GROUP, ref } from './fixtures';

const PEER: AwsSyncPeer = {
  modelStoreUrl: 's3://shop-prod-models',
  issuerUrl: 'https://oidc.eks.eu-west-1.amazonaws.com/id/0123456789ABCDEF',
  readerRoleArn: 'arn:aws:iam::111122223333:role/shop-prod-sync-reader',
};

const synthesized = (peer?: AwsSyncPeer, workloads = true) =>
  onAzure((stack) => {
    const own = cluster(stack);
    if (workloads) new KubernetesProvider(stack, 'Kubernetes');
    new CrossCloudSync(stack, 'Sync', {
      readerIdentityName: 'shop-prod-sync-reader',
      resourceGroup: RESOURCE_GROUP,
      cluster: own,
      modelStore: new ModelStore(stack, 'ModelStore', { accountName: 'shopmodels', resourceGroup: RESOURCE_GROUP }),
      peer,
      job: workloads
        ? { namespace: new RecommenderNamespace(stack, 'Namespace', { cluster: own }), image: IMAGE }
        : undefined,
    });
  });
// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
const job = (peer?: AwsSyncPeer) => (synthesized(peer).resource('kubernetes_cron_job_v1') as any).spec;
const pod = (peer?: AwsSyncPeer) => job(peer).job_template.spec.template.spec;
const environment = (peer?: AwsSyncPeer) =>
  Object.fromEntries(
    pod(peer).container[0].env.map(({ name, value }: { name: string; value: string }) => [name, value]),
  );
const credentials = (peer?: AwsSyncPeer) =>
  Object.values(synthesized(peer).resources('azurerm_federated_identity_credential'));

describe('without a peer', () => {
  test('the job is suspended', () => {
    expect(job().suspend).toBe(true);
  });

  test("no issuer but the own cluster's is trusted", () => {
    expect(credentials().map(({ issuer }) => issuer)).toEqual([
      ref('azurerm_kubernetes_cluster.Cluster_EB0386A7.oidc_issuer_url'),
    ]);
  });

  test('the reader is there to be named as a peer, and may read already', () => {
    const stack = synthesized();
    expect(Object.values(stack.resources('azurerm_user_assigned_identity')).map(({ name }) => name)).toContain(
      'shop-prod-sync-reader',
    );
    expect(Object.values(stack.resources('azurerm_role_assignment'))).toContainEqual(
      expect.objectContaining({
        role_definition_name: 'Storage Blob Data Reader',
        principal_id: expect.stringContaining('Sync_Reader_'),
      }),
    );
  });
});

describe('with a peer', () => {
  test("the peer's sync job, and no other of its service accounts, may act as the reader", () => {
    expect(credentials(PEER)).toContainEqual(
      expect.objectContaining({
        parent_id: expect.stringContaining('Sync_Reader_'),
        issuer: PEER.issuerUrl,
        subject: 'system:serviceaccount:recommender:model-sync',
        audience: ['api://AzureADTokenExchange'],
      }),
    );
  });

  test("the job copies from the peer's store to the own", () => {
    expect(job(PEER).suspend).toBe(false);
    expect(environment(PEER)).toMatchObject({
      SYNC_SOURCE_URL: 's3://shop-prod-models',
      SYNC_DESTINATION_URL: expect.stringMatching(/^az:/),
    });
  });

  test("the job acts as the peer's role, by a token for AWS, in the region of the peer's cluster", () => {
    expect(environment(PEER)).toMatchObject({
      AWS_ROLE_ARN: PEER.readerRoleArn,
      AWS_WEB_IDENTITY_TOKEN_FILE: '/var/run/secrets/recommender/peer/token',
      AWS_REGION: 'eu-west-1',
    });
    expect(pod(PEER).volume[1].projected[0].sources[0].service_account_token.audience).toBe('sts.amazonaws.com');
  });

  test('fails when the issuer is not of an EKS cluster', () => {
    expect(() => synthesized({ ...PEER, issuerUrl: 'https://issuer.example.com' })).toThrow(
      'test/Sync: peer.issuerUrl is https://issuer.example.com; it must be the issuer of an EKS cluster',
    );
  });
});

test('the job may write the own store, and the reader only read it', () => {
  const assignments = Object.values(synthesized(PEER).resources('azurerm_role_assignment')).filter(({ scope }) =>
    String(scope).includes('azurerm_storage_container'),
  );
  expect(assignments.map(({ principal_id, role_definition_name }) => [principal_id, role_definition_name])).toEqual([
    [expect.stringContaining('Cluster_SyncIdentity_'), undefined],
    [expect.stringContaining('Sync_Reader_'), 'Storage Blob Data Reader'],
  ]);
});

test("without the cluster's contents the identities are the same, and there is no job", () => {
  const stack = synthesized(PEER, false);
  expect(stack.resourceTypes().filter((type) => type.startsWith('kubernetes_'))).toEqual([]);
  expect(Object.keys(stack.resources('azurerm_user_assigned_identity'))).toEqual(
    Object.keys(synthesized(PEER).resources('azurerm_user_assigned_identity')),
  );
});

test('the template reads as expected', async () => {
  expect(await synthesized(PEER, false).hcl()).toMatchSnapshot();
});
