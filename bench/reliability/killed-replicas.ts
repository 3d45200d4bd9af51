import { setTimeout as pause } from 'node:timers/promises';
import { generateLoad } from '../load-generator';
import { atLeast, type CheckResult } from './bars';
import { Replicas } from './replicas';
import { shopTraffic } from './shop-traffic';

const CONNECTIONS = 64;
const EVERY_MS = 5000;

export interface KilledReplicasOptions {
  /** @default 300 */
  readonly seconds?: number;
  /** Requests a second. @default 1000 */
  readonly rate?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

/** Kills a replica every 5 seconds under load; the balancer asks another one, once. */
export async function killedReplicas(options: KilledReplicasOptions): Promise<CheckResult> {
  const { seconds = 300, rate = 1000, seed, onProgress } = options;
  const started = performance.now();
  const replicas = await Replicas.start({ retry: true, onProgress });
  const stopped = new AbortController();
  const due = Math.floor((seconds * 1000) / EVERY_MS) - 1;
  try {
    const load = generateLoad({
      port: replicas.port,
      requests: shopTraffic(replicas.store.items, seed),
      phases: [{ rate, seconds }],
      connections: CONNECTIONS,
      poissonSeed: seed,
      signal: stopped.signal,
    });
    load.catch(() => undefined);
    const begun = performance.now();
    for (let kill = 0; kill < due; kill++) {
      await pause(Math.max(0, begun + (kill + 1) * EVERY_MS - performance.now()));
      await replicas.kill(kill);
      onProgress?.(`${kill + 1} of ${due} killed`);
    }
    const [phase] = (await load).phases;
    if (!phase) throw new Error('the load had no phase');
    const share = (100 * phase.accepted.count) / phase.intended;
    return {
      name: 'killed replicas',
      conditions: `3 replicas behind haproxy ${replicas.haproxyVersion}, one retry on another; ${rate} requests/s over ${CONNECTIONS} kept connections for ${seconds} s, SIGKILL every ${EVERY_MS / 1000} s; seed ${seed}`,
      bars: [atLeast('answered 2xx', share, 99.99, { unit: '%', digits: 3 }), atLeast('killed', due, due)],
      notes: [
        `${phase.intended - phase.accepted.count} of ${phase.intended} failed; statuses ${JSON.stringify(phase.statuses)}, failures ${JSON.stringify(phase.failures)}`,
      ],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    stopped.abort();
    await replicas.stop();
  }
}
