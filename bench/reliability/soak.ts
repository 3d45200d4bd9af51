import { setTimeout as pause } from 'node:timers/promises';
import { generateLoad } from '../load-generator';
import { atMost, type CheckResult } from './bars';
import { ServerProcess } from './server-process';
import { shopTraffic } from './shop-traffic';
import { smallStore } from './small-store';

const MB = 1e6;
/**
 * Of the whole, before memory is looked at: caches fill, and V8 sizes its heap, in steps of which the last was seen 11
 * minutes after the start.
 */
const WARM_UP_SHARE = 0.25;
const LOOK_MS = 5000;

export interface SoakOptions {
  /** @default 60 */
  readonly minutes?: number;
  /** Requests a second. @default 500 */
  readonly rate?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

/** Asks the same for long, and fits a line to the server's memory. */
export async function soak({ minutes = 60, rate = 500, seed, onProgress }: SoakOptions): Promise<CheckResult> {
  const started = performance.now();
  const store = await smallStore();
  const server = await ServerProcess.start(store);
  const stopped = new AbortController();
  try {
    const seconds = minutes * 60;
    const load = generateLoad({
      port: server.port,
      requests: shopTraffic(store.items, seed),
      phases: [{ rate, seconds }],
      connections: 100,
      poissonSeed: seed,
      signal: stopped.signal,
    });
    load.catch(() => undefined);
    const begun = performance.now();
    const looks: { x: number; y: number }[] = [];
    for (let at = 0; at < seconds * 1000; at = performance.now() - begun) {
      // Units of the bar: ten minutes and megabytes.
      if (at > WARM_UP_SHARE * seconds * 1000) looks.push({ x: at / 600_000, y: server.rss / MB });
      onProgress?.(`${(at / 60_000).toFixed(1)} of ${minutes} minutes, ${(server.rss / MB).toFixed(0)} MB`);
      await pause(LOOK_MS);
    }
    const [phase] = (await load).phases;
    const { slope, halfWidth } = regression(looks);
    return {
      name: 'soak',
      conditions: `${minutes} minutes at ${rate} requests/s; memory looked at every ${LOOK_MS / 1000} s after the first ${100 * WARM_UP_SHARE} %; seed ${seed}`,
      bars: [
        atMost('growth of memory in 10 minutes', slope, 1, { unit: 'MB', digits: 2 }),
        atMost('requests not answered 2xx', (phase?.intended ?? Number.NaN) - (phase?.accepted.count ?? 0), 0),
      ],
      notes: [
        `slope ${slope.toFixed(2)} ± ${halfWidth.toFixed(2)} MB per 10 minutes (95 %, as if looks were independent), ${looks.length} looks, ${looks[0]?.y.toFixed(0)} to ${looks.at(-1)?.y.toFixed(0)} MB`,
      ],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    stopped.abort();
    await server.stop('SIGKILL');
    await store.remove();
  }
}

/** Least squares, with half of the slope's 95 % interval; any textbook of statistics, "simple linear regression". */
export function regression(points: readonly { x: number; y: number }[]): { slope: number; halfWidth: number } {
  const n = points.length;
  const mean = (of: (point: { x: number; y: number }) => number) => points.reduce((sum, p) => sum + of(p), 0) / n;
  const [meanX, meanY] = [mean(({ x }) => x), mean(({ y }) => y)];
  const sxx = points.reduce((sum, { x }) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, { x, y }) => sum + (x - meanX) * (y - meanY), 0) / sxx;
  const residuals = points.reduce((sum, { x, y }) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, halfWidth: 1.96 * Math.sqrt(residuals / (n - 2) / sxx) };
}
