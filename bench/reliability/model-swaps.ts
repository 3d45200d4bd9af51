import { setTimeout as pause } from 'node:timers/promises';
import { generateLoad } from '../load-generator';
import { atLeast, atMost, type CheckResult } from './bars';
import { ServerProcess } from './server-process';
import { shopTraffic } from './shop-traffic';
import { smallStore } from './small-store';

const MB = 1e6;
/** Their graph has 16 MB: a version that stayed would show. */
const ITEMS = 4000;
/** How many looks at memory make one figure: the least of them, as garbage comes and goes. */
const LOOKS = 3;
const LOOK_MS = 50;
const SWAP_SECONDS = 60;

export interface ModelSwapsOptions {
  /** @default 20 */
  readonly swaps?: number;
  /** Requests a second. @default 300 */
  readonly rate?: number;
  /** The core to keep the server on. @default - any */
  readonly core?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

/** Swaps a model of 16 MB under load, on one server, and looks at its memory after each swap. */
export async function modelSwaps(options: ModelSwapsOptions): Promise<CheckResult> {
  const { swaps = 20, rate = 300, core, seed, onProgress } = options;
  const started = performance.now();
  const store = await smallStore({ items: ITEMS, versions: 2 });
  const environment = { RECOMMENDER_POLL_SECONDS: '1' };
  const server = await ServerProcess.start({ ...store, core, environment });
  const stopped = new AbortController();
  const load = (seconds: number, signal: AbortSignal) =>
    generateLoad({
      port: server.port,
      requests: shopTraffic(store.items, seed),
      phases: [{ rate, seconds }],
      connections: 32,
      poissonSeed: seed,
      countHeader: 'x-model-version',
      signal,
    });
  try {
    const [quiet] = (await load(5, stopped.signal)).phases;
    const memory: number[] = [];
    // Long enough on a busy machine; what is left of it is asked of the last version.
    const seconds = Math.ceil(swaps * 2.5) + 2;
    const loading = load(seconds, stopped.signal);
    loading.catch(() => undefined);
    let done = 0;
    const loaded = loading.then(() => done);
    for (; done < swaps; done++) {
      const version = store.versions[(done + 1) % 2] as string;
      await store.promote(version);
      await serves(server, version);
      memory.push(server.rss / MB);
      onProgress?.(`${done + 1} of ${swaps} swaps, ${memory.at(-1)?.toFixed(0)} MB`);
    }
    const [phase] = (await loading).phases;
    if (!phase || !quiet) throw new Error('the load had no phase');
    // By half of the swaps the heap and the allocator have the size this load asks for: it may not grow further.
    const half = Math.ceil(swaps / 2);
    const settled = Math.min(...memory.slice(half - LOOKS, half));
    const last = Math.min(...memory.slice(-LOOKS));
    return {
      name: 'model swaps',
      conditions: `one server${core === undefined ? '' : ` on core ${core}`}, ${swaps} swaps between 2 versions of 16 MB in a directory; ${rate} requests/s over 32 kept connections; seed ${seed}`,
      bars: [
        atMost('failed requests', phase.intended - phase.accepted.count, 0),
        atLeast('swaps done while the load lasted', await loaded, swaps),
        atMost('memory after the last swaps, of that after half of them', last / settled, 1.2, { digits: 2 }),
        atMost('p99 while swapping', phase.accepted.p99, 100, { unit: 'ms', digits: 1 }),
        atLeast('versions that answered', Object.keys(phase.header).length, 2),
      ],
      notes: [
        `p99 without swaps ${quiet.accepted.p99.toFixed(1)} ms, slowest ${quiet.accepted.max.toFixed(0)} ms`,
        `p99 while swapping ${phase.accepted.p99.toFixed(1)} ms, slowest ${phase.accepted.max.toFixed(0)} ms, ${phase.intended} requests`,
        `MB after each swap: ${memory.map((megabytes) => megabytes.toFixed(0)).join(', ')}`,
      ],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    stopped.abort();
    await server.stop('SIGKILL');
    await store.remove();
  }
}

/** Waits until a version answers, and the one before is gone: its drain ends before the next look at the channel. */
async function serves(server: ServerProcess, version: string): Promise<void> {
  const deadline = performance.now() + SWAP_SECONDS * 1000;
  for (;;) {
    const { modelVersion, problem } = (await (await fetch(`${server.url}/v1/model`)).json()) as Record<string, unknown>;
    if (modelVersion === version) break;
    if (performance.now() > deadline) throw new Error(`${version} does not serve: ${problem}\n${server.log}`);
    await pause(LOOK_MS);
  }
  await pause(500);
}
