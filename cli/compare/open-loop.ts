import { setTimeout as sleep } from 'node:timers/promises';

export interface Load {
  /** Requests a second, evenly spaced; they never wait for answers. */
  readonly rate: number;
  readonly seconds: number;
}

/** A request of a load. */
export interface Timed<T> {
  readonly outcome: T;
  /** From the intended start to the end of the answer: a request that is sent late, or waits, counts with its delay. */
  readonly ms: number;
  /** How late it was sent, by this process itself. */
  readonly lagMs: number;
}

/** Sends requests at a rate, whatever becomes of them, and waits for the last answer. */
export async function openLoop<T>(
  { rate, seconds }: Load,
  send: (index: number) => Promise<T>,
): Promise<readonly Timed<T>[]> {
  const start = performance.now();
  const sent: Promise<Timed<T>>[] = [];
  for (let index = 0; index < Math.round(rate * seconds); index++) {
    const intended = start + (index * 1000) / rate;
    // A timer counts whole milliseconds of a clock of its own, and may come a little early.
    for (let early = intended - performance.now(); early > 0; early = intended - performance.now()) {
      await sleep(Math.ceil(early));
    }
    const lagMs = Math.max(0, performance.now() - intended);
    sent.push(send(index).then((outcome) => ({ outcome, ms: performance.now() - intended, lagMs })));
  }
  return Promise.all(sent);
}
