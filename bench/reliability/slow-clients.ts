import { execFileSync } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { chooseCores } from '../cores';
import { generateLoad, type LoadResult } from '../load-generator';
import { atMost, type CheckResult, median } from './bars';
import { ServerProcess } from './server-process';
import { shopTraffic } from './shop-traffic';
import { smallStore } from './small-store';

const TRICKLE_MS = 1000;
/** Opened a second. */
const OPENED = 400;
const HONEST_CONNECTIONS = 50;
const HEAD = 'POST /v1/recommendations HTTP/1.1\r\nHost: a\r\n';
const BODY_FOLLOWS = `${HEAD}Content-Type: application/json\r\nContent-Length: 90000\r\n\r\n`;

export interface SlowClientsOptions {
  /** Half of them never end their head, half never end their body. @default 2000 */
  readonly sockets?: number;
  /** Honest requests a second. @default 1000 */
  readonly rate?: number;
  /** Each compares seconds with the slow clients with seconds without. @default 5 */
  readonly rounds?: number;
  readonly seed: number;
}

/** Holds connections by heads and bodies that come a byte a second, beside honest load. */
export async function slowClients(options: SlowClientsOptions): Promise<CheckResult> {
  const { sockets = 2000, rate = 1000, rounds = 5, seed } = options;
  const started = performance.now();
  const { generator, servers } = chooseCores();
  const store = await smallStore();
  const server = await ServerProcess.start(store);
  // What the slow clients cost themselves is on one core, away from the generator's.
  const stayOn = (cores: readonly number[]) => execFileSync('taskset', ['-acp', cores.join(','), `${process.pid}`]);
  stayOn(servers.slice(-1));
  const honest = (seconds: number) =>
    generateLoad({
      port: server.port,
      requests: shopTraffic(store.items, seed),
      phases: [{ rate, seconds }],
      connections: HONEST_CONNECTIONS,
      poissonSeed: seed,
      core: generator,
    });
  try {
    await honest(3);
    const gone: number[] = [];
    const [without, beside]: [number[], number[]] = [[], []];
    const failed: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const quiet = await honest(12);
      const [load, lifetimes] = await Promise.all([honest(12), holdAll(server.port, sockets)]);
      gone.push(...lifetimes);
      without.push(p99(quiet));
      beside.push(p99(load));
      failed.push(unanswered(quiet), unanswered(load));
    }
    const ratio = median(beside.map((figure, round) => figure / (without[round] as number)));
    const shown = (figures: number[]) => figures.map((figure) => figure.toFixed(1)).join(', ');
    return {
      name: 'slow clients',
      conditions: `generator and slow clients on a core each; ${sockets} sockets, half slow heads and half slow bodies, opened at ${OPENED}/s, a byte a second; ${rate} honest requests/s beside them, ${rounds} rounds, seed ${seed}`,
      bars: [
        atMost('last slow client gone after', Math.max(...gone) / 1000, 10, { unit: 's', digits: 1 }),
        atMost('p99 of honest requests, with over without (median of rounds)', ratio, 1.2, { digits: 2 }),
        atMost('honest requests not answered 2xx', Math.max(...failed), 0),
      ],
      notes: [`p99 without: ${shown(without)} ms; with: ${shown(beside)} ms`],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    stayOn([generator, ...servers]);
    await server.stop('SIGKILL');
    await store.remove();
  }
}

const p99 = (load: LoadResult) => load.phases[0]?.accepted.p99 ?? Number.NaN;
const unanswered = ({ phases: [phase] }: LoadResult) => (phase ? phase.intended - phase.accepted.count : Number.NaN);

/** @returns how long each was held, milliseconds */
async function holdAll(port: number, sockets: number): Promise<number[]> {
  const held = Array.from({ length: sockets }, async (_, i) => {
    await pause((i * 1000) / OPENED);
    return hold(port, i % 2 === 0 ? HEAD : BODY_FOLLOWS);
  });
  return Promise.all(held);
}

/** Sends a beginning, and then a byte a second until the server ends it. */
function hold(port: number, beginning: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const socket: Socket = connect(port, '127.0.0.1', () => socket.write(beginning));
    const trickle = setInterval(() => socket.write('x'), TRICKLE_MS);
    socket.resume().on('close', () => {
      clearInterval(trickle);
      resolve(performance.now() - started);
    });
    // A reset is an end too; a refused connection is not.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearInterval(trickle);
      if (error.code === 'ECONNREFUSED') reject(error);
    });
  });
}
