import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import type { TerraformStack } from 'cdktf';
import { parse } from 'yaml';
import {
  ArgoCdApplication,
  type ArgoCdApplicationProps,
  FluxKustomization,
  type FluxKustomizationProps,
  GitRevision,
} from '../../../constructs/kubernetes';
import type { SynthesizedStack } from '../../helpers/synth';
import { inCluster, keepDefault } from './fixtures';

const SOURCE = { url: 'https://git.example.com/shop/deploy.git', revision: GitRevision.branch('main') };

const argoCd = keepDefault((props: Partial<ArgoCdApplicationProps> = {}) =>
  inCluster((stack: TerraformStack) => {
    const operator = new NamespaceV1(stack, 'ArgoCd', { metadata: { name: 'argocd' } });
    new ArgoCdApplication(stack, 'GitOps', {
      ...SOURCE,
      applicationName: 'recommender',
      argoCd: [operator],
      ...props,
    });
  }),
);
const flux = keepDefault((props: Partial<FluxKustomizationProps> = {}) =>
  inCluster((stack: TerraformStack) => {
    const operator = new NamespaceV1(stack, 'Flux', { metadata: { name: 'flux-system' } });
    new FluxKustomization(stack, 'GitOps', { ...SOURCE, kustomizationName: 'recommender', flux: [operator], ...props });
  }),
);
// biome-ignore lint/suspicious/noExplicitAny: synthesized JSON
const objects = (stack: SynthesizedStack): any[] =>
  parse((stack.resource('helm_release').values as string[])[0] as string, { version: '1.1' }).objects;

describe('an Application of Argo CD', () => {
  test('follows the folders that recommender manifests writes', () => {
    const [{ spec }] = objects(argoCd());
    const source = { repoURL: SOURCE.url, targetRevision: 'main' };
    expect(spec.sources).toEqual([
      { ...source, path: 'manifests' },
      { ...source, path: 'monitoring' },
    ]);
    expect(spec.destination).toEqual({ server: 'https://kubernetes.default.svc' });
  });

  test('undoes changes by hand and deletes what is gone from Git, as fields of its own only', () => {
    const [{ spec }] = objects(argoCd());
    expect(spec.syncPolicy).toMatchObject({
      automated: { prune: true, selfHeal: true },
      syncOptions: expect.arrayContaining(['ServerSideApply=true']),
    });
  });

  test('leaves what it deployed when it goes, unless it is told to take it along', () => {
    expect(objects(argoCd())[0].metadata).toEqual({ name: 'recommender' });
    expect(objects(argoCd({ deletesWorkloads: true }))[0].metadata.finalizers).toEqual([
      'resources-finalizer.argocd.argoproj.io',
    ]);
  });

  test('is where Argo CD runs, and after it', () => {
    expect(argoCd().resource('helm_release')).toMatchObject({
      name: 'recommender-application',
      namespace: 'argocd',
      depends_on: [expect.stringMatching(/^kubernetes_namespace_v1\.ArgoCd/)],
    });
    expect(argoCd({ argoCdNamespace: 'gitops' }).resource('helm_release').namespace).toBe('gitops');
  });

  test('belongs to the project that it is given', () => {
    expect(objects(argoCd())[0].spec.project).toBe('default');
    expect(objects(argoCd({ project: 'shop' }))[0].spec.project).toBe('shop');
  });
});

describe('Kustomizations of Flux', () => {
  test('are one a folder, of one repository', () => {
    const [repository, ...kustomizations] = objects(flux());
    expect(repository).toMatchObject({
      kind: 'GitRepository',
      metadata: { name: 'recommender' },
      spec: { url: SOURCE.url, ref: { branch: 'main' } },
    });
    expect(repository.spec).not.toHaveProperty('secretRef');
    expect(kustomizations.map(({ metadata, spec }) => [metadata.name, spec.path, spec.sourceRef.name])).toEqual([
      ['recommender-manifests', './manifests', 'recommender'],
      ['recommender-monitoring', './monitoring', 'recommender'],
    ]);
  });

  test('delete what is gone from Git, and leave the rest when they go, unless they are told to take it along', () => {
    const [, first] = objects(flux());
    expect(first.spec).toMatchObject({ prune: true, wait: true, deletionPolicy: 'Orphan' });
    expect(objects(flux({ deletesWorkloads: true }))[1].spec).toMatchObject({ prune: true, deletionPolicy: 'Delete' });
  });

  test('read by a Secret and apply by a service account, both by name', () => {
    const [repository, kustomization] = objects(flux({ secretName: 'deploy-key', serviceAccountName: 'deployer' }));
    expect(repository.spec.secretRef).toEqual({ name: 'deploy-key' });
    expect(kustomization.spec.serviceAccountName).toBe('deployer');
  });

  test('are where Flux runs, and after it', () => {
    expect(flux().resource('helm_release')).toMatchObject({
      name: 'recommender-kustomization',
      namespace: 'flux-system',
      depends_on: [expect.stringMatching(/^kubernetes_namespace_v1\.Flux/)],
    });
  });

  test.each([
    [GitRevision.tag('v1.2.0'), { tag: 'v1.2.0' }],
    [GitRevision.commit('a'.repeat(40)), { commit: 'a'.repeat(40) }],
  ])('follow %j as what it is', (revision, ref) => {
    expect(objects(flux({ revision }))[0].spec.ref).toEqual(ref);
  });
});

describe.each([
  ['ArgoCdApplication', argoCd],
  ['FluxKustomization', flux],
])('%s', (_, build) => {
  test.each(['http://git.example.com/shop/deploy.git', 'git@git.example.com:shop/deploy.git', 'deploy'])(
    'fails with the url %s',
    (url) => {
      expect(() => build({ url })).toThrow(`url is ${url}; allowed are https:// and ssh://`);
    },
  );

  test.each(['https://me:hunter2@', 'https://hunter2@', 'http://me:hunter2@', 'ssh://git:hunter2@'])(
    'fails with a password in the url, %s, and does not repeat it',
    (start) => {
      const url = `${start}git.example.com/shop/deploy.git`;
      expect(() => build({ url })).toThrow('url has a name or a password in it');
      expect(() => build({ url })).toThrow(
        expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
      );
    },
  );

  test.each([
    [['../other'], '../other'],
    [['/manifests'], '/manifests'],
    [[], 'no folder'],
  ])('fails with the paths %j', (paths, named) => {
    expect(() => build({ paths })).toThrow(`paths has ${named}; allowed are folders from the root of the repository`);
  });
});

test('a commit fails with fewer than all its digits', () => {
  expect(() => GitRevision.commit('abc123')).toThrow('GitRevision.commit has abc123; allowed are all 40 hex digits');
});

test('the HCL of both', async () => {
  expect(await argoCd().hcl()).toMatchSnapshot();
  expect(await flux().hcl()).toMatchSnapshot();
});
