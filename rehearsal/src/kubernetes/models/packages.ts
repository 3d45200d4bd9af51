import { join } from 'node:path';
import { installOnce } from '../../toolchain/install-once';
import type { InstallingOptions } from '../programs';

/** Packages with the types of operators' kinds, by the version that is read, and the groups that each has kinds of. */
export const MODEL_PACKAGES = {
  '@kubernetes-models/argo-cd': { version: '4.0.0', groups: ['argoproj.io'] },
  '@kubernetes-models/cert-manager': { version: '6.0.0', groups: ['cert-manager.io', 'acme.cert-manager.io'] },
  '@kubernetes-models/external-secrets': {
    version: '2.0.0',
    groups: ['external-secrets.io', 'generators.external-secrets.io'],
  },
  '@kubernetes-models/flux-cd': {
    version: '4.0.0',
    groups: ['source.toolkit.fluxcd.io', 'kustomize.toolkit.fluxcd.io', 'helm.toolkit.fluxcd.io'],
  },
  '@kubernetes-models/kyverno': { version: '2.0.0', groups: ['kyverno.io', 'policies.kyverno.io'] },
  '@kubernetes-models/prometheus-operator': { version: '6.0.0', groups: ['monitoring.coreos.com'] },
} as const satisfies Record<string, { version: string; groups: readonly string[] }>;

/** Types that those refer to. */
const REFERRED_TO = ['kubernetes-models@5.1.0', '@kubernetes-models/apimachinery@3.0.2'];

/**
 * The packages, from npm on first use. Their declarations are read as text and nothing in them is run, so it doesn't
 * matter which Node they are for.
 *
 * @returns their folder of modules
 * @throws RehearsalError when npm can't install them
 */
export async function modelPackages({ onProgress, signal }: InstallingOptions = {}): Promise<string> {
  const wanted = Object.entries(MODEL_PACKAGES).map(([name, { version }]) => `${name}@${version}`);
  const specs = [...wanted, ...REFERRED_TO];
  const folder = await installOnce({
    name: `kubernetes-models-${specs.map((spec) => spec.slice(spec.lastIndexOf('@') + 1)).join('-')}`,
    title: "types of operators' kinds from npm",
    install: (making, step) =>
      step(
        'npm',
        [
          ...['install', '--prefix', making, '--no-audit', '--no-fund', '--no-save', '--ignore-scripts'],
          ...['--engine-strict=false', '--loglevel=error', ...specs],
        ],
        'npm needs a package registry; behind a mirror, set npm_config_registry',
      ),
    onProgress,
    signal,
  });
  return join(folder, 'node_modules');
}
