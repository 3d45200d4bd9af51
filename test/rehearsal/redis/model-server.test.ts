import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Redis, startRedis } from '@cdktf-recommender/rehearsal';
import { post, publish, request, Workbench } from '../../model-server/fixtures';
import { describeWithRedis } from './redis';

/** As built, because jest can't load the ES modules that it imports. */
const CLI = join(__dirname, '../../../dist/cli/main.js');
const PASSWORD = 'top-secret';

describeWithRedis('model servers that share a Redis', () => {
  const bench = new Workbench();
  let redis: Redis;
  let one: string;
  let other: string;
  beforeAll(async () => {
    redis = await startRedis({ password: PASSWORD });
    const config = await bench.config({ users: redis.url, resultCache: redis.url, redisTimeoutMs: 2000 });
    await publish(config.store);
    one = (await bench.server(config)).url;
    other = (await bench.server(config)).url;
  }, 600_000);
  afterAll(async () => {
    await bench.cleanUp();
    await redis?.stop();
  });

  const personal = async (url: string, user: string) =>
    (await request(`${url}/v1/users/${user}/recommendations?limit=3`)).body;
  const metric = async (url: string, name: string) =>
    Number(new RegExp(`^${name} (\\d+)`, 'm').exec((await request(`${url}/metrics`)).body)?.[1]);

  test('an event told to one changes the next answer of both', async () => {
    for (const url of [one, other]) expect(await personal(url, 'ann')).toMatchObject({ fallback: 'unknown-user' });
    const events = [{ id: '1', user: 'ann', item: 'item-0', type: 'purchase' }];
    expect((await post(`${one}/v1/events`, { events })).body).toEqual({ accepted: 1, duplicates: 0 });
    expect(await personal(one, 'ann')).toMatchObject({ rung: 'personal' });
    while ((await personal(other, 'ann')).rung !== 'personal');
    expect((await post(`${other}/v1/events`, { events })).body).toEqual({ accepted: 0, duplicates: 1 });
  });

  test('an answer that one has worked out is taken by the other', async () => {
    const session = { items: ['item-1', 'item-2'], limit: 3 };
    const lookups = (url: string, result: string) =>
      metric(url, `recommender_result_cache_lookups_total{result="${result}"}`);
    const { body } = await post(`${one}/v1/recommendations`, session);
    const hits = await lookups(other, 'hit');
    // What one keeps is on its way when it has answered.
    do expect((await post(`${other}/v1/recommendations`, session)).body).toEqual(body);
    while ((await lookups(other, 'hit')) === hits);
  });

  test('a customer whom one forgets is forgotten by both', async () => {
    const events = [{ id: '2', user: 'bob', item: 'item-0', type: 'purchase' }];
    await post(`${one}/v1/events`, { events });
    while ((await personal(other, 'bob')).rung !== 'personal');
    expect((await request(`${one}/v1/users/bob`, { method: 'DELETE' })).status).toBe(204);
    expect(await personal(one, 'bob')).toMatchObject({ fallback: 'unknown-user' });
    while ((await personal(other, 'bob')).fallback !== 'unknown-user');
  });

  test('"recommender users load" fills it, and never shows the password', async () => {
    const file = join(await bench.directory(), 'users.jsonl');
    await writeFile(file, '{"user":"cid","events":[{"item":"item-2","at":"2011-09-30T12:00:00Z"}]}\n');
    const load = (users: string) =>
      spawnSync(process.execPath, [CLI, 'users', 'load', file, '--users', users], { encoding: 'utf8' });
    const loaded = load(redis.url);
    expect([loaded.status, loaded.stdout]).toEqual([
      0,
      expect.stringContaining('1 customers with 1 items are in redis://…@127'),
    ]);
    expect(await personal(one, 'cid')).toMatchObject({ rung: 'personal' });
    const refused = load(redis.url.replace(PASSWORD, 'wrong-secret'));
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('WRONGPASS')]);
    const mistaken = load('redis://:wrong-secret@');
    expect([mistaken.status, mistaken.stderr]).toEqual([2, expect.stringContaining('must be redis://')]);
    const shown = [loaded, refused, mistaken].map(({ stdout, stderr }) => stdout + stderr).join();
    expect(shown).not.toMatch(/secret/);
  });

  test('without Redis they answer from lower rungs, refuse events, and say so in a metric', async () => {
    await redis.stop();
    expect(await personal(one, 'dan')).toMatchObject({ rung: 'popular', fallback: 'user-store-error' });
    const session = await post(`${one}/v1/recommendations`, { items: ['item-3'], limit: 3 });
    expect(session.body).toMatchObject({ rung: 'session', fallback: null });
    const events = [{ id: '3', user: 'dan', item: 'item-0', type: 'purchase' }];
    expect((await post(`${one}/v1/events`, { events })).status).toBe(503);
    for (let i = 0; i < 5; i++) await personal(one, `dan-${i}`);
    for (const use of ['users', 'results']) {
      expect(await metric(one, `recommender_redis_circuit_open{use="${use}"}`)).toBe(1);
    }
    expect((await request(`${one}/readyz`)).status).toBe(200);
    redis = await startRedis({ password: PASSWORD, port: redis.port });
    while ((await post(`${one}/v1/events`, { events })).status !== 202);
    expect(await personal(one, 'dan')).toMatchObject({ rung: 'personal' });
  });
});
