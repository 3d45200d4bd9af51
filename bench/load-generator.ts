import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { cProgram } from './c-program';
import { BenchError } from './errors';

export interface LoadPhase {
  /**
   * Arrivals a second, which never wait for answers (open loop); or `closed`: each connection asks again as soon as it
   * has its answer.
   */
  readonly rate: number | 'closed';
  readonly seconds: number;
}

export interface LoadOptions {
  /** Of a server on 127.0.0.1. */
  readonly port: number;
  /** Ready-made HTTP/1.1 requests, head and body, sent in turn; {@link rawRequest} makes them. */
  readonly requests: readonly (string | Buffer)[];
  /** One after the other, without a pause; a request belongs to the phase in which it was meant to start. */
  readonly phases: readonly LoadPhase[];
  /** Keep-alive connections, all open before the clock starts. @default 1 */
  readonly connections?: number;
  /** Connections opened a second. @default 4000 */
  readonly connectRate?: number;
  /** From the intended start; after that a request counts as failed and its connection is replaced. @default 10000 */
  readonly timeoutMs?: number;
  /** Seed of exponential gaps between arrivals (a Poisson process). @default - evenly spaced */
  readonly poissonSeed?: number;
  /** A response header whose values are counted, 16 at most. */
  readonly countHeader?: string;
  /** Whether the result has figures for each second. @default false */
  readonly series?: boolean;
  /**
   * The processor core it is pinned to by taskset. There it never sleeps: to wake it would cost the server up to 20 µs an
   * answer on a virtual machine, which over a network is nobody's. @default - any
   */
  readonly core?: number;
  /** Called as each phase begins, and with the number of phases as the last one ends. */
  readonly onPhase?: (phase: number) => void;
  readonly signal?: AbortSignal;
}

/** Milliseconds from the intended start to the answer's last byte, rounded up by at most 0.2 %. */
export interface Durations {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export interface PhaseResult {
  readonly rate: number | 'closed';
  readonly seconds: number;
  /** Requests that were meant to start. Each is accepted, refused, of another status, or failed. */
  readonly intended: number;
  /** 2xx answers that came while the phase lasted, whichever phase asked. */
  readonly completed: number;
  /** Answers of 2xx. */
  readonly accepted: Durations;
  /** Answers of 429 and 503. */
  readonly refused: Durations;
  /** How late the generator itself came to each arrival of an open loop. Latencies hold it. */
  readonly lag: Durations;
  /** How long arrivals that found all connections busy waited for one. Latencies hold it. */
  readonly queued: Durations;
  readonly statuses: Readonly<Record<string, number>>;
  /** Of the refused, those with a `Retry-After`. */
  readonly retryAfter: number;
  /** Requests without an answer: late; late without ever finding a connection; cut off; reset; not HTTP/1.1. */
  readonly failures: Readonly<Record<'timeout' | 'neverSent' | 'closed' | 'reset' | 'malformed', number>>;
  /** Connections opened anew while the phase lasted. */
  readonly reconnects: number;
  /** Connections that the server closed with no request on them. */
  readonly closedIdle: number;
  readonly connectFailures: number;
  /** By value of `countHeader`. */
  readonly header: Readonly<Record<string, number>>;
}

/** Requests that were meant to start in one second of the clock. */
export interface SecondResult {
  readonly second: number;
  readonly intended: number;
  /** Neither accepted nor refused. */
  readonly failed: number;
  readonly accepted: Durations;
  readonly refused: Durations;
}

export interface LoadResult {
  readonly connections: number;
  readonly connectSeconds: number;
  readonly phases: readonly PhaseResult[];
  /** Empty unless asked for; seconds without an arrival are left out. */
  readonly series: readonly SecondResult[];
}

/** The bytes of a request, with a `Host` and, for a body, its type and length. */
export function rawRequest(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): string {
  const text = body === undefined ? '' : JSON.stringify(body);
  const all: Record<string, string | number> = { Host: '127.0.0.1', ...headers };
  if (text !== '')
    Object.assign(all, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`;
}

/**
 * Loads a server with our own generator (bench/load-generator/, C), one thread that never waits for anything but
 * epoll.
 *
 * @throws BenchError when it can't be built or the connections can't be opened
 */
export async function generateLoad(options: LoadOptions): Promise<LoadResult> {
  const program = await cProgram('load-generator');
  const folder = await mkdtemp(join(tmpdir(), 'load-'));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', remove);
  try {
    const requests = join(folder, 'requests');
    await writeFile(requests, Buffer.concat(options.requests.map((request) => Buffer.from(request))));
    return await runGenerator(program, programArguments(options, requests), options);
  } finally {
    remove();
    process.off('exit', remove);
  }
}

function programArguments(options: LoadOptions, requests: string): string[] {
  const { port, phases, connections, connectRate, timeoutMs, poissonSeed, countHeader, series } = options;
  const spec = phases.map(({ rate, seconds }) => `${rate},${seconds}`).join(';');
  const named = {
    port,
    requests,
    phases: spec,
    connections,
    'connect-rate': connectRate,
    'timeout-ms': timeoutMs,
    poisson: poissonSeed,
    'count-header': countHeader,
  };
  const given = Object.entries(named).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`, `${value}`],
  );
  if (series) given.push('--series');
  if (options.core !== undefined) given.push('--spin');
  return given;
}

async function runGenerator(program: string, args: string[], options: LoadOptions): Promise<LoadResult> {
  const command = options.core === undefined ? [program] : ['taskset', '-c', `${options.core}`, program];
  const child = spawn(command[0] as string, [...command.slice(1), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: options.signal,
  });
  let result: LoadResult | undefined;
  let errors = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    const value = JSON.parse(line) as LoadResult | { phase: number };
    if ('phase' in value) options.onPhase?.(value.phase);
    else result = value;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject).once('close', resolve);
  });
  if (code !== 0 || !result) throw new BenchError(errors.trim() || `load-generator ended with ${code}`);
  return result;
}
