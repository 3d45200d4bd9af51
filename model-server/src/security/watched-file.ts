import { readFileSync, statSync } from 'node:fs';

/** Events about a file miss a mounted Kubernetes secret, which changes by a link above it; looking at it does not. */
const LOOK_EVERY_MS = 2000;

/** What a file holds, parsed, and parsed anew when the file changes. What can't be parsed leaves the last good state. */
export class WatchedFile<T> {
  private value: T;
  private state: string;
  private readonly timer: NodeJS.Timeout;

  /**
   * @param parse throws what is wrong with the text
   * @param onReload told that a changed file was taken
   * @param onFailure told why it was not; told once of each state of the file
   * @throws what `parse` throws, or Error with `code` when the file can't be read
   */
  constructor(
    private readonly path: string,
    private readonly parse: (text: string) => T,
    private readonly onReload: () => void,
    private readonly onFailure: (error: Error) => void,
  ) {
    // Before it is read: a change in between is then seen at the next look.
    this.state = stateOf(path);
    this.value = parse(readFileSync(path, 'utf8'));
    this.timer = setInterval(() => this.look(), LOOK_EVERY_MS).unref();
  }

  get current(): T {
    return this.value;
  }

  /** Reads the file if it is another than at the last look. */
  look(): void {
    const state = stateOf(this.path);
    if (state === this.state) return;
    this.state = state;
    try {
      this.value = this.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      this.onFailure(error as Error);
      return;
    }
    this.onReload();
  }

  close(): void {
    clearInterval(this.timer);
  }
}

/** Why a file can't be looked at is a state too: what changes it is told once, by reading. */
function stateOf(path: string): string {
  try {
    const stat = statSync(path, { bigint: true });
    return `${stat.dev} ${stat.ino} ${stat.size} ${stat.mtimeNs} ${stat.ctimeNs}`;
  } catch (error) {
    return `${(error as NodeJS.ErrnoException).code}`;
  }
}
