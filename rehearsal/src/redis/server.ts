import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compiledFile } from '../process/compiled';
import { freePort } from '../process/free-port';
import { startService } from '../process/service';
import { type DebianProgram, debianProgram } from '../toolchain/debian-packages';

const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1'];
const START_SECONDS = 30;

export interface StartRedisOptions {
  /** @default - a free one */
  readonly port?: number;
  /** What clients must send; none by default. */
  readonly password?: string;
  /** Serves TLS instead of plain text; paths of PEM files. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** Further settings, as on the command line of redis-server: `['--maxmemory', '10mb']`. */
  readonly args?: readonly string[];
  /** Told of slow first-time work. */
  readonly onProgress?: (line: string) => void;
  readonly signal?: AbortSignal;
}

export interface Redis {
  readonly port: number;
  /** `redis://127.0.0.1:6379`, with the password if there is one. */
  readonly url: string;
  /** Its process, to be halted and let on again. */
  readonly pid: number;
  stop(): Promise<void>;
}

/**
 * The program redis-server, with redis-cli beside it: on PATH, or from Debian (about 2 MB, once).
 *
 * @throws RehearsalError when it can't be had
 */
export function redisProgram(options: Pick<StartRedisOptions, 'onProgress' | 'signal'> = {}): Promise<DebianProgram> {
  return debianProgram({ program: 'redis-server', packages: PACKAGES, ...options });
}

/**
 * Starts an empty Redis on 127.0.0.1 that keeps nothing on disk. It ends with `stop()`, or with this process.
 *
 * @throws RehearsalError when it can't be had or doesn't start
 */
export async function startRedis(options: StartRedisOptions = {}): Promise<Redis> {
  const program = await redisProgram(options);
  const port = options.port ?? (await freePort());
  const directory = await mkdtemp(join(tmpdir(), 'redis-'));
  const { password, tls, args = [] } = options;
  const { ready: pid, stop } = await startService({
    title: 'Redis',
    command: process.execPath,
    args: [
      ...[compiledFile('process/guard.js'), program.path, '--dir', directory, '--bind', '127.0.0.1', '--save', ''],
      ...(tls
        ? ['--port', '0', '--tls-port', `${port}`, '--tls-cert-file', tls.cert, '--tls-key-file', tls.key]
        : ['--port', `${port}`]),
      ...(tls ? ['--tls-auth-clients', 'no'] : []),
      ...(password ? ['--requirepass', password] : []),
      ...args,
    ],
    env: { ...process.env, ...program.env },
    // A line begins with the process: `4711:M 21 Nov 2026 12:00:00.000 * Ready to accept connections`.
    ready: (line) => {
      const found = /^(\d+):\w .*Ready to accept connections/.exec(line);
      return found ? Number(found[1]) : undefined;
    },
    startSeconds: START_SECONDS,
    signal: options.signal,
  });
  const user = password ? `:${encodeURIComponent(password)}@` : '';
  return {
    port,
    url: `${tls ? 'rediss' : 'redis'}://${user}127.0.0.1:${port}`,
    pid,
    async stop() {
      await stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
