import { type SpawnOptions, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { RehearsalError } from '../errors';
import { compiledFile } from './compiled';

/** What tells the guard to kill at once. */
const KILL = 'SIGUSR2';

export interface RunOptions {
  readonly cwd?: string;
  /** The whole environment of the program. @default - this process's own */
  readonly env?: NodeJS.ProcessEnv;
  /** The program and what it started are killed after this time. */
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal;
  /** Kills the program and what it started at once, by SIGKILL; that is a result, not an error. */
  readonly kill?: AbortSignal;
  /** Called with each line of standard output or standard error. */
  readonly onLine?: (line: string) => void;
}

export interface RunResult {
  readonly exitCode: number;
  /** Standard output and standard error, as they came. */
  readonly output: string;
  /** Standard output alone. */
  readonly stdout: string;
  readonly seconds: number;
}

/**
 * Runs a program to its end; a non-zero exit is a result, not an error. It runs under a guard (guard.ts), so that it and
 * its children end with this process, however this process ends.
 *
 * @throws RehearsalError when the program can't be started, runs out of time, or is stopped by `signal`
 */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<RunResult> {
  options.signal?.throwIfAborted();
  const started = performance.now();
  const spawnOptions: SpawnOptions = { cwd: options.cwd, env: options.env, stdio: ['pipe', 'pipe', 'pipe'] };
  const child = spawn(process.execPath, [compiledFile('process/guard.js'), command, ...args], spawnOptions);
  const { stdin, stdout, stderr } = child;
  if (!stdin || !stdout || !stderr) throw new Error('spawned without pipes');

  let output = '';
  let out = '';
  for (const stream of [stdout, stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (stream === stdout) out += text;
    });
    if (options.onLine) createInterface({ input: stream }).on('line', options.onLine);
  }

  let stoppedBy: string | undefined;
  const stop = (why: string) => {
    stoppedBy ??= why;
    stdin.end();
  };
  const timer = setTimeout(() => stop(`ran longer than ${options.timeoutSeconds} s`), options.timeoutSeconds * 1000);
  const onAbort = () => stop('was stopped');
  options.signal?.addEventListener('abort', onAbort);
  const onKill = () => child.kill(KILL);
  options.kill?.addEventListener('abort', onKill);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve(code ?? (signal ? 128 : 1)));
    });
    if (stoppedBy) throw new RehearsalError(`${commandLine(command, args)} ${stoppedBy}`, tail(output));
    return { exitCode, output, stdout: out, seconds: (performance.now() - started) / 1000 };
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', onAbort);
    options.kill?.removeEventListener('abort', onKill);
  }
}

const tail = (text: string) => `Its last words: ${text.trimEnd().split('\n').slice(-15).join('\n')}`;
const commandLine = (command: string, args: readonly string[]) =>
  [command.split('/').at(-1), ...args.slice(0, 2)].join(' ');

/** The first file named `name` in the folders of PATH that may be executed. */
export async function which(name: string, path = process.env.PATH ?? ''): Promise<string | undefined> {
  const { access, constants } = await import('node:fs/promises');
  for (const folder of path.split(':').filter(Boolean)) {
    const file = join(folder, name);
    if (
      await access(file, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return file;
  }
  return undefined;
}
