import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RehearsalError } from '../errors';
import { run } from '../process/run';
import { cacheFolder } from './cache-folder';
import { findPython, PYTHON_MINIMUM } from './python';
import { compareVersions } from './version';

const INSTALL_SECONDS = 600;

export interface PythonEnvironmentOptions {
  /** Its folder's name begins with it. */
  readonly name: string;
  /** What it is for, as the subject of a sentence: `The emulated AWS (moto)`. */
  readonly title: string;
  /** Path of a requirements.txt. */
  readonly requirements: string;
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * The Python of a virtual environment that holds what a requirements.txt lists. Made on first use in the user's cache
 * folder, one for each set of requirements and Python version. Two runs that make it at once each build their own; the
 * first to finish wins.
 *
 * @throws RehearsalError when there is no Python 3.10 or newer, or pip can't install
 */
export async function pythonEnvironment(options: PythonEnvironmentOptions): Promise<string> {
  const { name, title, requirements, onProgress, signal } = options;
  const python = await findPython();
  if (!python || compareVersions(python.version, PYTHON_MINIMUM) < 0) {
    throw new RehearsalError(
      `${title} needs Python ${PYTHON_MINIMUM} or newer; found ${python?.version ?? 'none'} on PATH`,
      'Install python3, for example: apt-get install python3 python3-venv',
    );
  }
  const key = createHash('sha256')
    .update(await readFile(requirements))
    .update(python.path)
    .update(python.version)
    .digest('hex');
  const folder = join(cacheFolder(), `${name}-${key.slice(0, 16)}`);
  const ready = join(folder, 'bin', 'python');
  if (existsSync(ready)) return ready;

  onProgress?.(`${title}: installing into a virtual environment, once`);
  const making = `${folder}.${process.pid}.${Date.now()}`;
  const step = async (command: string, args: string[], hint: string) => {
    const result = await run(command, args, { timeoutSeconds: INSTALL_SECONDS, signal });
    if (result.exitCode !== 0)
      throw new RehearsalError(`${command} ${args.join(' ')} failed:\n${result.output.trim()}`, hint);
  };
  try {
    await mkdir(dirname(folder), { recursive: true });
    await step(python.path, ['-m', 'venv', making], 'On Debian and Ubuntu: apt-get install python3-venv');
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
    await step(join(making, 'bin', 'python'), pip, 'pip needs a package index; behind a mirror, set PIP_INDEX_URL');
    await rename(making, folder).catch((error: NodeJS.ErrnoException) => {
      if (!existsSync(ready)) throw error;
    });
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return ready;
}
