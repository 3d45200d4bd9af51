import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Redis, startRedis } from '@cdktf-recommender/rehearsal';
import { SYNTHETIC_MODEL } from '../../synthetic-version';
import { CHANNEL } from '../../workload';
import { type SmallStore, smallStore } from '../small-store';
import type { DeliveredVersion } from './delivered-stack';

/** What a version is like, and the gate that must take it back; a good one has none. */
export const KINDS = {
  good: undefined,
  errors: 'error-percentage',
  latency: 'latency-p99-ms',
  'wrong version': 'pods-with-another-model',
} as const satisfies Record<string, string | undefined>;
export type Kind = keyof typeof KINDS;

/** How much later the slow Redis answers: three times what the objective allows. */
const REDIS_DELAY_MS = 300;

/** Versions of the model server as somebody might deploy them, good and bad, each a real server with other settings. */
export class Versions {
  private made = 0;

  private constructor(
    /** Two versions that are rolled out, the channel at the first of them. */
    private readonly rolledOut: readonly [string, string],
    private readonly store: SmallStore,
    private readonly seed: SmallStore,
    private readonly emptyStore: string,
    private readonly redis: Redis,
    private readonly slow: SlowRelay,
  ) {}

  static async prepare(folder: string, onProgress: (line: string) => void): Promise<Versions> {
    const [store, seed] = [await smallStore({ versions: 3 }), await smallStore({ versions: 1 })];
    // The first of the versions is the image's seed, too.
    const [, first, second] = store.versions as [string, string, string];
    await store.promote(first);
    const emptyStore = join(folder, 'another-store');
    await mkdir(emptyStore);
    const redis = await startRedis({ onProgress });
    return new Versions([first, second], store, seed, emptyStore, redis, await SlowRelay.start(redis.port));
  }

  /** What the image brings: its model, and a seed for when the store has none. */
  get imageEnvironment(): Record<string, string> {
    return { RECOMMENDER_MODEL: SYNTHETIC_MODEL, RECOMMENDER_CHANNEL: CHANNEL, RECOMMENDER_SEED: this.seed.store };
  }

  /** A version that was not there before, by what is served: a new image, and mostly another model. */
  next(kind: Kind, served?: DeliveredVersion): DeliveredVersion {
    this.made += 1;
    const digest = createHash('sha256').update(`${this.made}`).digest('hex');
    const version = {
      image: `registry.example.com/model-server@sha256:${digest}`,
      modelVersion: this.nextModel(served),
      modelStoreUrl: this.store.store,
    };
    if (kind === 'good') return version;
    return { ...version, ...this.fault(kind) };
  }

  /** The model by which a good version answers. */
  modelOf({ modelVersion }: DeliveredVersion): string {
    return modelVersion ?? this.rolledOut[0];
  }

  /** The first pinned, then the channel's, which is the same, then the second pinned, and again. */
  private nextModel(served?: DeliveredVersion): string | undefined {
    const [first, second] = this.rolledOut;
    if (served?.modelVersion === first) return undefined;
    return served && served.modelVersion === undefined ? second : first;
  }

  async stop(): Promise<void> {
    await Promise.all([this.slow.stop(), this.redis.stop(), this.store.remove(), this.seed.remove()]);
  }

  private fault(kind: Exclude<Kind, 'good'>): Partial<DeliveredVersion> {
    switch (kind) {
      case 'errors':
        return { readOnlyData: true };
      case 'latency':
        return {
          environment: {
            RECOMMENDER_RATE_LIMIT_PER_ADDRESS: '1000000000',
            RECOMMENDER_RATE_LIMIT_REDIS: `redis://127.0.0.1:${this.slow.port}`,
            RECOMMENDER_REDIS_TIMEOUT_MS: `${10 * REDIS_DELAY_MS}`,
          },
        };
      case 'wrong version':
        return { modelStoreUrl: this.emptyStore };
    }
  }
}

/** Passes on what Redis answers, later. */
class SlowRelay {
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly port: number,
    private readonly close: () => void,
  ) {}

  static async start(redisPort: number): Promise<SlowRelay> {
    const server = createServer((client) => {
      const redis = connect(redisPort, '127.0.0.1');
      client.pipe(redis);
      redis.on('data', (answer) => setTimeout(() => client.writable && client.write(answer), REDIS_DELAY_MS));
      for (const socket of [client, redis]) {
        relay.sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          relay.sockets.delete(socket);
          client.destroy();
          redis.destroy();
        });
      }
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const relay = new SlowRelay((server.address() as AddressInfo).port, () => server.close());
    return relay;
  }

  stop(): void {
    this.close();
    for (const socket of this.sockets) socket.destroy();
  }
}
