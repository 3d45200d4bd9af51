import { LRUCache } from 'lru-cache';
import type { ResultCache, ResultCacheSize, ResultKey, SerializedAnswer } from './result-cache';

export interface MemoryResultCacheOptions {
  /** Answers kept at most. */
  readonly entries: number;
  /** Bytes that they take at most, by estimate. */
  readonly bytes: number;
  /** Milliseconds that an answer is kept at most. */
  readonly keepMs: number;
}

interface Entry {
  readonly user: string | undefined;
  readonly answer: SerializedAnswer;
}

/** Bytes of an entry without its texts, about. */
const ENTRY_BYTES = 300;
/** Of a character of a string; one that has only Latin letters takes half. */
const BYTES_PER_CHARACTER = 2;

/** Answers in this process's memory. */
export class MemoryResultCache implements ResultCache {
  private readonly cache: LRUCache<string, Entry>;
  private evictions = 0;

  constructor({ entries: max, bytes: maxSize, keepMs: ttl }: MemoryResultCacheOptions) {
    this.cache = new LRUCache({
      max,
      maxSize,
      ttl,
      sizeCalculation: ({ answer }, key) => ENTRY_BYTES + answer.json.length + BYTES_PER_CHARACTER * key.length,
      dispose: (_entry, _key, reason) => {
        if (reason === 'evict') this.evictions++;
      },
    });
  }

  get({ text }: ResultKey): SerializedAnswer | undefined {
    return this.cache.get(text)?.answer;
  }

  set({ user, text }: ResultKey, answer: SerializedAnswer): void {
    this.cache.set(text, { user, answer });
  }

  erase(user: string): void {
    for (const [key, entry] of this.cache.entries()) if (entry.user === user) this.cache.delete(key);
  }

  get size(): ResultCacheSize {
    return { entries: this.cache.size, bytes: this.cache.calculatedSize, evictions: this.evictions };
  }

  close(): void {
    this.cache.clear();
  }
}
