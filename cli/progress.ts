import ora from 'ora';
import { seconds } from './output';

/** A step of work that reports its steps itself. */
export type WorkEvent =
  | { readonly step: string; readonly status: 'started' }
  | { readonly step: string; readonly status: 'finished'; readonly seconds: number };

/** Shows long work on standard error, a line a step with its time: a spinner on a terminal, plain lines elsewhere. */
export class Progress {
  private running: Line | undefined;

  /** Runs one step. `report` shows a detail behind the title while it runs; `done` says what came of it. */
  async step<T>(
    title: string,
    work: (report: (detail: string) => void) => Promise<T> | T,
    done?: (result: T) => string,
  ): Promise<T> {
    const line = this.begin(title);
    try {
      const result = await work((detail) => line.update(detail));
      line.succeed(done?.(result));
      return result;
    } catch (error) {
      line.fail();
      throw error;
    } finally {
      this.running = undefined;
    }
  }

  /** Runs work that reports its own steps. */
  async events<T>(work: (onProgress: (event: WorkEvent) => void) => Promise<T>): Promise<T> {
    try {
      return await work((event) => {
        if (event.status === 'started') this.begin(event.step.charAt(0).toUpperCase() + event.step.slice(1));
        else {
          this.running?.succeed();
          this.running = undefined;
        }
      });
    } catch (error) {
      this.running?.fail();
      throw error;
    } finally {
      this.running = undefined;
    }
  }

  /** A remark, above the running step. */
  note(text: string): void {
    if (this.running) this.running.above(text);
    else process.stderr.write(`${text}\n`);
  }

  /** Begins a step that ends elsewhere. */
  begin(title: string): Line {
    this.running = process.stderr.isTTY ? spinnerLine(title) : plainLine(title);
    return this.running;
  }
}

/** A step that is shown. */
export interface Line {
  update(detail: string): void;
  succeed(detail?: string): void;
  fail(): void;
  above(text: string): void;
}

function spinnerLine(title: string): Line {
  const start = Date.now();
  // Without discardStdin: it puts the terminal in raw mode, where Ctrl-C is no signal.
  const spinner = ora({ text: title, stream: process.stderr, discardStdin: false }).start();
  return {
    update: (detail) => {
      spinner.text = clip(`${title}  ${detail}`);
    },
    succeed: (detail) => void spinner.succeed(finished(title, start, detail)),
    fail: () => void spinner.fail(failed(title, start)),
    above: (text) => {
      spinner.clear();
      process.stderr.write(`${text}\n`);
      spinner.render();
    },
  };
}

function plainLine(title: string): Line {
  const start = Date.now();
  const write = (text: string) => void process.stderr.write(`${text}\n`);
  return {
    update: () => undefined,
    succeed: (detail) => write(`✔ ${finished(title, start, detail)}`),
    fail: () => write(`✖ ${failed(title, start)}`),
    above: write,
  };
}

function finished(title: string, start: number, detail?: string): string {
  return `${title}${detail ? `: ${detail}` : ''} (${seconds(Date.now() - start)})`;
}

function failed(title: string, start: number): string {
  return `${title} failed after ${seconds(Date.now() - start)}`;
}

/** A spinner that wraps leaves its first line behind at each frame. */
function clip(text: string): string {
  const columns = (process.stderr.columns ?? 80) - 4;
  return text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
}
