import type { DeliveryStep } from '../../../src';

/** What CodeBuild does, of version 0.2. As JSON it is the YAML that CodeBuild reads. */
export interface BuildSpec {
  readonly version: 0.2;
  readonly env: { readonly shell: 'bash' };
  readonly phases: { readonly build: { readonly 'on-failure': 'ABORT'; readonly commands: readonly string[] } };
  readonly reports?: Readonly<
    Record<string, { readonly files: readonly string[]; readonly 'file-format': 'JUNITXML' }>
  >;
  readonly cache?: { readonly paths: readonly string[] };
  readonly artifacts?: { readonly files: readonly string[] };
}

/** @param produces files that later steps get */
export function buildSpec({ commands, junit = {}, cached = [] }: DeliveryStep, produces: readonly string[]): BuildSpec {
  return {
    version: 0.2,
    env: { shell: 'bash' },
    // A pipe of which one part fails has failed.
    phases: { build: { 'on-failure': 'ABORT', commands: ['set -o pipefail', ...commands] } },
    ...(Object.keys(junit).length > 0 && {
      reports: Object.fromEntries(
        Object.entries(junit).map(([name, file]) => [name, { files: [file], 'file-format': 'JUNITXML' }]),
      ),
    }),
    ...(cached.length > 0 && { cache: { paths: cached.map((folder) => `${folder}/**/*`) } }),
    ...(produces.length > 0 && { artifacts: { files: produces } }),
  };
}
