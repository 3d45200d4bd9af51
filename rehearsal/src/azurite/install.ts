import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RehearsalError } from '../errors';
import { run } from '../process/run';
import { cacheFolder } from '../toolchain/cache-folder';

/** The last that runs on Node 20. */
export const AZURITE_VERSION = '3.35.0';
const PROGRAM = join('node_modules', 'azurite', 'dist', 'src', 'blob', 'main.js');
const INSTALL_SECONDS = 600;

/**
 * Azurite's blob server, a program for Node. Installed on first use (about 12 s and 190 MB) in the user's cache folder.
 * Two runs that install it at once each make their own; the first to finish wins.
 *
 * @throws RehearsalError when npm can't install it
 */
export async function azuriteProgram(onProgress?: (line: string) => void, signal?: AbortSignal): Promise<string> {
  const folder = join(cacheFolder(), `azurite-${AZURITE_VERSION}`);
  const ready = join(folder, PROGRAM);
  if (existsSync(ready)) return ready;

  onProgress?.('Installing the emulated Azure Blob Storage (azurite), once');
  const making = `${folder}.${process.pid}.${Date.now()}`;
  const options = ['--no-audit', '--no-fund', '--no-save', '--ignore-scripts', '--omit=optional', '--loglevel=error'];
  try {
    await mkdir(making, { recursive: true });
    const args = ['install', '--prefix', making, ...options, `azurite@${AZURITE_VERSION}`];
    const result = await run('npm', args, { cwd: making, timeoutSeconds: INSTALL_SECONDS, signal });
    if (result.exitCode !== 0) {
      throw new RehearsalError(
        `npm ${args.join(' ')} failed:\n${result.output.trim()}`,
        'npm needs a package registry; behind a mirror, set npm_config_registry',
      );
    }
    await mkdir(dirname(folder), { recursive: true });
    await rename(making, folder).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(ready)) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return ready;
}
