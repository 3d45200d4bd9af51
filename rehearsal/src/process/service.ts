import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { RehearsalError } from '../errors';

/** What is kept of a service's last words. */
const ERRORS_KEPT = 20_000;

export interface ServiceOptions<Ready> {
  /** For errors: `the emulated AWS (moto)`. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** What a line on standard output says of the service's being ready; undefined while it isn't. */
  readonly ready: (line: string) => Ready | undefined;
  readonly startSeconds: number;
  readonly signal?: AbortSignal;
}

export interface Service<Ready> {
  readonly ready: Ready;
  stop(): Promise<void>;
}

/**
 * Starts a program that serves until its standard input ends, so that it never outlives this process.
 *
 * @throws RehearsalError with what it wrote to standard error, when it ends or says nothing in time
 */
export async function startService<Ready>(options: ServiceOptions<Ready>): Promise<Service<Ready>> {
  const { title, command, args, env, ready, startSeconds, signal } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERRORS_KEPT);
  });
  const exited = new Promise<undefined>((resolve) => child.once('close', () => resolve(undefined)));
  const end = () => child.stdin.end();
  const stop = async () => {
    end();
    await exited;
  };
  child.stdin.on('error', () => undefined); // it may have ended already
  signal?.addEventListener('abort', end);
  void exited.then(() => signal?.removeEventListener('abort', end));

  const answer = await Promise.race([
    new Promise<Ready>((resolve) => {
      const lines = createInterface({ input: child.stdout });
      const look = (line: string) => {
        const word = ready(line);
        if (word === undefined) return;
        lines.off('line', look);
        resolve(word);
      };
      lines.on('line', look);
    }),
    exited,
    new Promise<undefined>((resolve) => setTimeout(() => resolve(undefined), startSeconds * 1000).unref()),
  ]);
  if (answer !== undefined) return { ready: answer, stop };
  await stop();
  signal?.throwIfAborted();
  throw new RehearsalError(`${title} did not start`, errors.trim() || `no word from it for ${startSeconds} s`);
}
