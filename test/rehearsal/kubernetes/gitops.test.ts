import { apply, type ControlPlane, difference, startControlPlane, succeed } from '@cdktf-recommender/rehearsal';
import type { TerraformStack } from 'cdktf';
import { knownContents } from '../../../cli/manifests/known-values';
import { ArgoCdApplication, FluxKustomization, GitRevision } from '../../../constructs/kubernetes';
import { inCluster } from '../../constructs/kubernetes/fixtures';
import { installKindsOf } from './operators-crds';

const SOURCE = { url: 'https://git.example.com/shop/deploy.git', revision: GitRevision.branch('main') };
let controlPlane: ControlPlane;
beforeAll(async () => {
  controlPlane = await startControlPlane({ onProgress: (line) => console.error(line) });
  await installKindsOf(controlPlane, 'argoCd', 'fluxKustomize', 'fluxSource');
  for (const namespace of ['argocd', 'flux-system']) await succeed(controlPlane, 'create', 'namespace', namespace);
}, 1_800_000);
afterAll(() => controlPlane?.stop());

describe.each([
  ['with what they need', {}, {}],
  [
    'with all they may have',
    { deletesWorkloads: true, project: 'default', revision: GitRevision.tag('v1') },
    { deletesWorkloads: true, secretName: 'deploy-key', serviceAccountName: 'deployer' },
  ],
])('Argo CD and Flux, %s', (_, argoCd, flux) => {
  it('know every field of their objects, and nothing changes the second time', async () => {
    const stack = inCluster((stack: TerraformStack) => {
      new ArgoCdApplication(stack, 'ArgoCd', { ...SOURCE, applicationName: 'recommender', ...argoCd });
      new FluxKustomization(stack, 'Flux', { ...SOURCE, kustomizationName: 'recommender', ...flux });
    });
    const { customResources } = knownContents(stack.json, { set: {} }, () => undefined);
    const objects = Object.values(customResources).flat();
    expect((await apply(controlPlane, objects)).sort()).toEqual([
      'application.argoproj.io/recommender serverside-applied',
      'gitrepository.source.toolkit.fluxcd.io/recommender serverside-applied',
      'kustomization.kustomize.toolkit.fluxcd.io/recommender-manifests serverside-applied',
      'kustomization.kustomize.toolkit.fluxcd.io/recommender-monitoring serverside-applied',
    ]);
    expect(await difference(controlPlane, objects)).toBe('');
  });
});

it('a field that they do not know is refused', async () => {
  const object = {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: 'wrong', namespace: 'flux-system' },
    spec: { interval: '1m', prune: true, sourceRef: { kind: 'GitRepository', name: 'recommender' }, paths: './x' },
  };
  await expect(apply(controlPlane, [object])).rejects.toThrow('paths');
});
