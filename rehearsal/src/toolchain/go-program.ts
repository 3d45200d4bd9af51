import { join } from 'node:path';
import { RehearsalError } from '../errors';
import { which } from '../process/run';
import { goEnvironment } from './go-environment';
import { installOnce } from './install-once';

export interface GoProgramOptions {
  /** `k6` */
  readonly program: string;
  /** The package that is the program: `go.k6.io/k6`. */
  readonly package: string;
  /** `v1.8.1` */
  readonly version: string;
  /** How long it takes, for the progress line. @default 'a minute or two' */
  readonly takes?: string;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A program that Go builds from its module, once.
 *
 * @returns its path
 * @throws RehearsalError where there is no Go, or the module can't be had or built
 */
export async function goProgram(options: GoProgramOptions): Promise<string> {
  const { program, package: source, version, takes = 'a minute or two', onProgress, signal } = options;
  const hint = `Go builds ${program}; install it from https://go.dev/dl/. Behind a mirror, set GOPROXY`;
  if (!(await which('go'))) throw new RehearsalError(`${program} ${version} needs Go, which is not on PATH`, hint);
  const folder = await installOnce({
    name: `go-${program}-${version}`,
    title: `${program} ${version} by Go (${takes})`,
    install: (making, step) =>
      step('go', ['install', `${source}@${version}`], hint, { ...goEnvironment(), GOBIN: making }),
    onProgress,
    signal,
  });
  return join(folder, program);
}
