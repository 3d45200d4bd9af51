import { type GoProgramOptions, goProgram } from './go-program';

export const K6_VERSION = 'v1.8.1';

/** The load tester k6, built on first use. @throws RehearsalError where Go or the module can't be had */
export function k6Program(options: Pick<GoProgramOptions, 'onProgress' | 'signal'> = {}): Promise<string> {
  return goProgram({ program: 'k6', package: 'go.k6.io/k6', version: K6_VERSION, ...options });
}
