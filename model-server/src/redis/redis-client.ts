import { readFileSync } from 'node:fs';
import { createClient, createCluster, type RedisArgument } from '@redis/client';
import { Invalidations } from './invalidations';
import type { RedisAddress } from './redis-url';

export interface RedisClientOptions {
  readonly address: RedisAddress;
  /** PEM file of the authorities that sign the server's certificate, in place of the public ones. */
  readonly caFile?: string;
  /** Told why there is no connection; its attempts go on. */
  readonly onError: (error: Error) => void;
  /** Told which key changed, or, without one, that any may have. */
  readonly onChanged?: (key: string | undefined) => void;
}

/** The same few calls for a server alone and for a cluster. */
export interface RedisClient {
  /** Resolves when connected, however long that takes; rejects once it is closed. */
  connect(): Promise<void>;
  /** @param key decides which of a cluster's servers gets the command; any, when it is undefined */
  send<T>(key: string | undefined, isReadonly: boolean, args: readonly RedisArgument[]): Promise<T>;
  /** Cuts the connection; what waits for a reply rejects. */
  destroy(): void;
}

const CONNECT_TIMEOUT_MS = 2000;
const MAX_RECONNECT_MS = 1000;
/** Commands that wait for a reply at most, so that a Redis that hangs costs bounded memory. */
const MAX_WAITING = 10_000;

/** Milliseconds before attempt `retries`: doubling from 50, up to a second, with jitter so that replicas spread. */
function reconnectDelay(retries: number): number {
  return Math.min(50 * 2 ** retries, MAX_RECONNECT_MS) * (0.75 + Math.random() / 4);
}

/** Attempts on a node of a cluster: to wait for one that is dead would hold up the search for the others. */
const NODE_ATTEMPTS = 6;

function nodeReconnectDelay(retries: number): number | false {
  return retries < NODE_ATTEMPTS && reconnectDelay(retries);
}

/** @throws Error when a file of authorities can't be read */
export function createRedisClient(options: RedisClientOptions): RedisClient {
  const { address, caFile, onChanged } = options;
  const ca = caFile?.split(',').map((file) => readFileSync(file, 'utf8'));
  const common = {
    username: address.username,
    password: address.password,
    // Nobody waits for Redis to come back: what can't be sent now fails now.
    disableOfflineQueue: true,
    commandsQueueMaxLength: MAX_WAITING,
    maintNotifications: 'disabled' as const,
  };
  const socket = {
    ...(address.tls ? { tls: true as const, ca, minVersion: 'TLSv1.2' as const } : {}),
    connectTimeout: CONNECT_TIMEOUT_MS,
    reconnectStrategy: address.cluster ? nodeReconnectDelay : reconnectDelay,
  };
  const clientSideCache = onChanged && new Invalidations(onChanged);
  return address.cluster
    ? clusterClient(options, { ...common, socket }, clientSideCache)
    : singleClient(options, { ...common, socket }, clientSideCache);
}

type Defaults = Omit<NonNullable<Parameters<typeof createClient>[0]>, 'RESP' | 'modules' | 'functions' | 'scripts'>;

function singleClient(
  { address, onError }: RedisClientOptions,
  defaults: Defaults,
  clientSideCache?: Invalidations,
): RedisClient {
  const [node] = address.nodes;
  const client = createClient({
    ...defaults,
    socket: { ...defaults.socket, ...node } as Defaults['socket'],
    database: address.database,
    clientSideCache,
  }).on('error', onError);
  return {
    connect: async () => void (await client.connect()),
    send: (_key, _isReadonly, args) => client.sendCommand(args),
    destroy: () => client.destroy(),
  };
}

function clusterClient(
  { address, onError }: RedisClientOptions,
  defaults: Defaults,
  clientSideCache?: Invalidations,
): RedisClient {
  const cluster = createCluster({
    rootNodes: address.nodes.map((node) => ({ socket: { ...node } })),
    defaults: defaults as NonNullable<Parameters<typeof createCluster>[0]>['defaults'],
    clientSideCache,
    topologyRefreshOnReconnectionAttemptStrategy: MAX_RECONNECT_MS,
  });
  cluster.on('error', onError).on('node-error', onError);
  let closed = false;
  return {
    async connect() {
      // The library retries a node, but not the search for the first one.
      for (let retries = 0; !closed; retries++) {
        try {
          await cluster.connect();
          return;
        } catch (error) {
          onError(error as Error);
          await new Promise<void>((resolve) => setTimeout(resolve, reconnectDelay(retries)).unref());
        }
      }
    },
    send: (key, isReadonly, args) => cluster.sendCommand(key, isReadonly, [...args]),
    destroy() {
      closed = true;
      cluster.destroy();
    },
  };
}
