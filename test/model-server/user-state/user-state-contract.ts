import {
  MAX_EVENTS_PER_USER,
  MAX_IDS_PER_USER,
  revisionOf,
  type UserStateStore,
} from '../../../model-server/src/user-state/user-state-store';

/** Opens the place that the running test has for itself; each store opened is another process's. */
export type OpenStore = () => UserStateStore | Promise<UserStateStore>;

/** What every store of histories does. */
export function describeUserStateStore(open: OpenStore): void {
  let store: UserStateStore;
  beforeEach(async () => {
    store = await open();
  });

  it('knows nothing of a stranger', async () => {
    expect(await store.get('ann')).toBeUndefined();
    expect(await store.get('ann')).toBeUndefined();
    expect(await store.erase('ann')).toBe(false);
    expect(await store.append('ann', [])).toBe(0);
    expect(await store.get('ann')).toBeUndefined();
  });

  it('keeps each item once, at its newest event, the newest first, for all processes', async () => {
    await store.append('ann', [
      { item: 'a', at: 10 },
      { item: 'b', at: 30 },
      { item: 'a', at: 20 },
    ]);
    await store.append('ann', [
      { item: 'c', at: 20 },
      { item: 'b', at: 5 },
    ]);
    const state = {
      user: 'ann',
      events: [
        { item: 'b', at: 30 },
        { item: 'a', at: 20 },
        { item: 'c', at: 20 },
      ],
    };
    expect(await store.get('ann')).toEqual(state);
    expect(await (await open()).get('ann')).toEqual(state);
  });

  it('shows a change at once to who made it', async () => {
    await store.append('ann', [{ item: 'a', at: 1 }]);
    const before = await store.get('ann');
    await store.append('ann', [{ item: 'b', at: 2 }]);
    const after = await store.get('ann');
    expect(after?.events.map(({ item }) => item)).toEqual(['b', 'a']);
    expect(before && after && revisionOf(before)).not.toBe(after && revisionOf(after));
  });

  it('loses none of many appends at once, by two processes', async () => {
    const stores = [store, await open()];
    await Promise.all(
      Array.from({ length: 50 }, (_, at) => stores[at % 2]?.append('ann', [{ item: `item-${at}`, at }])),
    );
    expect((await (await open()).get('ann'))?.events).toHaveLength(50);
  });

  it(`keeps the newest ${MAX_EVENTS_PER_USER} items of a customer`, async () => {
    const events = Array.from({ length: 2 * MAX_EVENTS_PER_USER + 5 }, (_, at) => ({ item: `item-${at}`, at }));
    await store.append('ann', events);
    const kept = (await store.get('ann'))?.events;
    expect([kept?.length, kept?.at(-1)?.at]).toEqual([MAX_EVENTS_PER_USER, MAX_EVENTS_PER_USER + 5]);
  });

  it("takes an event with a known id for a repetition, each customer's for itself", async () => {
    expect(await store.append('ann', [{ id: '1', item: 'a', at: 10 }])).toBe(1);
    const again = [
      { id: '1', item: 'a', at: 20 },
      { id: '2', item: 'b', at: 30 },
      { id: '2', item: 'c', at: 40 },
    ];
    expect(await (await open()).append('ann', again)).toBe(1);
    expect((await (await open()).get('ann'))?.events).toEqual([
      { item: 'b', at: 30 },
      { item: 'a', at: 10 },
    ]);
    expect(await store.append('bob', [{ id: '1', item: 'a', at: 10 }])).toBe(1);
  });

  it(`remembers the newest ${MAX_IDS_PER_USER} ids of a customer`, async () => {
    const first = { id: 'a-first', item: 'a', at: 1 };
    await store.append('ann', [first]);
    await store.append(
      'ann',
      Array.from({ length: MAX_IDS_PER_USER }, (_, i) => ({ id: `b-${i}`, item: 'b', at: 1 })),
    );
    expect(await store.append('ann', [{ id: 'b-0', item: 'b', at: 2 }])).toBe(0);
    expect(await store.append('ann', [first])).toBe(1);
  });

  it('erases a customer with the ids of the events, and nobody else', async () => {
    await store.append('ann', [{ id: '1', item: 'a', at: 1 }]);
    await store.append('bob', [{ item: 'b', at: 1 }]);
    expect(await store.erase('ann')).toBe(true);
    expect(await store.get('ann')).toBeUndefined();
    expect((await store.get('bob'))?.events).toHaveLength(1);
    expect(await store.append('ann', [{ id: '1', item: 'a', at: 1 }])).toBe(1);
  });

  it('does not bring back what was erased while it was being read', async () => {
    await (await open()).append('ann', [{ item: 'a', at: 1 }]);
    await Promise.all([store.get('ann'), store.erase('ann')]);
    expect(await store.get('ann')).toBeUndefined();
  });

  it('keeps apart ids that stores could confuse', async () => {
    const ids = [
      'Ann',
      'ann',
      '../ann',
      'a/b',
      'a\\b',
      '.',
      '{',
      '}',
      '{}',
      '}a{',
      'a:b',
      '*',
      '%7B',
      '名',
      'x'.repeat(128),
    ];
    for (const [at, id] of ids.entries()) await store.append(id, [{ item: id, at }]);
    for (const id of ids) expect((await store.get(id))?.events).toEqual([{ item: id, at: ids.indexOf(id) }]);
    expect((await store.list(100)).sort()).toEqual([...ids].sort());
    expect(await store.list(3)).toHaveLength(3);
  });
}
