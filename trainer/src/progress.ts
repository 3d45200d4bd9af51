/** A step has begun, or is done after so many seconds. */
export type ProgressEvent =
  | { readonly step: string; readonly status: 'started' }
  | { readonly step: string; readonly status: 'finished'; readonly seconds: number };

export type OnProgress = (event: ProgressEvent) => void;

/** Times named steps and reports them. */
export class Steps {
  /** Seconds by step. */
  readonly timings: Record<string, number> = {};

  constructor(private readonly onProgress: OnProgress = () => {}) {}

  async run<T>(step: string, work: () => T | Promise<T>): Promise<T> {
    this.onProgress({ step, status: 'started' });
    const start = performance.now();
    const result = await work();
    const seconds = (performance.now() - start) / 1000;
    this.timings[step] = (this.timings[step] ?? 0) + seconds;
    this.onProgress({ step, status: 'finished', seconds });
    return result;
  }
}
