import { addNode, type ControlPlane, startControlPlane, succeed } from '@cdktf-recommender/rehearsal';
import { rehearseStack } from '../../../cli/rehearsal';
import { loadConfig } from '../../../src';
import { asManifest, byName, inFolder } from './manifest-objects';

const project = process.cwd();

describe('the stack local', () => {
  let controlPlane: ControlPlane;
  let result: Awaited<ReturnType<typeof rehearseStack>>;
  beforeAll(async () => {
    controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
    await addNode(controlPlane, { name: 'laptop', zone: 'here' });
    result = await rehearseStack({ project, config: loadConfig(project), stack: 'local', controlPlane });
  }, 1_800_000);
  afterAll(() => controlPlane?.stop());

  it('is deployed, taken by a real API server, planned again without a change, destroyed, and nothing is left', () => {
    expect(result.steps.map(({ step, ok }) => [step, ok])).toEqual([
      ['deploy', true],
      ['control plane', true],
      ['second plan', true],
      ['destroy', true],
      ['inventory', true],
    ]);
  });

  it('needs no provider of a cloud', () => {
    const tiers = ['control plane', 'helm', 'kubernetes', 'terraform'];
    expect(result.tiers.map(({ tier }) => tier).sort()).toEqual(tiers);
  });

  it('has the objects that manifests/ and monitoring/ have', () => {
    const written = [...inFolder('manifests'), ...inFolder('monitoring')].filter(
      ({ apiVersion }) => !apiVersion.startsWith('monitoring.coreos.com/'),
    );
    // A rehearsal's image has a digest.
    const deployed = JSON.stringify(result.objects.map(asManifest)).replace(
      /registry\.example\.com\/[\w/-]+@sha256:0+/g,
      'model-server:local',
    );
    expect(byName(JSON.parse(deployed))).toEqual(byName(written));
  });

  it('rolls its replicas out on one node', async () => {
    await succeed(controlPlane, 'rollout', 'status', 'deployment/model-server', '-n', 'recommender', '--timeout=50s');
  });
});
