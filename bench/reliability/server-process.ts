import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '@cdktf-recommender/rehearsal';
import { imageOf } from '../image';
import { ROOT } from '../repository';
import { SYNTHETIC_MODEL } from '../synthetic-version';
import { CHANNEL } from '../workload';

const IMAGE = imageOf();
const COLLECT_GARBAGE = join(ROOT, 'dist/bench/reliability/collect-garbage.js');
const START_SECONDS = 30;
const POLL_MS = 20;
const LAST_WORDS = 20_000;

export interface ServerOptions {
  readonly store: string;
  readonly users: string;
  /** @default - a free one */
  readonly port?: number;
  /** More settings, by their environment variables. */
  readonly environment?: Readonly<Record<string, string>>;
  /** The core to keep the server on. @default - any */
  readonly core?: number;
  /** Whether {@link ServerProcess.rssWithoutGarbage} will be asked. @default false */
  readonly collectable?: boolean;
}

/** The model server as it is deployed: its own process, told by its environment, known by what it answers. */
export class ServerProcess {
  private lastWords = '';

  private constructor(
    readonly port: number,
    private readonly child: ChildProcess,
  ) {
    const keep = (text: string) => {
      this.lastWords = (this.lastWords + text).slice(-LAST_WORDS);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
  }

  /** @throws Error with what the server wrote, when it ends or is not ready in 30 s */
  static async start({ store, users, port, environment, core, collectable }: ServerOptions): Promise<ServerProcess> {
    const program = join(ROOT, 'model-server/dist/main.js');
    const chosen = port ?? (await freePort());
    const preloaded = collectable ? ['--require', COLLECT_GARBAGE] : [];
    const node = [process.execPath, ...IMAGE.nodeOptions, ...preloaded, program];
    const [command = '', ...args] = core === undefined ? node : ['taskset', '-c', `${core}`, ...node];
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', ...(collectable ? (['ipc'] as const) : [])],
      env: {
        ...IMAGE.environment,
        PATH: process.env.PATH,
        RECOMMENDER_PORT: `${chosen}`,
        RECOMMENDER_STORE: store,
        RECOMMENDER_USERS: users,
        RECOMMENDER_MODEL: SYNTHETIC_MODEL,
        RECOMMENDER_CHANNEL: CHANNEL,
        RECOMMENDER_LOG_LEVEL: 'error',
        ...environment,
      },
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    const server = new ServerProcess(chosen, child);
    await server.ready();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  get alive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** What it logged last: errors only, unless the environment asks for more. */
  get log(): string {
    return this.lastWords;
  }

  /** Resident memory, bytes (Linux). */
  get rss(): number {
    const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8')) ?? [];
    return Number(kilobytes) * 1024;
  }

  /** Resident memory as soon as all garbage is collected, bytes: what V8 left for later is no leak. */
  async rssWithoutGarbage(): Promise<number> {
    const collected = once(this.child, 'message');
    this.child.send('collect');
    await collected;
    return this.rss;
  }

  /** Ends it by SIGTERM, drained, or by SIGKILL. @returns the exit code, or the signal that ended it */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | NodeJS.Signals> {
    if (this.alive) {
      const exited = once(this.child, 'exit');
      this.child.kill(signal);
      await exited;
    }
    return this.child.exitCode ?? (this.child.signalCode as NodeJS.Signals);
  }

  private async ready(): Promise<void> {
    const deadline = performance.now() + START_SECONDS * 1000;
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      if (!this.alive || performance.now() > deadline) {
        await this.stop('SIGKILL');
        throw new Error(`the server did not become ready on port ${this.port}:\n${this.lastWords}`);
      }
      await pause(POLL_MS);
    }
  }
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
