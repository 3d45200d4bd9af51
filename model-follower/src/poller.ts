import { RegistryError } from '@cdktf-recommender/model-registry';
import type { Logger } from 'pino';

/** Longest pause after looks that failed, unless `seconds` is longer. */
const MAX_PAUSE_SECONDS = 60;
/** No look takes so long: the store and the API server each have some ten seconds for an answer. */
const HUNG_SECONDS = 120;

export interface PollerOptions {
  readonly look: () => Promise<void>;
  /** Seconds between two looks; the pause doubles with each look that fails. */
  readonly seconds: number;
  readonly logger: Logger;
}

/** Looks again and again, whatever happens to the store or the API server meanwhile. */
export class Poller {
  private failures = 0;
  private problem: string | undefined = 'it has not looked yet';
  /** Milliseconds since the process began; `undefined` between looks. */
  private lookingSince: number | undefined;
  private looking: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: PollerOptions) {}

  start(): void {
    if (this.stopped) return;
    this.looking = this.look();
    void this.looking.then(() => {
      if (!this.stopped) this.timer = setTimeout(() => this.start(), this.pauseSeconds * 1000);
    });
  }

  /** Ends after the look under way. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** That a look does not end, in one line; `undefined` when none hangs. */
  get hang(): string | undefined {
    if (this.lookingSince === undefined) return undefined;
    const seconds = (performance.now() - this.lookingSince) / 1000;
    return seconds > HUNG_SECONDS ? `a look has not ended for ${Math.floor(seconds)} s` : undefined;
  }

  /** Why the last look that ended did not work, in one line; `undefined` when it did. */
  get unready(): string | undefined {
    return this.problem;
  }

  get pauseSeconds(): number {
    const { seconds } = this.options;
    return Math.min(seconds * 2 ** this.failures, Math.max(seconds, MAX_PAUSE_SECONDS));
  }

  private async look(): Promise<void> {
    const { logger } = this.options;
    this.lookingSince = performance.now();
    try {
      await this.options.look();
      if (this.failures > 0) logger.info({ failures: this.failures }, 'looking works again');
      this.failures = 0;
      this.problem = undefined;
    } catch (error) {
      this.failures++;
      const { message } = error as Error;
      // One line for what fails again and again in the same way.
      if (message !== this.problem) {
        const hint = error instanceof RegistryError ? error.hint : undefined;
        logger.error({ hint, retrySeconds: this.pauseSeconds }, `look failed: ${message}`);
      }
      this.problem = message;
    } finally {
      this.lookingSince = undefined;
    }
  }
}
