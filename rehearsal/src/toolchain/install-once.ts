import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RehearsalError } from '../errors';
import { run } from '../process/run';
import { cacheFolder } from './cache-folder';

const INSTALL_SECONDS = 1800;

/** Runs a command in the folder being filled. @throws RehearsalError with its output when it fails, and the hint */
export type InstallStep = (
  command: string,
  args: readonly string[],
  hint: string,
  env?: NodeJS.ProcessEnv,
) => Promise<void>;

export interface InstallOptions {
  /** The folder's name in the cache: whatever makes the contents another belongs into it. */
  readonly name: string;
  /** What is being installed, for the progress line: `haproxy from Debian's packages`. */
  readonly title: string;
  readonly install: (folder: string, step: InstallStep) => Promise<void>;
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * A folder of the user's cache, filled on first use. Two runs that fill it at once each fill their own; the first to
 * finish wins.
 */
export async function installOnce(options: InstallOptions): Promise<string> {
  const { name, title, install, onProgress, signal } = options;
  const folder = join(cacheFolder(), name);
  if (existsSync(folder)) return folder;
  onProgress?.(`Installing ${title}, once`);
  const making = `${folder}.${process.pid}.${Date.now()}`;
  const step: InstallStep = async (command, args, hint, env) => {
    const result = await run(command, args, { cwd: making, env, timeoutSeconds: INSTALL_SECONDS, signal });
    if (result.exitCode !== 0) {
      throw new RehearsalError(`${command} ${args.join(' ')} failed:\n${result.output.trim()}`, hint);
    }
  };
  try {
    await mkdir(making, { recursive: true });
    await install(making, step);
    await mkdir(dirname(folder), { recursive: true });
    await rename(making, folder).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}
