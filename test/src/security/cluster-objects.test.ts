import { clusterObjects } from '../../../src/security/cluster-objects';
import type { Fields } from '../../../src/synthesized/stack-json';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';

const METADATA = { name: 'server', namespace: 'shop' };
const read = (type: string, block: Fields) =>
  clusterObjects(new SynthesizedStack('shop', { resource: { [type]: { Server: block } } }));
const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: METADATA, spec: { hostNetwork: true } };

test.each([
  ['kubernetes_pod_v1', 'Pod'],
  ['kubernetes_deployment_v1', 'Deployment'],
  ['kubernetes_deployment', 'Deployment'],
  ['kubernetes_daemon_set_v1', 'DaemonSet'],
  ['kubernetes_daemonset', 'DaemonSet'],
  ['kubernetes_cron_job', 'CronJob'],
])('%s is a %s', (type, kind) => {
  const { objects } = read(type, { metadata: METADATA, spec: { host_network: true } });
  expect(objects).toEqual([
    expect.objectContaining({
      type: kind,
      path: 'shop/Server',
      block: expect.objectContaining({ spec: { hostNetwork: true } }),
    }),
  ]);
});

test('a manifest is what it says', () => {
  expect(read('kubernetes_manifest', { manifest }).objects).toMatchObject([{ type: 'Pod', block: manifest }]);
});

test("objects among a chart's values are read, values of other charts are not", () => {
  const values = (text: string) => read('helm_release', { name: 'shop', values: [text] }).objects;
  expect(values(`objects:\n  - ${JSON.stringify(manifest)}`)).toMatchObject([{ type: 'Pod', path: 'shop/Server' }]);
  expect(values(`server:\n  objects:\n    - ${JSON.stringify(manifest)}`)).toEqual([]);
});

test('an object of a chart is in the namespace of its release, unless it names another', () => {
  const namespaceOf = (metadata: Fields) =>
    read('helm_release', {
      namespace: 'gateway',
      values: [`objects:\n  - ${JSON.stringify({ ...manifest, metadata })}`],
    }).objects.map(({ block }) => (block.metadata as Fields).namespace);
  expect(namespaceOf({ name: 'server' })).toEqual(['gateway']);
  expect(namespaceOf(METADATA)).toEqual(['shop']);
});

test('what has no kind here is left, and what cannot be read is told with its cause', () => {
  expect(read('kubernetes_labels', { labels: {} })).toEqual({ objects: [], unread: [] });
  expect(
    read('kubernetes_deployment_v1', { metadata: METADATA, spec: { unheard_of: [{ a: 1 }, { a: 2 }] } }),
  ).toMatchObject({
    objects: [],
    unread: [{ resource: { path: 'shop/Server' }, cause: expect.stringContaining('unheard_of') }],
  });
});
