export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Asks whether what failed is back; called in the background while the circuit is open. */
  readonly probe: () => Promise<unknown>;
  /** Told of each change, and of what opened it. */
  readonly onChange: (open: boolean, cause?: unknown) => void;
  /** Milliseconds to the first probe; the pause doubles with each that fails. Default 100. */
  readonly retryMs?: number;
  /** Longest pause between two probes, milliseconds. Default 1000. */
  readonly maxRetryMs?: number;
}

/**
 * Spares callers what fails anyway. While it is open nobody calls; a probe of its own, not a customer's request, finds
 * out when it may close. (Breakers from the shelf send a request as the probe, and wrap every call in promises.)
 */
export class Circuit {
  private open = false;
  private failuresInRow = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: CircuitOptions) {}

  get isOpen(): boolean {
    return this.open;
  }

  succeeded(): void {
    this.failuresInRow = 0;
  }

  failed(cause: unknown): void {
    this.failuresInRow++;
    if (this.open || this.stopped || this.failuresInRow < this.options.failures) return;
    this.open = true;
    this.options.onChange(true, cause);
    this.schedule(this.options.retryMs ?? 100);
  }

  /** Probes no more. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private schedule(milliseconds: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.probe(milliseconds), milliseconds);
    this.timer.unref();
  }

  private async probe(pause: number): Promise<void> {
    try {
      await this.options.probe();
    } catch {
      this.schedule(Math.min(pause * 2, this.options.maxRetryMs ?? 1000));
      return;
    }
    if (this.stopped) return;
    this.open = false;
    this.failuresInRow = 0;
    this.options.onChange(false);
  }
}
