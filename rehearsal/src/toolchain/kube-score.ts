import { type GoProgramOptions, goProgram } from './go-program';

export const KUBE_SCORE_VERSION = 'v1.20.0';

/** The judge of Kubernetes objects, built on first use. @throws RehearsalError where Go or the module can't be had */
export function kubeScoreProgram(options: Pick<GoProgramOptions, 'onProgress' | 'signal'> = {}): Promise<string> {
  const source = { package: 'github.com/zegl/kube-score/cmd/kube-score', version: KUBE_SCORE_VERSION };
  return goProgram({ program: 'kube-score', ...source, ...options });
}
