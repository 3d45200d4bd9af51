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
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A program that Go builds from a module of ours, once for each state of its files.
 *
 * @returns its path
 * @throws RehearsalError where there is no Go, or what it requires can't be had or built
 */
export async function goModule({ program, folder, onProgress, signal }: GoModuleOptions): Promise<string> {
  const hint = `Go builds ${program}; install it from https://go.dev/dl/. Behind a mirror, set GOPROXY`;
  if (!(await which('go'))) throw new RehearsalError(`${program} needs Go, which is not on PATH`, hint);
  const sources = createHash('sha256');
  for (const name of (await readdir(folder)).sort()) sources.update(name).update(await readFile(join(folder, name)));
  const installed = await installOnce({
    name: `go-${program}-${sources.digest('hex').slice(0, 16)}`,
    title: `${program} by Go (a minute or two)`,
    install: (making, step) =>
      step('go', ['build', '-C', folder, '-o', join(making, program), '.'], hint, { ...process.env, GOFLAGS: '' }),
    onProgress,
    signal,
  });
  return join(installed, program);
}
