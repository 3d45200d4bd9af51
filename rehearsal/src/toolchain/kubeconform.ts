import { type GoProgramOptions, goProgram } from './go-program';

export const KUBECONFORM_VERSION = 'v0.7.0';

/** The judge of manifests by schemas, built on first use. @throws RehearsalError where Go or the module can't be had */
export function kubeconformProgram(options: Pick<GoProgramOptions, 'onProgress' | 'signal'> = {}): Promise<string> {
  const source = { package: 'github.com/yannh/kubeconform/cmd/kubeconform', version: KUBECONFORM_VERSION };
  return goProgram({ program: 'kubeconform', ...source, ...options });
}
