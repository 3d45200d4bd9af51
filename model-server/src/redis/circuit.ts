export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly failures: number;
  /** Asks whether what failed is back; called in the background while the circuit is open. */
  readonly probe: () => Promise<unknown>;
  /** Told that it is open, and what opened it, once a first probe failed too; and that it has closed again. */
  readonly onChange: (open: boolean, cause?: unknown) => void;
  /** Milliseconds between the first probe and the second; the pause doubles with each that fails. Default 100. */
  readonly retryMs?: number;
  /** Longest pause between two probes, milliseconds. Default 1000. */
  readonly maxRetryMs?: number;
}

/**
 * Spares callers what fails anyway. While it is open nobody calls; probes of its own, not a customer's request, find out
 * when it may close, the first at once, so that a false alarm costs next to nothing. (Breakers from the shelf send a
 * request as the probe, after a fixed pause, and wrap every call in promises.)
 */
export class Circuit {
  private opened: { readonly cause: unknown; told: boolean } | undefined;
  private failuresInRow = 0;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(private readonly options: CircuitOptions) {}

  get isOpen(): boolean {
    return this.opened !== undefined;
  }

  /** What opened it; `undefined` while it is closed. */
  get cause(): unknown {
    return this.opened?.cause;
  }

  succeeded(): void {
    this.failuresInRow = 0;
  }

  failed(cause: unknown): void {
    this.failuresInRow++;
    if (this.opened || this.stopped || this.failuresInRow < this.options.failures) return;
    this.opened = { cause, told: false };
    void this.probe(this.options.retryMs ?? 100);
  }

  /** Probes no more. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** @param pause milliseconds to the next probe, should this one fail */
  private async probe(pause: number): Promise<void> {
    const works = await this.options.probe().then(
      () => true,
      () => false,
    );
    const { opened } = this;
    if (this.stopped || !opened) return;
    if (works) {
      this.opened = undefined;
      this.failuresInRow = 0;
      if (opened.told) this.options.onChange(false);
      return;
    }
    if (!opened.told) {
      opened.told = true;
      this.options.onChange(true, opened.cause);
    }
    const next = Math.min(pause * 2, this.options.maxRetryMs ?? 1000);
    this.timer = setTimeout(() => void this.probe(next), pause);
    this.timer.unref();
  }
}
