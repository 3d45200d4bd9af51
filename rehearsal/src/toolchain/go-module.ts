import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RehearsalError } from '../errors';
import { which } from '../process/run';
import { installOnce } from './install-once';

export interface GoModuleOptions {
  /** The program's file name. */
  readonly program: string;
  /** Folder of a module of ours: main.go, go.mod and go.sum. */
  readonly folder: string;
  /** Variables of its packages that are set when it is linked: `{ 'k8s.io/component-base/version.gitVersion': 'v1.35.4' }`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** How long it takes, for the progress line. @default 'a minute or two' */
  readonly takes?: string;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A program that Go builds from a module of ours, once for each state of its files.
 *
 * @returns its path
 * @throws RehearsalError where there is no Go, or what it requires can't be had or built
 */
export async function goModule(options: GoModuleOptions): Promise<string> {
  const { program, folder, variables = {}, takes = 'a minute or two', onProgress, signal } = options;
  const hint = `Go builds ${program}; install it from https://go.dev/dl/. Behind a mirror, set GOPROXY`;
  if (!(await which('go'))) throw new RehearsalError(`${program} needs Go, which is not on PATH`, hint);
  const linker = Object.entries(variables).map(([name, value]) => `-X ${name}=${value}`);
  const sources = createHash('sha256').update(linker.join());
  for (const name of (await readdir(folder)).sort()) sources.update(name).update(await readFile(join(folder, name)));
  const installed = await installOnce({
    name: `go-${program}-${sources.digest('hex').slice(0, 16)}`,
    title: `${program} by Go (${takes})`,
    install: (making, step) =>
      step('go', ['build', '-C', folder, '-ldflags', linker.join(' '), '-o', join(making, program), '.'], hint, {
        ...process.env,
        GOFLAGS: '',
      }),
    onProgress,
    signal,
  });
  return join(installed, program);
}
