import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as pause } from 'node:timers/promises';
import { RehearsalError } from '../errors';

/** What is kept of a service's last words. */
const ERRORS_KEPT = 20_000;
const PROBE_MS = 100;

export type ServiceOptions<Ready> = Program & Readiness<Ready>;

interface Program {
  /** For errors: `the emulated AWS (moto)`. */
  readonly title: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly startSeconds: number;
  /** Called with each line of standard output or standard error. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** How it is known that a service is ready; undefined while it isn't. */
type Readiness<Ready> =
  /** From a line on standard output. */
  | { readonly ready: (line: string) => Ready | undefined }
  /** By asking again and again, of a program that doesn't say. */
  | { readonly probe: () => Promise<Ready | undefined> };

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
  const { title, command, args, env, startSeconds, onLine, signal } = options;
  signal?.throwIfAborted();
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-ERRORS_KEPT);
  });
  if (onLine) for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
  const exited = new Promise<undefined>((resolve) => child.once('close', () => resolve(undefined)));
  const end = () => child.stdin.end();
  const stop = async () => {
    end();
    await exited;
  };
  child.stdin.on('error', () => undefined); // it may have ended already
  signal?.addEventListener('abort', end);
  void exited.then(() => signal?.removeEventListener('abort', end));

  // Unread, it would fill its pipe and halt.
  child.stdout.resume();
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), startSeconds * 1000);
  const answer = await Promise.race([
    'ready' in options ? firstWord(child.stdout, options.ready) : answerOf(options.probe, over.signal),
    exited,
    once(over.signal, 'abort').then(() => undefined),
  ]);
  over.abort();
  clearTimeout(timer);
  if (answer !== undefined) return { ready: answer, stop };
  await stop();
  signal?.throwIfAborted();
  throw new RehearsalError(`${title} did not start`, errors.trim() || `no word from it for ${startSeconds} s`);
}

function firstWord<Ready>(output: Readable, ready: (line: string) => Ready | undefined): Promise<Ready> {
  return new Promise((resolve) => {
    const lines = createInterface({ input: output });
    const look = (line: string) => {
      const word = ready(line);
      if (word === undefined) return;
      lines.off('line', look);
      resolve(word);
    };
    lines.on('line', look);
  });
}

async function answerOf<Ready>(
  probe: () => Promise<Ready | undefined>,
  signal: AbortSignal,
): Promise<Ready | undefined> {
  while (!signal.aborted) {
    const answer = await probe();
    if (answer !== undefined) return answer;
    await pause(PROBE_MS);
  }
  return undefined;
}
