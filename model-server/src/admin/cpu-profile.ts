import { Session } from 'node:inspector/promises';
import { setTimeout as delay } from 'node:timers/promises';

/** Microseconds between two looks at the stack: Node's default, which costs a busy server a few percent. */
const SAMPLING_INTERVAL_US = 1000;

/**
 * Profiles this thread, the one that reads and answers requests; models run in threads of their own.
 *
 * @param signal ends it early
 * @returns JSON of a .cpuprofile, which Chrome's DevTools, VS Code and speedscope open
 */
export async function cpuProfile(seconds: number, signal: AbortSignal): Promise<string> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLING_INTERVAL_US });
    await session.post('Profiler.start');
    await delay(seconds * 1000, undefined, { signal }).catch(() => undefined);
    const { profile } = await session.post('Profiler.stop');
    return JSON.stringify(profile);
  } finally {
    session.disconnect();
  }
}
