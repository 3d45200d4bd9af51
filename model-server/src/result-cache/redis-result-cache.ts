import type { FallbackReason, Rung } from '../ladder';
import { type RedisConnection, RedisScript } from '../redis/redis-connection';
import { type ResultCache, type ResultCacheSize, type ResultKey, SerializedAnswer } from './result-cache';

export interface RedisResultCacheOptions {
  readonly redis: RedisConnection;
  /** Milliseconds that an answer is kept at most. */
  readonly keepMs: number;
}

const PREFIX = 'recommender:results:';

/** Answers of one customer, so that one who asks for ever other things stays bounded. */
const MAX_PER_USER = 32;

/**
 * Keeps an answer among those of its customer, a hash that expires as a whole. KEYS: the hash. ARGV: field, answer, most
 * fields, milliseconds.
 */
const SET = new RedisScript(`
if redis.call('HLEN', KEYS[1]) >= tonumber(ARGV[3]) then redis.call('DEL', KEYS[1]) end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
if redis.call('PTTL', KEYS[1]) < 0 then redis.call('PEXPIRE', KEYS[1], ARGV[4]) end
`);

/** Answers in Redis, shared by all replicas. How many fit is up to its own `maxmemory` and policy. */
export class RedisResultCache implements ResultCache {
  /** Nothing of it is in this process. */
  readonly size: ResultCacheSize = { entries: 0, bytes: 0, evictions: 0 };
  private readonly keepMs: string;

  constructor(private readonly options: RedisResultCacheOptions) {
    this.keepMs = String(options.keepMs);
  }

  get(key: ResultKey): undefined | Promise<SerializedAnswer | undefined> {
    const { redis } = this.options;
    if (!redis.isAvailable) return undefined;
    const hash = hashOf(key);
    return redis.send<string | null>(hash, true, ['HGET', hash, key.text]).then(
      (text) => (text === null ? undefined : parse(key.modelVersion, text)),
      // The connection says in log and metric what is wrong with it.
      () => undefined,
    );
  }

  set(key: ResultKey, answer: SerializedAnswer): void {
    const { redis } = this.options;
    if (!redis.isAvailable) return;
    const text = `${answer.rung} ${answer.fallback ?? ''}\n${answer.json}`;
    redis.run(SET, [hashOf(key)], [key.text, text, String(MAX_PER_USER), this.keepMs]).catch(() => undefined);
  }

  async erase(user: string): Promise<void> {
    const hash = hashOfUser(user);
    await this.options.redis.send(hash, false, ['DEL', hash]);
  }

  close(): void {
    this.options.redis.close();
  }
}

/** An answer that is nobody's has a hash of its own. */
function hashOf({ user, text }: ResultKey): string {
  return user === undefined ? `${PREFIX}any:${text}` : hashOfUser(user);
}

function hashOfUser(user: string): string {
  return `${PREFIX}user:{${encodeURIComponent(user)}}`;
}

function parse(modelVersion: string, text: string): SerializedAnswer | undefined {
  const end = text.indexOf('\n');
  const [rung, fallback] = text.slice(0, end).split(' ');
  const json = Buffer.from(text.slice(end + 1));
  return new SerializedAnswer(modelVersion, rung as Rung, (fallback as FallbackReason) || null, json);
}
