import { MemoryRateLimit, type Quota, RedisRateLimit } from '../../../model-server/src/security/rate-limit';

const NOW = Date.parse('2026-11-21T12:00:00Z');

describe('a rate limit in memory', () => {
  let clock: jest.SpyInstance<number>;
  beforeEach(() => {
    clock = jest.spyOn(Date, 'now').mockReturnValue(NOW);
  });
  afterEach(() => clock.mockRestore());

  it('allows so many requests of a key in a window, and says what is left', () => {
    const limit = new MemoryRateLimit({ requests: 2, seconds: 10 });
    expect(limit.take('a')).toEqual({ allowed: true, remaining: 1, resetSeconds: 10 });
    clock.mockReturnValue(NOW + 3500);
    expect(limit.take('a')).toEqual({ allowed: true, remaining: 0, resetSeconds: 7 });
    expect(limit.take('a')).toEqual({ allowed: false, remaining: 0, resetSeconds: 7 });
    expect(limit.take('b').allowed).toBe(true);
    clock.mockReturnValue(NOW + 10_000);
    expect(limit.take('a')).toEqual({ allowed: true, remaining: 1, resetSeconds: 10 });
  });

  it('counts a bounded number of keys, and forgets the longest idle', () => {
    const limit = new MemoryRateLimit({ requests: 1, seconds: 10 }, 100);
    limit.take('first');
    for (let i = 0; i < 99; i++) limit.take(`k${i}`);
    expect(limit.take('first').allowed).toBe(false);
    for (let i = 0; i < 10_000; i++) limit.take(`other${i}`);
    expect(limit.size).toBe(100);
    expect(limit.take('first').allowed).toBe(true);
  });
});

describe('a rate limit in Redis', () => {
  it('counts in this process alone while Redis can not be asked, and when it fails', async () => {
    let isAvailable = false;
    let asked = 0;
    const limit = new RedisRateLimit(
      'caller',
      { requests: 2, seconds: 10 },
      {
        get isAvailable() {
          return isAvailable;
        },
        run: async () => {
          asked++;
          throw new Error('gone');
        },
      },
    );
    const take = async (): Promise<Quota> => limit.take('a');
    expect(await take()).toMatchObject({ allowed: true, remaining: 1 });
    expect(asked).toBe(0);
    isAvailable = true;
    expect(await take()).toMatchObject({ allowed: true, remaining: 0 });
    expect(await take()).toMatchObject({ allowed: false, remaining: 0 });
    expect(asked).toBe(2);
  });
});
