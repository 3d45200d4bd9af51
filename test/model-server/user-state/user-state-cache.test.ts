import { UserStateCache } from '../../../model-server/src/user-state/user-state-cache';
import type { UserState } from '../../../model-server/src/user-state/user-state-store';

// The cache takes a time of 0 for none.
beforeEach(() => jest.useFakeTimers().advanceTimersByTime(1));
afterEach(() => jest.useRealTimers());

/** A cache over a store that holds what a test put there, and counts who reads. */
function cached() {
  const stored = new Map<string, string>();
  const reads: string[] = [];
  const read = async (user: string): Promise<UserState | undefined> => {
    reads.push(user);
    const item = stored.get(user);
    if (item === 'broken') throw new Error('the disk');
    return item === undefined ? undefined : { user, events: [{ item, at: 0 }] };
  };
  return { stored, reads, cache: new UserStateCache({ entries: 10, bytes: 10_000, read }) };
}

const itemOf = (state: UserState | undefined | Promise<unknown>) => (state as UserState | undefined)?.events[0]?.item;

describe('UserStateCache', () => {
  it('reads a user once for all who ask in the next seconds', async () => {
    const { stored, reads, cache } = cached();
    stored.set('ann', 'tea');
    await Promise.all([cache.get('ann'), cache.get('ann')]);
    await jest.advanceTimersByTimeAsync(2000);
    expect(itemOf(cache.get('ann'))).toBe('tea');
    expect(reads).toEqual(['ann']);
  });

  it('answers at once from what it has while it reads anew who is asked for again', async () => {
    const { stored, reads, cache } = cached();
    stored.set('ann', 'tea');
    await cache.get('ann');
    stored.set('ann', 'cake');
    await jest.advanceTimersByTimeAsync(3000);
    expect(itemOf(cache.get('ann'))).toBe('tea');
    expect(itemOf(cache.get('ann'))).toBe('tea');
    await jest.advanceTimersByTimeAsync(0);
    expect(itemOf(cache.get('ann'))).toBe('cake');
    expect(reads).toEqual(['ann', 'ann']);
  });

  it('gives the same object for a state that did not change, so that what was worked out of it stays', async () => {
    const { stored, reads, cache } = cached();
    stored.set('ann', 'tea');
    const first = await cache.get('ann');
    await jest.advanceTimersByTimeAsync(3000);
    cache.get('ann');
    await jest.advanceTimersByTimeAsync(0);
    expect(reads).toHaveLength(2);
    expect(cache.get('ann')).toBe(first);
  });

  it('shows nothing older than 5 seconds', async () => {
    const { stored, cache } = cached();
    stored.set('ann', 'tea');
    await cache.get('ann');
    stored.set('ann', 'cake');
    await jest.advanceTimersByTimeAsync(5001);
    expect(itemOf(await cache.get('ann'))).toBe('cake');
  });

  it('goes on with what it has when reading anew fails, and fails when that is too old', async () => {
    const { stored, cache } = cached();
    stored.set('ann', 'tea');
    await cache.get('ann');
    stored.set('ann', 'broken');
    await jest.advanceTimersByTimeAsync(3000);
    expect(itemOf(cache.get('ann'))).toBe('tea');
    await jest.advanceTimersByTimeAsync(1000);
    expect(itemOf(cache.get('ann'))).toBe('tea');
    await jest.advanceTimersByTimeAsync(2000);
    await expect(cache.get('ann')).rejects.toThrow('the disk');
  });
});
