import fs from 'node:fs';
import { lock } from 'proper-lockfile';

/** A lock is held for a compare and a rename. One that is not renewed for this long belongs to a dead process. */
const STALE_LOCK_MS = 5_000;
/** Waits up to about 12 s in all: longer than a dead process's lock lives. */
const LOCK_RETRIES = { retries: 60, factor: 1.4, minTimeout: 5, maxTimeout: 250, randomize: true };

export interface FileLock {
  /** Whether nobody took it over. */
  held(): boolean;
  /** Lets go of it, unless it is another's by now. */
  release(): Promise<void>;
}

/**
 * Takes the lock at `lockPath`, and takes it over from a dead process, by making it a hard link of `token`, a file of
 * the caller's own. So the caller can tell its lock from any other: two processes that find a dead one's lock at once
 * may both take it over, the later from the earlier.
 *
 * @throws Error `ELOCKED` when others hold it all the while
 */
export async function acquireFileLock(lockPath: string, token: string): Promise<FileLock> {
  const { ino } = fs.statSync(token);
  // Synchronous, so that as little as can be comes between the answer and what is done about it.
  const held = () => fs.statSync(lockPath, { throwIfNoEntry: false })?.ino === ino;
  const release = await lock(lockPath, {
    realpath: false,
    lockfilePath: lockPath,
    stale: STALE_LOCK_MS,
    retries: LOCK_RETRIES,
    // The library's locks are empty directories, which nobody could tell apart.
    fs: {
      ...fs,
      mkdir: (path: string, done: fs.NoParamCallback) => fs.link(token, path, done),
      rmdir: fs.unlink,
      rmdirSync: fs.unlinkSync,
    },
    onCompromised: () => undefined, // held() says it
  });
  return {
    held,
    release: async () => {
      if (held()) await release();
    },
  };
}
