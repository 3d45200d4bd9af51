import { type GoProgramOptions, goProgram } from './go-program';

export const ALERTMANAGER_VERSION = 'v0.34.2';

/** Alertmanager's own tool, built on first use. @throws RehearsalError where Go or the module can't be had */
export function amtoolProgram(options: Pick<GoProgramOptions, 'onProgress' | 'signal'> = {}): Promise<string> {
  const source = { package: 'github.com/prometheus/alertmanager/cmd/amtool', version: ALERTMANAGER_VERSION };
  return goProgram({ program: 'amtool', ...source, ...options });
}
