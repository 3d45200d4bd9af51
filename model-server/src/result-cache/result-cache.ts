import type { Answer } from '../answer';
import type { JsonWriter } from '../json-writer';
import type { FallbackReason, Rung } from '../ladder';

/** An answer whose items are JSON already. */
export class SerializedAnswer implements Answer {
  constructor(
    readonly modelVersion: string,
    readonly rung: Rung,
    readonly fallback: FallbackReason | null,
    /** Of the items, UTF-8. */
    readonly json: Buffer,
  ) {}

  /** For those who don't send JSON. */
  get items(): Answer['items'] {
    return JSON.parse(this.json.toString());
  }

  writeItems(writer: JsonWriter): void {
    writer.bytes(this.json);
  }
}

/** Where an answer is kept: whatever changes the answer changes the key, so that nothing has to be invalidated. */
export interface ResultKey {
  /** The customer whose answer it is; what is erased with the customer. */
  readonly user: string | undefined;
  readonly modelVersion: string;
  /** Model version, state of the customer and request; see {@link resultKey}. */
  readonly text: string;
}

/** Keeps answers for a while. It never fails: what can't be looked up is not there, what can't be kept is not kept. */
export interface ResultCache {
  /** At once when it is in memory. */
  get(key: ResultKey): SerializedAnswer | undefined | Promise<SerializedAnswer | undefined>;

  set(key: ResultKey, answer: SerializedAnswer): void;

  /**
   * Drops the answers of a customer.
   *
   * @throws RedisUnavailableError when that can't be done now; they expire all the same
   */
  erase(user: string): void | Promise<void>;

  /** What this process keeps of it. */
  readonly size: ResultCacheSize;

  close(): void;
}

export interface ResultCacheSize {
  readonly entries: number;
  /** About. */
  readonly bytes: number;
  /** Answers dropped to stay within the bounds, since the start. */
  readonly evictions: number;
}
