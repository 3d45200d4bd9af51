import { MemoryResultCache } from '../../../model-server/src/result-cache/memory-result-cache';
import { SharedResults } from '../../../model-server/src/result-cache/shared-results';
import { post, publish, request, Workbench } from '../fixtures';
import { keyOf } from './answers';

const bench = new Workbench();
afterEach(() => bench.cleanUp());

const personal = (url: string, user: string) => request(`${url}/v1/users/${user}/recommendations?limit=3`);
const metric = async (url: string, name: string) =>
  Number(new RegExp(`^${name} (\\d+)`, 'm').exec((await request(`${url}/metrics`)).body)?.[1] ?? 0);
const lookups = (url: string, result: string) =>
  metric(url, `recommender_result_cache_lookups_total{result="${result}"}`);
const runs = (url: string) => metric(url, 'recommender_model_run_duration_seconds_count');

async function serverWithHistory(overrides = {}) {
  const config = await bench.config({ resultCache: 'memory', ...overrides });
  await publish(config.store);
  const server = await bench.server(config);
  const events = [{ id: '1', user: 'ann', item: 'item-0', type: 'purchase' }];
  await post(`${server.url}/v1/events`, { events });
  return { config, ...server };
}

describe('a server with a result cache', () => {
  it('answers the same again without a run of the model', async () => {
    const { url } = await serverWithHistory();
    const first = await personal(url, 'ann');
    const before = await runs(url);
    const second = await personal(url, 'ann');
    expect(second.body).toEqual(first.body);
    expect(second.headers.get('x-model-version')).toBe(first.body.modelVersion);
    expect(await runs(url)).toBe(before);
    expect([await lookups(url, 'miss'), await lookups(url, 'hit')]).toEqual([1, 1]);
    expect(await metric(url, 'recommender_result_cache_entries')).toBe(1);
    expect(await metric(url, 'recommender_result_cache_bytes')).toBeGreaterThan(300);
  });

  it('works out once what many ask for at once', async () => {
    const { url } = await serverWithHistory();
    const session = { items: ['item-1', 'item-2'], limit: 3 };
    const before = await runs(url);
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(`${url}/v1/recommendations`, session)));
    for (const { body } of answers) expect(body).toEqual(answers[0]?.body);
    expect(await runs(url)).toBe(before + 1);
    expect((await lookups(url, 'miss')) + (await lookups(url, 'hit')) + (await lookups(url, 'shared'))).toBe(20);
    expect(await lookups(url, 'miss')).toBe(1);
  });

  it('answers from the new version after a promotion', async () => {
    const { url, config, models } = await serverWithHistory();
    const before = (await personal(url, 'ann')).body;
    const promoted = await publish(config.store, { weight: (i, j) => (i === j ? 0 : j / 6) });
    await models.look();
    const after = (await personal(url, 'ann')).body;
    expect(after.modelVersion).toBe(promoted);
    expect(after.items).not.toEqual(before.items);
  });

  it('keeps sessions and similar items too, the same items for whoever asks, popular ones not', async () => {
    const { url } = await serverWithHistory();
    await post(`${url}/v1/recommendations`, { items: ['item-1'], limit: 3 });
    const similar = (await request(`${url}/v1/items/item-1/similar?limit=3`)).body;
    expect(similar.item).toBe('item-1');
    expect(await lookups(url, 'hit')).toBe(1);
    await personal(url, 'a-stranger');
    expect((await lookups(url, 'miss')) + (await lookups(url, 'hit'))).toBe(2);
  });

  it('keeps nothing when it is off, and has no metrics then', async () => {
    const { url } = await serverWithHistory({ resultCache: 'off' });
    await personal(url, 'ann');
    const before = await runs(url);
    await personal(url, 'ann');
    expect(await runs(url)).toBe(before + 1);
    expect((await request(`${url}/metrics`)).body).not.toContain('recommender_result_cache');
  });
});

describe('SharedResults', () => {
  const results = () => new SharedResults(new MemoryResultCache({ entries: 10, bytes: 2 ** 20, keepMs: 60_000 }));

  it('shares an answer of a lower rung after a failure, and does not keep it', async () => {
    const shared = results();
    let runs = 0;
    const compute = async () => {
      runs++;
      return { modelVersion: 'c0ffee', rung: 'popular', fallback: 'model-error', items: [] } as const;
    };
    const both = await Promise.all([shared.answer(keyOf('a'), compute), shared.answer(keyOf('a'), compute)]);
    expect([both[0].fallback, both[1], runs]).toEqual(['model-error', both[0], 1]);
    await shared.answer(keyOf('a'), compute);
    expect([runs, shared.misses, shared.hits, shared.shared]).toEqual([2, 2, 0, 1]);
  });

  it('shares an error with those who wait, and tries again for the next', async () => {
    const shared = results();
    let runs = 0;
    const compute = () => Promise.reject(new Error(`failure ${++runs}`));
    const both = await Promise.allSettled([shared.answer(keyOf('a'), compute), shared.answer(keyOf('a'), compute)]);
    expect(both.map((outcome) => outcome.status === 'rejected' && outcome.reason.message)).toEqual([
      'failure 1',
      'failure 1',
    ]);
    await expect(shared.answer(keyOf('a'), compute)).rejects.toThrow('failure 2');
  });
});
