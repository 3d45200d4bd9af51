import {
  addNode,
  apply,
  type ControlPlane,
  difference,
  startControlPlane,
  succeed,
} from '@cdktf-recommender/rehearsal';

let controlPlane: ControlPlane;
beforeAll(async () => {
  controlPlane = await startControlPlane({
    podsRunElsewhere: { name: 'played-by', value: 'the-test' },
    onProgress: (line) => console.error(line),
  });
  for (const zone of ['a', 'b', 'c']) await addNode(controlPlane, { name: `node-${zone}`, zone });
}, 1_800_000);
afterAll(() => controlPlane?.stop());

const get = async (...args: string[]) => JSON.parse(await succeed(controlPlane, 'get', ...args, '-o', 'json'));
const settings = (data: Record<string, string>) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings', namespace: 'default' },
  data,
});

describe('a control plane', () => {
  it('runs pods on its nodes', async () => {
    const labels = { app: 'web' };
    await apply(controlPlane, [
      {
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'web', namespace: 'default' },
        spec: {
          replicas: 3,
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [{ name: 'web', image: 'registry.example.com/web' }] },
          },
        },
      },
    ]);
    await succeed(controlPlane, 'rollout', 'status', 'deployment/web', '--timeout=60s');
    const { items } = await get('pods', '--selector', 'app=web');
    expect(items.map(({ status }: { status: { phase: string } }) => status.phase)).toEqual([
      'Running',
      'Running',
      'Running',
    ]);
  });

  it('leaves pods alone that somebody else reports on', async () => {
    const pods = '/api/v1/namespaces/default/pods';
    const phase = async () => (await get('pod', 'ours')).status.phase;
    const spec = { containers: [{ name: 'ours', image: 'registry.example.com/ours' }] };
    const metadata = { name: 'ours', namespace: 'default', labels: { 'played-by': 'the-test' } };
    await apply(controlPlane, [{ apiVersion: 'v1', kind: 'Pod', metadata, spec }]);
    // Later than one that kwok plays, on the same node, has begun and ended.
    await apply(controlPlane, [
      { apiVersion: 'v1', kind: 'Pod', metadata: { ...metadata, name: 'kwoks', labels: {} }, spec },
    ]);
    await succeed(controlPlane, 'wait', '--for=condition=Ready', 'pod/kwoks', '--timeout=60s');
    expect(await phase()).toBe('Pending');
    await controlPlane.send('PATCH', `${pods}/ours/status`, { status: { phase: 'Running' } });
    expect(await phase()).toBe('Running');
    await succeed(controlPlane, 'delete', 'pod', 'ours', '--wait=false');
    expect(await get('pod', 'ours')).toHaveProperty('metadata.deletionTimestamp');
    await controlPlane.send('DELETE', `${pods}/ours`, { gracePeriodSeconds: 0 });
    await expect(controlPlane.send('DELETE', `${pods}/ours`, { gracePeriodSeconds: 0 })).rejects.toThrow(
      'the API server answered 404',
    );
  });

  it('says of an object that is applied again what it would change', async () => {
    expect(await apply(controlPlane, [settings({ colour: 'red' })])).toEqual(['configmap/settings serverside-applied']);
    expect(await difference(controlPlane, [settings({ colour: 'red' })])).toBe('');
    expect(await difference(controlPlane, [settings({ colour: 'blue' })])).toMatch(/^\+\s+colour: blue$/m);
  });

  it('refuses an object with a field that it does not know', async () => {
    const object = { ...settings({}), colour: 'red' };
    await expect(apply(controlPlane, [object])).rejects.toThrow(
      /colour: field not declared in schema|unknown field "colour"/,
    );
  });
});
