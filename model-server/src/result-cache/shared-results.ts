import { type Answer, itemsJson, ScoredAnswer } from '../answer';
import type { FallbackReason } from '../ladder';
import type { RequestRecord } from '../telemetry/request-record';
import { type ResultCache, type ResultKey, SerializedAnswer } from './result-cache';

/** Lower rungs that would be answered the next time too, as long as the key is the same. */
const LASTING: ReadonlySet<FallbackReason> = new Set(['unknown-user', 'no-known-items']);

/**
 * Answers from a cache, or by a run that requests for the same answer share, so that what just expired, or is asked for
 * by many at once, is worked out once.
 */
export class SharedResults {
  hits = 0;
  misses = 0;
  /** Requests that another one's run answered. */
  shared = 0;
  private readonly running = new Map<string, Promise<Answer>>();

  constructor(private readonly cache: ResultCache) {}

  /**
   * @param compute works the answer out; an answer of a lower rung, after a failure, is shared but not kept
   * @param record told how the look into the cache went
   */
  answer(key: ResultKey, compute: () => Promise<Answer>, record?: RequestRecord): Answer | Promise<Answer> {
    const running = this.running.get(key.text);
    if (running) {
      this.shared++;
      return running;
    }
    if (record) record.cacheAt = performance.now();
    const found = this.cache.get(key);
    if (found && !(found instanceof Promise)) {
      this.looked(true, record);
      return found;
    }
    const run = this.run(key, found, compute, record).finally(() => this.running.delete(key.text));
    this.running.set(key.text, run);
    return run;
  }

  private async run(
    key: ResultKey,
    looking: undefined | Promise<SerializedAnswer | undefined>,
    compute: () => Promise<Answer>,
    record: RequestRecord | undefined,
  ): Promise<Answer> {
    const found = looking && (await looking);
    this.looked(found !== undefined, record);
    if (found) return found;
    const answer = await compute();
    if (!(answer instanceof ScoredAnswer) || (answer.fallback && !LASTING.has(answer.fallback))) return answer;
    const { modelVersion, rung, fallback } = answer;
    // Promoted while the cache was asked.
    if (modelVersion !== key.modelVersion) return answer;
    const kept = new SerializedAnswer(modelVersion, rung, fallback, itemsJson(answer));
    this.cache.set(key, kept);
    return kept;
  }

  private looked(hit: boolean, record: RequestRecord | undefined): void {
    if (hit) this.hits++;
    else this.misses++;
    if (!record) return;
    record.cacheEndedAt = performance.now();
    record.cacheHit = hit;
  }
}
