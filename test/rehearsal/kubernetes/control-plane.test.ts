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
  controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
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
