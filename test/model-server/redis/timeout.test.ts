import { RedisTimeoutError, withTimeout } from '../../../model-server/src/redis/timeout';

describe('withTimeout', () => {
  it('passes on what comes in time, a reply or an error', async () => {
    await expect(withTimeout(Promise.resolve('PONG'), 1000)).resolves.toBe('PONG');
    await expect(withTimeout(Promise.reject(new Error('refused')), 1000)).rejects.toThrow('refused');
  });

  it('rejects when nothing comes', async () => {
    const silence = new Promise(() => undefined);
    await expect(withTimeout(silence, 5)).rejects.toThrow(RedisTimeoutError);
    await expect(withTimeout(silence, 5)).rejects.toThrow('no answer within 5 ms');
  });

  it('does not count the time in which this process could not look', async () => {
    const reply = withTimeout(new Promise((resolve) => setTimeout(() => resolve('PONG'), 30)), 20);
    const busyUntil = performance.now() + 60;
    while (performance.now() < busyUntil);
    await expect(reply).resolves.toBe('PONG');
  });
});
