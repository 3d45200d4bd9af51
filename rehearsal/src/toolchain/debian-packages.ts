import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { RehearsalError } from '../errors';
import { which } from '../process/run';
import { type InstallStep, installOnce } from './install-once';

/** A program, and the environment that lets it find its libraries. */
export interface DebianProgram {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface DebianProgramOptions {
  /** `haproxy` */
  readonly program: string;
  /** The package that has it, and those of its libraries that a plain system lacks. */
  readonly packages: readonly string[];
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

const FOLDERS = ['usr/sbin', 'usr/bin'];

/**
 * A program from PATH, else from Debian's packages, unpacked rather than installed: that needs no root.
 *
 * @throws RehearsalError where there is neither
 */
export async function debianProgram(options: DebianProgramOptions): Promise<DebianProgram> {
  const { program, packages, onProgress, signal } = options;
  const installed = await which(program, `${process.env.PATH}:/usr/sbin`);
  if (installed) return { path: installed, env: process.env };
  const hint = `Install it, for example: apt-get install ${packages[0]}`;
  if (!(await which('apt-get')) || !(await which('dpkg'))) {
    throw new RehearsalError(`${program} is not on PATH, and this is no Debian to have it from`, hint);
  }
  const folder = await installOnce({
    name: `debian-${program}`,
    title: `${program} from Debian's packages`,
    install: (making, step) => unpack(making, packages, step, hint),
    onProgress,
    signal,
  });
  const found = await which(program, FOLDERS.map((path) => join(folder, path)).join(':'));
  if (!found) throw new RehearsalError(`none of ${packages.join(', ')} has ${program}`, hint);
  return { path: found, env: { ...process.env, LD_LIBRARY_PATH: libraryFolders(folder).join(':') } };
}

async function unpack(folder: string, packages: readonly string[], step: InstallStep, hint: string): Promise<void> {
  const download = () => step('apt-get', ['download', '-qq', ...packages], hint);
  // A fresh machine has no lists of packages yet.
  await download().catch(async () => {
    await step('apt-get', ['update', '-qq'], hint);
    await download();
  });
  for (const file of readdirSync(folder)) await step('dpkg', ['-x', file, '.'], hint);
}

/** `usr/lib/x86_64-linux-gnu` and the like. */
function libraryFolders(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  return [...new Set(files.filter(({ name }) => /\.so(\.|$)/.test(name)).map(({ parentPath }) => parentPath))];
}
