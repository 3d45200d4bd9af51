import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RehearsalError } from '../errors';
import { which } from '../process/run';
import { goEnvironment, LINKER_FLAGS } from './go-environment';
import { installOnce } from './install-once';

interface BuildOptions {
  /** Variables of its packages that are set when it is linked: `{ 'k8s.io/component-base/version.gitVersion': 'v1.35.4' }`. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Build tags. @default [] */
  readonly tags?: readonly string[];
  /** How long it takes, for the progress line. @default 'a minute or two' */
  readonly takes?: string;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface GoModuleOptions extends BuildOptions {
  /** The program's file name. */
  readonly program: string;
  /** Folder of a module of ours: main.go, go.mod and go.sum. */
  readonly folder: string;
}

/**
 * A program that Go builds from a module of ours, once for each state of its files.
 *
 * @returns its path
 * @throws RehearsalError where there is no Go, or what it requires can't be had or built
 */
export async function goModule({ program, ...options }: GoModuleOptions): Promise<string> {
  return join(await build({ ...options, name: program, packages: '.' }), program);
}

export interface GoToolsOptions extends BuildOptions {
  /** What they are together, for the cache and the progress line: `prometheus`. */
  readonly name: string;
  /** Folder of a module of ours without code: go.mod, which names them as tools, and go.sum. */
  readonly folder: string;
}

/**
 * Programs of others that a module of ours names as its tools, once for each state of its files. For those that
 * `go install` refuses because of what their own modules replace.
 *
 * @returns the folder that holds them
 * @throws RehearsalError where there is no Go, or what they require can't be had or built
 */
export function goTools(options: GoToolsOptions): Promise<string> {
  return build({ ...options, packages: 'tool' });
}

interface NamedBuild extends BuildOptions {
  readonly name: string;
  readonly folder: string;
  readonly packages: '.' | 'tool';
}

async function build(options: NamedBuild): Promise<string> {
  const { name, folder, packages, variables = {}, tags = [], takes = 'a minute or two', onProgress, signal } = options;
  const hint = `Go builds ${name}; install it from https://go.dev/dl/. Behind a mirror, set GOPROXY`;
  if (!(await which('go'))) throw new RehearsalError(`${name} needs Go, which is not on PATH`, hint);
  const linker = Object.entries(variables).map(([variable, value]) => `-X ${variable}=${value}`);
  const sources = createHash('sha256').update(linker.join());
  if (tags.length > 0) sources.update(tags.join());
  for (const file of (await readdir(folder)).sort()) sources.update(file).update(await readFile(join(folder, file)));
  const flags = [
    '-ldflags',
    [...LINKER_FLAGS, ...linker].join(' '),
    ...(tags.length > 0 ? ['-tags', tags.join()] : []),
  ];
  return installOnce({
    name: `go-${name}-${sources.digest('hex').slice(0, 16)}`,
    title: `${name} by Go (${takes})`,
    // Ending in a slash, it is a folder for all of them, each under its own name.
    install: (making, step) =>
      step(
        'go',
        ['build', '-C', folder, ...flags, '-o', packages === '.' ? join(making, name) : `${making}/`, packages],
        hint,
        goEnvironment(),
      ),
    onProgress,
    signal,
  });
}
