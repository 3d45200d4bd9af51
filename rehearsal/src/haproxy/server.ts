import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RehearsalError } from '../errors';
import { compiledFile } from '../process/compiled';
import { run } from '../process/run';
import { startService } from '../process/service';
import { debianProgram } from '../toolchain/debian-packages';

const START_SECONDS = 30;
/** The second and third are what Debian's haproxy links and a plain system lacks. */
const PACKAGES = ['haproxy', 'liblua5.3-0', 'libopentracing-c-wrapper0', 'libopentracing1'];
/** Written when its sockets are bound. */
const READY = 'Loading success.';

export interface Haproxy {
  readonly version: string;
  stop(): Promise<void>;
}

export interface StartHaproxyOptions {
  /** haproxy.cfg */
  readonly configuration: string;
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/**
 * Starts haproxy, PATH's or Debian's. It ends with `stop()`, or with this process.
 *
 * @throws RehearsalError when haproxy can't be had, or doesn't take its configuration
 */
export async function startHaproxy({ configuration, onProgress, signal }: StartHaproxyOptions): Promise<Haproxy> {
  const { path, env } = await debianProgram({ program: 'haproxy', packages: PACKAGES, onProgress, signal });
  const { stdout } = await run(path, ['-v'], { env, timeoutSeconds: START_SECONDS, signal });
  const version = /HAProxy version (\S+)/.exec(stdout)?.[1];
  if (!version) throw new RehearsalError(`${path} -v does not say its version`, `It said: ${stdout.trim()}`);
  const folder = await mkdtemp(join(tmpdir(), 'haproxy-'));
  const file = join(folder, 'haproxy.cfg');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(file, configuration);
    const check = await run(path, ['-c', '-f', file], { env, timeoutSeconds: START_SECONDS, signal });
    if (check.exitCode !== 0) throw new RehearsalError('haproxy does not take its configuration', check.output.trim());
    const { stop } = await startService({
      title: 'haproxy',
      command: process.execPath,
      // -W: a master, which says when its worker is ready; its words are on standard error.
      args: [compiledFile('process/guard.js'), 'sh', '-c', `exec "$0" -W -db -f "$1" 2>&1`, path, file],
      env,
      ready: (line) => line.includes(READY) || undefined,
      startSeconds: START_SECONDS,
      signal,
    });
    return {
      version,
      stop: async () => {
        await stop();
        await remove();
      },
    };
  } catch (error) {
    await remove();
    throw error;
  }
}
