import { DeadlineExceededError } from './deadline';
import type { ScoringRequest, ScoringResult } from './recommender-model';
import type { ModelRun, RequestRecord } from './telemetry/request-record';

/** Scores one history. */
export interface Scorer {
  /** Requests that wait for their run. */
  readonly queued: number;

  /** Milliseconds until a request that came now would have its result, about; 0 when nothing waits or runs. */
  expectedWaitMs(): number;

  /**
   * @param expires `performance.now()` after which nobody waits for the result
   * @param record told when the wait for the run began, and of the run
   * @throws DeadlineExceededError at that time, whatever the model is doing
   */
  score(request: ScoringRequest, expires: number, record?: RequestRecord): Promise<ScoringResult>;

  /** Resolves when no run is under way and none waits. */
  drained(): Promise<void>;
}

export interface BatcherOptions {
  run(requests: readonly ScoringRequest[]): Promise<ScoringResult[]>;
  /** Requests in a run at most. */
  batchSize: number;
  /** Called after each run. */
  onRun?(run: ModelRun): void;
}

interface Waiting {
  readonly request: ScoringRequest;
  readonly expires: number;
  readonly queuedAt: number;
  readonly record: RequestRecord | undefined;
  resolve(result: ScoringResult): void;
  reject(error: unknown): void;
}

/** One for all, because a busy server would spend its time on their stack traces. */
const TOO_LATE = new DeadlineExceededError('the model was busy until the deadline');
/** Weight of the newest run in the moving average of their times. */
const SMOOTHING = 0.1;
/** Callers give their requests the same time, so this one's turn comes within a timer's precision of its deadline. */
const EXPIRY_CHECK_MS = 5;

/**
 * Lets concurrent requests share a model run. Requests that arrive in one tick of the event loop form a batch, and so
 * do those that arrive while a run is under way; a lone request doesn't wait for company. A run that is slow or never
 * ends holds no request past its deadline.
 */
export class Batcher implements Scorer {
  private waiting: Waiting[] = [];
  private running: Waiting[] = [];
  /** Whether a run is under way or about to begin. */
  private active = false;
  /** Begins a run when the tick ends. */
  private starting: NodeJS.Immediate | undefined;
  private onIdle: (() => void)[] = [];
  /** When the run under way began. */
  private startedAt = 0;
  /** Moving average over the last runs. */
  private msPerRequest = 0;
  private expiry: NodeJS.Timeout | undefined;

  constructor(private readonly options: BatcherOptions) {}

  get queued(): number {
    return this.waiting.length;
  }

  expectedWaitMs(): number {
    if (!this.active) return 0;
    const ahead = (this.waiting.length + this.running.length) * this.msPerRequest;
    // A run that takes longer than runs do may never end.
    return this.running.length === 0 ? ahead : Math.max(ahead, performance.now() - this.startedAt);
  }

  score(request: ScoringRequest, expires: number, record?: RequestRecord): Promise<ScoringResult> {
    const queuedAt = performance.now();
    if (record) record.queuedAt = queuedAt;
    return new Promise((resolve, reject) => {
      this.waiting.push({ request, expires, queuedAt, record, resolve, reject });
      this.watchDeadlines();
      // The tick may be long: the event loop reads on while more than 1,024 sockets at once have something to read.
      if (this.starting && this.waiting.length >= this.options.batchSize) this.start();
      if (this.active) return;
      this.active = true;
      // Not a microtask: those run between two sockets' data, an immediate after all sockets of this tick.
      this.starting = setImmediate(() => this.start());
    });
  }

  async drained(): Promise<void> {
    if (!this.active) return;
    await new Promise<void>((resolve) => this.onIdle.push(resolve));
  }

  private start(): void {
    clearImmediate(this.starting);
    this.starting = undefined;
    void this.runAll();
  }

  private async runAll(): Promise<void> {
    while (this.waiting.length > 0) await this.runBatch(this.waiting.splice(0, this.options.batchSize));
    this.active = false;
    for (const resolve of this.onIdle.splice(0)) resolve();
  }

  private async runBatch(taken: Waiting[]): Promise<void> {
    const startedAt = performance.now();
    const batch = reject(taken, ({ expires }) => expires <= startedAt);
    if (batch.length === 0) return;
    this.running = batch;
    this.startedAt = startedAt;
    const run: ModelRun = { startedAt, endedAt: 0, requests: batch };
    for (const { record } of batch) if (record) record.run = run;
    try {
      const results = await this.options.run(batch.map(({ request }) => request));
      run.endedAt = performance.now();
      for (let i = 0; i < batch.length; i++) (batch[i] as Waiting).resolve(results[i] as ScoringResult);
    } catch (error) {
      run.endedAt = performance.now();
      for (const one of batch) one.reject(error);
    }
    this.running = [];
    this.msPerRequest += SMOOTHING * ((run.endedAt - startedAt) / batch.length - this.msPerRequest);
    this.options.onRun?.(run);
  }

  /** One timer for all, which is cheaper than one for each. */
  private watchDeadlines(): void {
    this.expiry ??= setTimeout(() => {
      this.expiry = undefined;
      const now = performance.now();
      const late = ({ expires }: Waiting) => expires <= now;
      this.waiting = reject(this.waiting, late);
      // Their results come too late, but the run goes on for the others.
      for (const one of this.running) if (late(one)) one.reject(TOO_LATE);
      if (this.waiting.length > 0 || this.running.some(({ expires }) => expires > now)) this.watchDeadlines();
    }, EXPIRY_CHECK_MS);
  }
}

/** Rejects those that are late, and gives the others. */
function reject(all: Waiting[], isLate: (one: Waiting) => boolean): Waiting[] {
  if (!all.some(isLate)) return all;
  return all.filter((one) => {
    const late = isLate(one);
    if (late) one.reject(TOO_LATE);
    return !late;
  });
}
