import { DeadlineExceededError } from './deadline';
import type { ScoringRequest, ScoringResult } from './recommender-model';

/** Scores one history. */
export interface Scorer {
  /**
   * @param expires `performance.now()` after which nobody waits for the result
   * @throws DeadlineExceededError when the run would begin later than that
   */
  score(request: ScoringRequest, expires: number): Promise<ScoringResult>;

  /** Resolves when all requests are answered. */
  drained(): Promise<void>;
}

export interface BatcherOptions {
  run(requests: readonly ScoringRequest[]): Promise<ScoringResult[]>;
  /** Requests in a run at most. */
  batchSize: number;
  /** Called after each run with its requests and its seconds. */
  onRun?(requests: number, seconds: number): void;
}

interface Waiting {
  readonly request: ScoringRequest;
  readonly expires: number;
  resolve(result: ScoringResult): void;
  reject(error: unknown): void;
}

/**
 * Lets concurrent requests share a model run. Requests that arrive in one tick of the event loop form a batch, and so
 * do those that arrive while a run is under way; a lone request doesn't wait for company.
 */
export class Batcher implements Scorer {
  private waiting: Waiting[] = [];
  /** Whether a run is under way or about to begin. */
  private active = false;
  private onIdle: (() => void)[] = [];

  constructor(private readonly options: BatcherOptions) {}

  score(request: ScoringRequest, expires: number): Promise<ScoringResult> {
    this.dropLate();
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, expires, resolve, reject });
      if (this.active) return;
      this.active = true;
      // Not a microtask: those run between two sockets' data, an immediate after all sockets of this tick.
      setImmediate(() => void this.runAll());
    });
  }

  async drained(): Promise<void> {
    if (!this.active) return;
    await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }

  /** What waits longest is late first: should a run never end, what waits for it doesn't pile up. */
  private dropLate(): void {
    const now = performance.now();
    const live = this.waiting.findIndex(({ expires }) => expires > now);
    for (const { reject } of this.waiting.splice(0, live < 0 ? this.waiting.length : live)) reject(tooLate());
  }

  private async runAll(): Promise<void> {
    while (this.waiting.length > 0) await this.runBatch(this.waiting.splice(0, this.options.batchSize));
    this.active = false;
    for (const resolve of this.onIdle.splice(0)) resolve();
  }

  private async runBatch(taken: Waiting[]): Promise<void> {
    const started = performance.now();
    const batch = taken.filter((one) => {
      const live = one.expires > started;
      if (!live) one.reject(tooLate());
      return live;
    });
    if (batch.length === 0) return;
    try {
      const results = await this.options.run(batch.map(({ request }) => request));
      batch.forEach((one, i) => {
        one.resolve(results[i] as ScoringResult);
      });
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
    this.options.onRun?.(batch.length, (performance.now() - started) / 1000);
  }
}

function tooLate(): DeadlineExceededError {
  return new DeadlineExceededError('the model was busy until the deadline');
}
