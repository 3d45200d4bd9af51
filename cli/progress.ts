import ora, { type Ora } from 'ora';
import { seconds } from './output';

/** Shows long work on standard error, a line a step with its time: a spinner on a terminal, plain lines elsewhere. */
export class Progress {
  private spinner: Ora | undefined;

  /** Runs one step. `report` replaces what is shown behind the title while it runs. */
  async step<T>(
    title: string,
    work: (report: (text: string) => void) => Promise<T> | T,
    done?: (result: T) => string,
  ): Promise<T> {
    const start = Date.now();
    const spinner = ora({ text: title, stream: process.stderr, discardStdin: false }).start();
    this.spinner = spinner;
    try {
      const result = await work((text) => {
        if (spinner.isEnabled) spinner.text = clip(`${title}  ${text}`);
      });
      const detail = done?.(result);
      spinner.succeed(`${title}${detail ? `: ${detail}` : ''} (${seconds(Date.now() - start)})`);
      return result;
    } catch (error) {
      spinner.fail(`${title} failed after ${seconds(Date.now() - start)}`);
      throw error;
    } finally {
      this.spinner = undefined;
    }
  }

  /** A remark between steps, or above the running one. */
  note(text: string): void {
    this.spinner?.clear();
    process.stderr.write(`${text}\n`);
    this.spinner?.render();
  }
}

/** A spinner that wraps leaves its first line behind at each frame. */
function clip(text: string): string {
  const columns = (process.stderr.columns ?? 80) - 4;
  return text.length > columns ? `${text.slice(0, columns - 1)}…` : text;
}
