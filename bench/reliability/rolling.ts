import { setTimeout as pause } from 'node:timers/promises';
import { generateLoad } from '../load-generator';
import { atLeast, atMost, type CheckResult } from './bars';
import { GRACE_MS, Replicas } from './replicas';
import { shopTraffic } from './shop-traffic';

const CONNECTIONS = 64;
/** Before the first restart and after the last, so that the load surrounds them all. */
const MARGIN_MS = 2000;
/** With a quarter of the rate, while no replica has run hot yet. They count too. */
const COLD_SECONDS = 3;

export interface RollingOptions {
  /** @default 1_000_000 */
  readonly requests?: number;
  /** Requests a second. @default 3000 */
  readonly rate?: number;
  /** Restarts, and as many swaps of the model. @default 20 */
  readonly rounds?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

/** Restarts replicas and swaps models under load; nobody asks twice. */
export async function rollingRestarts(options: RollingOptions): Promise<CheckResult> {
  const { requests = 1_000_000, rate = 3000, rounds = 20, seed, onProgress } = options;
  const started = performance.now();
  const replicas = await Replicas.start({ retry: false, onProgress });
  const { store } = replicas;
  const ends: number[] = [];
  const roll = async (milliseconds: number) => {
    await pause(MARGIN_MS);
    const slot = (milliseconds - 2 * MARGIN_MS) / rounds;
    const begun = performance.now();
    for (let round = 0; round < rounds; round++) {
      ends.push(await replicas.restart(round));
      await replicas.swap(store.versions[(round + 1) % store.versions.length] as string);
      onProgress?.(`${round + 1} of ${rounds} restarts and swaps`);
      await pause(Math.max(0, begun + (round + 1) * slot - performance.now()));
    }
  };
  const stopped = new AbortController();
  try {
    // Arrivals are random: a little more than enough.
    const seconds = Math.ceil((requests / rate) * 1.02);
    const load = generateLoad({
      port: replicas.port,
      requests: shopTraffic(store.items, seed),
      phases: [
        { rate: rate / 4, seconds: COLD_SECONDS },
        { rate, seconds },
      ],
      connections: CONNECTIONS,
      poissonSeed: seed,
      countHeader: 'x-model-version',
      signal: stopped.signal,
    });
    const rolledInTime = load.then(
      () => ends.length,
      () => 0,
    );
    await pause(COLD_SECONDS * 1000);
    await roll(seconds * 1000);
    const [cold, phase] = (await load).phases;
    if (!cold || !phase) throw new Error('the load had not both phases');
    const failed = cold.intended - cold.accepted.count + phase.intended - phase.accepted.count;
    return {
      name: 'rolling restarts',
      conditions: `3 replicas behind haproxy ${replicas.haproxyVersion}, no retries; ${rate} requests/s over ${CONNECTIONS} kept connections, ${rounds} restarts and ${rounds} swaps between 2 versions; seed ${seed}`,
      bars: [
        atMost('failed requests', failed, 0),
        atLeast('requests', phase.intended, requests),
        atLeast('restarts, and as many swaps, done while the load lasted', await rolledInTime, rounds),
        atMost('from SIGTERM to the end, longest', Math.max(...ends) / 1000, GRACE_MS / 1000, { unit: 's', digits: 1 }),
        atLeast('versions that answered', Object.keys(phase.header).length, store.versions.length),
      ],
      notes: [
        `p99 ${phase.accepted.p99.toFixed(1)} ms, slowest ${phase.accepted.max.toFixed(0)} ms`,
        `statuses ${JSON.stringify(phase.statuses)}, refused by a replica (Retry-After) ${phase.retryAfter}, failures ${JSON.stringify(phase.failures)}, reconnects ${phase.reconnects}`,
      ],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    stopped.abort();
    await replicas.stop();
  }
}
