import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { SYNC_SERVICE_ACCOUNT } from '../../../constructs/contracts';
import { RecommenderNamespace } from '../../../constructs/kubernetes';
import { inCluster } from './fixtures';

const namespace = () => inCluster(() => {}).resource('kubernetes_namespace_v1');

test('the namespace refuses pods below the Pod Security Standard "restricted"', () => {
  expect(namespace()).toMatchObject({
    metadata: {
      name: 'recommender',
      labels: {
        'pod-security.kubernetes.io/enforce': 'restricted',
        'pod-security.kubernetes.io/warn': 'restricted',
        'pod-security.kubernetes.io/audit': 'restricted',
      },
    },
  });
});

test('it is the namespace that the peer trusts in the sync job', () => {
  expect(namespace()).toMatchObject({ metadata: { name: SYNC_SERVICE_ACCOUNT.namespace } });
});

test('it waits for what the cluster calls ready', () => {
  const synthesized = inCluster((stack) => {
    const nodes = new NamespaceV1(stack, 'Nodes', { metadata: { name: 'nodes' } });
    new RecommenderNamespace(stack, 'Later', { cluster: { ready: [nodes] } });
  });
  const later = Object.entries(synthesized.resources('kubernetes_namespace_v1')).find(([id]) => id.startsWith('Later'));
  expect(later?.[1].depends_on).toEqual([expect.stringMatching(/^kubernetes_namespace_v1\.Nodes/)]);
});

test('the HCL of the namespace', async () => {
  expect(await inCluster(() => {}).hcl()).toMatchSnapshot();
});
