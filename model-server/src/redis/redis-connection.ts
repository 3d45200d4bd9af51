import { createHash } from 'node:crypto';
import { ErrorReply, type RedisArgument } from '@redis/client';
import type { Logger } from 'pino';
import { Circuit } from './circuit';
import { createRedisClient, type RedisClient, type RedisClientOptions } from './redis-client';
import { parseRedisUrl, withoutLogin } from './redis-url';
import { RedisTimeoutError, withTimeout } from './timeout';

export interface RedisConnectionOptions extends Pick<RedisClientOptions, 'caFile' | 'onChanged'> {
  /** See {@link parseRedisUrl}. */
  readonly url: string;
  /** What it is for, in logs and metrics: `users`. */
  readonly use: string;
  /** Milliseconds that a command may take. */
  readonly timeoutMs: number;
  /** Failures in a row after which nothing is sent until a probe is answered. */
  readonly failures: number;
  /** @default - says nothing */
  readonly logger?: Pick<Logger, 'info' | 'error'>;
  /** Told when the circuit opens and closes. */
  readonly onCircuit?: (open: boolean) => void;
}

/** Redis can't be used now. Its message names what for and where, and never a password. */
export class RedisUnavailableError extends Error {
  override readonly name = 'RedisUnavailableError';
}

/** A Lua script; Redis keeps it after the first call. */
export class RedisScript {
  readonly sha1: string;

  constructor(readonly source: string) {
    this.sha1 = createHash('sha1').update(source).digest('hex');
  }
}

/** How long a start waits for the connection; after that Redis is done without until it answers. */
const START_MS = 1000;
/** Probes in a row that go unanswered before the connection itself is given up: a peer can be gone without a word. */
const PROBES_PER_CONNECTION = 5;

/**
 * A Redis, alone or in cluster mode, behind a circuit. A command either gets its reply in time or fails; nothing is
 * queued while there is no connection. What fails `failures` times in a row is not asked again until a probe in the
 * background was answered.
 */
export class RedisConnection {
  private client: RedisClient;
  private lastError: Error | undefined;
  private unansweredProbes = 0;
  /** One for all while the circuit is open, because a busy server would spend its time on their stack traces. */
  private circuitError: RedisUnavailableError | undefined;
  private readonly circuit: Circuit;

  private constructor(private readonly options: RedisConnectionOptions) {
    this.circuit = new Circuit({
      failures: options.failures,
      probe: () => this.probe(),
      onChange: (open, cause) => this.circuitChanged(open, cause),
    });
    this.client = this.createClient();
  }

  /**
   * Connects, or goes on trying after a second.
   *
   * @throws Error when the URL or the file of authorities is not valid
   */
  static async open(options: RedisConnectionOptions): Promise<RedisConnection> {
    const connection = new RedisConnection(options);
    options.onCircuit?.(false);
    const connected = connection.connect();
    await withTimeout(connected, START_MS).catch((late) => connection.circuit.failed(connection.lastError ?? late));
    return connection;
  }

  /** Whether it is worth asking. */
  get isAvailable(): boolean {
    return !this.circuit.isOpen;
  }

  /**
   * Sends a command.
   *
   * @param key decides which of a cluster's servers gets it
   * @throws RedisUnavailableError when there is no connection, no answer in time, or the circuit is open
   * @throws ErrorReply when Redis answers with an error
   */
  async send<T>(key: string | undefined, isReadonly: boolean, args: readonly RedisArgument[]): Promise<T> {
    if (this.circuit.isOpen) {
      this.circuitError ??= this.unavailable(`its circuit is open: ${this.describe(this.circuit.cause)}`);
      throw this.circuitError;
    }
    try {
      const reply = await withTimeout(this.client.send<T>(key, isReadonly, args), this.options.timeoutMs);
      this.circuit.succeeded();
      this.circuitError = undefined;
      return reply;
    } catch (error) {
      // An error for an answer costs no time, and time is what a circuit spares.
      if (error instanceof ErrorReply) throw error;
      this.circuit.failed(error);
      throw this.unavailable(this.describe(error), error);
    }
  }

  /** Runs a script; its keys must be of one hash slot. */
  async run<T>(script: RedisScript, keys: readonly string[], args: readonly RedisArgument[]): Promise<T> {
    const rest = [String(keys.length), ...keys, ...args];
    try {
      return await this.send<T>(keys[0], false, ['EVALSHA', script.sha1, ...rest]);
    } catch (error) {
      if (!(error instanceof ErrorReply && error.message.startsWith('NOSCRIPT'))) throw error;
      return this.send<T>(keys[0], false, ['EVAL', script.source, ...rest]);
    }
  }

  close(): void {
    this.circuit.stop();
    this.client.destroy();
  }

  private createClient(): RedisClient {
    const { url, caFile, onChanged } = this.options;
    const onError = (error: Error) => {
      this.lastError = error;
    };
    return createRedisClient({ address: parseRedisUrl(url), caFile, onError, onChanged });
  }

  private connect(): Promise<void> {
    const connected = this.client.connect();
    // Its failures are told to onError, one by one; that it ends is no failure.
    connected.catch(() => undefined);
    return connected;
  }

  private async probe(): Promise<void> {
    try {
      await withTimeout(this.client.send(undefined, true, ['PING']), this.options.timeoutMs);
      this.unansweredProbes = 0;
    } catch (error) {
      if (error instanceof ErrorReply) return;
      // A lost connection is made anew by the client itself.
      const unanswered = error instanceof RedisTimeoutError;
      if (unanswered && ++this.unansweredProbes % PROBES_PER_CONNECTION === 0) this.reconnect();
      throw error;
    }
  }

  private reconnect(): void {
    this.client.destroy();
    this.client = this.createClient();
    void this.connect().catch(() => undefined);
  }

  private circuitChanged(open: boolean, cause: unknown): void {
    const { use, url, logger, onCircuit } = this.options;
    onCircuit?.(open);
    const where = { use, redis: withoutLogin(url) };
    if (open) logger?.error({ ...where, reason: this.describe(cause) }, 'Redis is not used until it answers again');
    else logger?.info(where, 'Redis is used again');
  }

  /** Of a lost connection the library says only that it is lost; why, it told before. */
  private describe(error: unknown): string {
    if (error instanceof RedisTimeoutError) return error.message;
    return (this.lastError ?? (error as Error)).message;
  }

  private unavailable(reason: string, cause?: unknown): RedisUnavailableError {
    const { use, url } = this.options;
    return new RedisUnavailableError(`Redis for ${use} (${withoutLogin(url)}) can't be used: ${reason}`, { cause });
  }
}
