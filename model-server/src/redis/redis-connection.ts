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
/** Milliseconds between two attempts to connect anew, and that one may take. */
const RENEW_MS = 5000;

/**
 * A Redis, alone or in cluster mode, behind a circuit. A command either gets its reply in time or fails; nothing is
 * queued while there is no connection. What fails `failures` times in a row is not asked again until a probe in the
 * background was answered.
 */
export class RedisConnection {
  private client: RedisClient;
  private lastError: Error | undefined;
  private renewedAt = Number.NEGATIVE_INFINITY;
  private closed = false;
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
      this.suspect(error);
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
    this.closed = true;
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
      // Not PING: of a cluster every server would have to answer.
      await withTimeout(this.client.send(undefined, true, ['ECHO', 'probe']), this.options.timeoutMs);
    } catch (error) {
      if (error instanceof ErrorReply) return;
      this.suspect(error);
      throw error;
    }
  }

  /**
   * Connects anew, beside the connection in use, where the client would not notice by itself: a peer that is gone without
   * a word, and a cluster whose servers changed while one of them was dead.
   */
  private suspect(error: unknown): void {
    const noticed = !(error instanceof RedisTimeoutError) && !parseRedisUrl(this.options.url).cluster;
    if (noticed || this.closed || performance.now() - this.renewedAt < RENEW_MS) return;
    this.renewedAt = performance.now();
    void this.renew();
  }

  private async renew(): Promise<void> {
    const next = this.createClient();
    try {
      await withTimeout(next.connect(), RENEW_MS);
      if (this.closed) throw new Error('closed meanwhile');
      this.client.destroy();
      this.client = next;
    } catch {
      next.destroy();
    }
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
