import { readFileSync, unwatchFile, watchFile } from 'node:fs';

/** A mounted Kubernetes secret changes by a link, which events about the file miss; looking at it does not. */
const LOOK_EVERY_MS = 2000;

/** What a file holds, parsed, and parsed anew when the file changes. What can't be parsed leaves the last good state. */
export class WatchedFile<T> {
  private value: T;
  private readonly look = () => this.reload();

  /**
   * @param parse throws what is wrong with the text
   * @param onFailure hears why a changed file was not taken
   * @throws what `parse` throws, or Error with `code` when the file can't be read
   */
  constructor(
    private readonly path: string,
    private readonly parse: (text: string) => T,
    private readonly onReload: () => void,
    private readonly onFailure: (error: Error) => void,
  ) {
    this.value = parse(readFileSync(path, 'utf8'));
    watchFile(path, { interval: LOOK_EVERY_MS, persistent: false }, this.look);
  }

  get current(): T {
    return this.value;
  }

  reload(): void {
    try {
      this.value = this.parse(readFileSync(this.path, 'utf8'));
    } catch (error) {
      this.onFailure(error as Error);
      return;
    }
    this.onReload();
  }

  close(): void {
    unwatchFile(this.path, this.look);
  }
}
