import { atMost, type CheckResult } from '../reliability/bars';
import { ServerProcess } from '../reliability/server-process';
import { smallStore } from '../reliability/small-store';
import { attack, SLOWEST_MS } from './attack';

const RSS_GROWTH_PERCENT = 10;
/** A neighbour on the machine can make a server late, and so refuse; more than this would hide what is looked for. */
const REFUSED_PERCENT = 10;

export interface MalformedRequestsOptions {
  /** @default 1_000_000 */
  readonly requests?: number;
  readonly seed: number;
  readonly onProgress?: (line: string) => void;
}

/** Attacks a server of its own. */
export async function malformedRequests(options: MalformedRequestsOptions): Promise<CheckResult> {
  const { requests = 1_000_000, seed, onProgress } = options;
  const store = await smallStore();
  // The console's routes are attacked too, and a model of any kind.
  const server = await ServerProcess.start({
    ...store,
    environment: { RECOMMENDER_CONSOLE: 'true', RECOMMENDER_MODELS: store.models },
    collectable: true,
  });
  try {
    const result = await attack({
      server,
      seed,
      requests,
      onProgress: (sent) => onProgress?.(`${sent} of ${requests}`),
    });
    const ownFaults = Object.entries(result.statuses).reduce(
      (sum, [status, n]) => sum + (Number(status) >= 500 ? n : 0),
      0,
    );
    return {
      name: 'malformed requests',
      conditions: `${result.sent} requests, a fifth of them raw bytes over a connection of their own; seed ${seed}`,
      bars: [
        atMost('requests that broke a bar', result.failure ? 1 : 0, 0),
        atMost('answers of 5xx, refusals apart', ownFaults - result.refused, 0),
        atMost('refused for overload', (100 * result.refused) / result.sent, REFUSED_PERCENT, { unit: '%', digits: 2 }),
        atMost('crashes', server.alive ? 0 : 1, 0),
        atMost('slowest answer', result.slowestMs, SLOWEST_MS, { unit: 'ms' }),
        atMost('growth of memory after the warm-up, without garbage', 100 * result.rssGrowth, RSS_GROWTH_PERCENT, {
          unit: '%',
          digits: 1,
        }),
      ],
      notes: [
        `statuses ${JSON.stringify(result.statuses)}, ${result.unanswered} connections ended without an answer; memory ${(result.rssBytes / 1e6).toFixed(0)} MB`,
        ...(result.failure ? [result.failure] : []),
      ],
      seconds: result.seconds,
    };
  } finally {
    await server.stop('SIGKILL');
    await store.remove();
  }
}
