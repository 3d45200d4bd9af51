import cluster, { type Worker } from 'node:cluster';
import type { Logger } from 'pino';
import { relayBetweenWorkers } from './cluster-messages';

/** Pause before a worker that ended by itself is replaced; doubled while replacements don't live this long. */
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Keeps a number of worker processes that share the port, each with a model of its own: new connections go to them in
 * turn. A worker that ends by itself is replaced. Signals are passed on, and the process ends with its last worker.
 *
 * @returns the exit code: 0 after a signal, a worker's own when it ended before it ever listened
 */
export function superviseWorkers(count: number, logger: Logger): Promise<number> {
  return new Promise((resolve) => {
    let stopping = false;
    let exitCode = 0;
    let pause = FIRST_PAUSE_MS;

    const start = () => {
      const worker = cluster.fork();
      const began = Date.now();
      let listened = false;
      worker.once('listening', () => {
        listened = true;
      });
      worker.once('exit', (code, signal) => {
        if (stopping) {
          if (living().length === 0) resolve(exitCode);
          return;
        }
        if (!listened && code) {
          // The next one would fail for the same reason.
          exitCode = code;
          stop('SIGTERM');
          if (living().length === 0) resolve(exitCode);
          return;
        }
        pause = Date.now() - began > LONGEST_PAUSE_MS ? FIRST_PAUSE_MS : Math.min(2 * pause, LONGEST_PAUSE_MS);
        logger.error({ worker: worker.id, code, signal, replacedInMs: pause }, 'a worker ended');
        setTimeout(() => {
          if (!stopping) start();
        }, pause);
      });
    };
    const stop = (signal: NodeJS.Signals) => {
      stopping = true;
      for (const worker of living()) worker.process.kill(signal);
      if (living().length === 0) resolve(exitCode);
    };
    process.on('SIGTERM', () => stop('SIGTERM'));
    process.on('SIGINT', () => stop('SIGINT'));
    relayBetweenWorkers();
    for (let i = 0; i < count; i++) start();
  });
}

function living(): Worker[] {
  return Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined && !worker.isDead()) as Worker[];
}
