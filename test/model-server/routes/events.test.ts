import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServerConfig } from '../../../model-server/src/config';
import { FileUserStateStore } from '../../../model-server/src/user-state/file-user-state-store';
import { post, publish, type Reply, request, Workbench } from '../fixtures';

const bench = new Workbench();
let config: ServerConfig;
let url: string;

beforeAll(async () => {
  config = await bench.config({ resultCache: 'memory', console: true });
  await publish(config.store);
  url = (await bench.server(config)).url;
});
afterAll(() => bench.cleanUp());

let number = 0;
/** A customer, and an event id, that no other test has. */
const fresh = (what: string) => `${what}-${number++}`;
const send = (events: unknown, headers?: Record<string, string>) => post(`${url}/v1/events`, { events }, headers);
const recommended = (user: string) => request(`${url}/v1/users/${user}/recommendations?limit=2&reasons=5`);
const purchases = async (user: string): Promise<{ id: string; at: string }[]> =>
  (await request(`${url}/v1/users/${user}`)).body.purchases;
const bought = (user: string, item: string, more = {}) => ({ id: fresh('e'), user, item, type: 'purchase', ...more });

describe('POST /v1/events', () => {
  it('changes the next recommendations at once, also those of a customer that were kept', async () => {
    const user = fresh('ann');
    expect((await recommended(user)).body).toMatchObject({ rung: 'popular', fallback: 'unknown-user' });
    const first = await send([bought(user, 'item-0')]);
    expect([first.status, first.body]).toEqual([202, { accepted: 1, duplicates: 0 }]);
    const before: Reply = await recommended(user);
    expect(before.body).toMatchObject({ rung: 'personal', fallback: null });
    expect((await recommended(user)).body).toEqual(before.body);
    await send([bought(user, 'item-3')]);
    const after = (await recommended(user)).body;
    const reasons = after.items.flatMap((item: { reasons: { id: string }[] }) => item.reasons.map(({ id }) => id));
    expect(new Set(reasons)).toEqual(new Set(['item-0', 'item-3']));
  });

  it('takes an event once, by its id', async () => {
    const user = fresh('ann');
    const event = bought(user, 'item-1', { at: '2026-01-01T10:00:00Z' });
    const again = { ...event, item: 'item-2' };
    expect((await send([event])).body).toEqual({ accepted: 1, duplicates: 0 });
    expect((await send([again, bought(user, 'item-3'), event])).body).toEqual({ accepted: 1, duplicates: 2 });
    expect((await purchases(user)).map(({ id }) => id)).toEqual(['item-3', 'item-1']);
  });

  it('takes a request once, by its Idempotency-Key', async () => {
    const user = fresh('ann');
    const events = ['item-1', 'item-2'].map((item) => ({ user, item, type: 'purchase' }));
    const key = { 'idempotency-key': fresh('key') };
    expect((await send(events, key)).body).toEqual({ accepted: 2, duplicates: 0 });
    const once = await purchases(user);
    expect((await send(events, key)).body).toEqual({ accepted: 0, duplicates: 2 });
    expect(await purchases(user)).toEqual(once);
  });

  it('takes times with a zone, as milliseconds, and now when there is none', async () => {
    const user = fresh('ann');
    const asked = Date.now();
    await send([
      bought(user, 'a', { at: '2026-01-01T12:00:00+02:00' }),
      bought(user, 'b', { at: Date.parse('2026-01-01T11:00:00Z') }),
      bought(user, 'c'),
    ]);
    const [c, ...rest] = await purchases(user);
    expect(Date.parse(c?.at as string) - asked).toBeGreaterThanOrEqual(0);
    expect(Date.now() - Date.parse(c?.at as string)).toBeGreaterThanOrEqual(0);
    expect(rest).toMatchObject([
      { id: 'b', at: '2026-01-01T11:00:00.000Z' },
      { id: 'a', at: '2026-01-01T10:00:00.000Z' },
    ]);
  });

  it('takes items that the model does not know, which it may tomorrow', async () => {
    const user = fresh('ann');
    expect((await send([bought(user, 'item-of-tomorrow')])).status).toBe(202);
    expect((await recommended(user)).body).toMatchObject({ rung: 'popular', fallback: 'no-known-items' });
  });

  it.each([
    ['no events', [], 'events', '1 to 100 events'],
    ['too many events', Array(101).fill(bought('ann', 'a')), 'events', '1 to 100 events'],
    ['no list', { id: '1' }, 'events', '1 to 100 events'],
    [
      'nothing that tells it from its repetition',
      [{ user: 'ann', item: 'a', type: 'purchase' }],
      'events.0.id',
      /Idempotency-Key/,
    ],
    ['an unknown type', [bought('ann', 'a', { type: 'view' })], 'events.0.type', 'one of purchase'],
    ['an unknown field', [bought('ann', 'a', { price: 3 })], 'events.0.price', 'no such field'],
    ['an item that is too long', [bought('ann', 'x'.repeat(129))], 'events.0.item', /1 to 128 characters/],
    ['no customer', [bought('', 'a')], 'events.0.user', /1 to 128 characters/],
    ['a time that is none', [bought('ann', 'a', { at: 'yesterday' })], 'events.0.at', /ISO 8601/],
    ['a time in the future', [bought('ann', 'a', { at: Date.now() + 120_000 })], 'events.0.at', /not in the future/],
    ['a time long ago', [bought('ann', 'a', { at: '2011-09-30T12:00:00Z' })], 'events.0.at', /at most 400 days ago/],
  ])('fails when there are %s, and stores none', async (_, events, field, allowed) => {
    const user = fresh('bob');
    const list = Array.isArray(events) && events.length < 100 && events.length > 0;
    const reply = await send(list ? [...events, bought(user, 'a')] : events);
    expect([reply.status, reply.body.type]).toEqual([400, expect.stringMatching(/:invalid-request$/)]);
    expect(reply.body.errors).toEqual(
      [
        {
          field,
          value: expect.anything(),
          allowed: allowed instanceof RegExp ? expect.stringMatching(allowed) : allowed,
        },
      ].map((problem) => (field === 'events.0.id' ? { ...problem, value: null } : problem)),
    );
    expect((await request(`${url}/v1/users/${user}`)).status).toBe(404);
  });

  it('fails when the Idempotency-Key is no id', async () => {
    const reply = await send([bought('ann', 'a')], { 'idempotency-key': 'k'.repeat(129) });
    expect([reply.status, reply.body.errors[0].field]).toEqual([400, 'Idempotency-Key']);
  });

  it('fails when a history can not be written, stores the others, and is safe to send again', async () => {
    const [ann, bob] = [fresh('ann'), fresh('bob')];
    const store = new FileUserStateStore({ directory: config.users, usersCached: 0 });
    await store.append(ann, [{ item: 'a', at: 1 }]);
    const name = createHash('sha256').update(ann).digest('hex');
    await writeFile(join(config.users, name.slice(0, 2), `${name}.json`), '{');
    const events = [bought(ann, 'b'), bought(bob, 'b')];
    const failed = await send(events);
    expect([failed.status, failed.headers.get('retry-after')]).toEqual([503, expect.stringMatching(/^\d+$/)]);
    expect(failed.body).toMatchObject({
      type: expect.stringMatching(/:user-state-unavailable$/),
      detail: 'events of 1 of 2 customers were not stored; send the same request again',
    });
    await store.erase(ann);
    expect((await send(events)).body).toEqual({ accepted: 1, duplicates: 1 });
  });

  it('counts what was accepted and what was a repetition', async () => {
    const counted = async () => {
      const { body } = await request(`${url}/metrics`);
      const value = (result: string) =>
        Number(new RegExp(`recommender_events_total{result="${result}"} (\\d+)`).exec(body)?.[1] ?? 0);
      return [value('accepted'), value('duplicate')] as const;
    };
    const [accepted, duplicates] = await counted();
    const event = bought(fresh('ann'), 'a');
    await send([event, event]);
    expect(await counted()).toEqual([accepted + 1, duplicates + 1]);
  });

  it('takes no other method', async () => {
    const reply = await request(`${url}/v1/events`, { method: 'GET' });
    expect([reply.status, reply.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });
});

describe('DELETE /v1/users/:user', () => {
  const erase = (user: string) => request(`${url}/v1/users/${user}`, { method: 'DELETE' });

  it('forgets a customer, with the ids of the events and the answers that were kept', async () => {
    const user = fresh('ann');
    const event = bought(user, 'item-0');
    await send([event]);
    await recommended(user);
    const entries = async () =>
      Number(/recommender_result_cache_entries (\d+)/.exec((await request(`${url}/metrics`)).body)?.[1]);
    const before = await entries();
    expect((await erase(user)).status).toBe(204);
    expect(await entries()).toBe(before - 1);
    expect((await recommended(user)).body).toMatchObject({ rung: 'popular', fallback: 'unknown-user' });
    expect((await request(`${url}/v1/users/${user}`)).status).toBe(404);
    expect((await send([event])).body).toEqual({ accepted: 1, duplicates: 0 });
  });

  it('says nothing of whether there was a customer', async () => {
    expect((await erase(fresh('nobody'))).status).toBe(204);
  });

  it('fails when the id is none', async () => {
    expect((await erase('%00')).status).toBe(400);
  });
});
