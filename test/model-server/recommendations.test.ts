import { FileUserStateStore } from '../../model-server/src/user-state/file-user-state-store';
import { post, publish, request, Workbench } from './fixtures';

const DAY = 86_400_000;

describe('recommendations over HTTP', () => {
  const bench = new Workbench();
  let url: string;
  let version: string;

  beforeAll(async () => {
    const config = await bench.config({ console: true });
    version = await publish(config.store);
    const users = new FileUserStateStore({ directory: config.users, usersCached: 0 });
    const now = Date.parse('2011-09-30T12:00:00Z');
    await users.append('ann', [
      { item: 'item-0', at: now },
      { item: 'item-3', at: now - 20 * DAY },
    ]);
    await users.append('stranger-to-the-model', [{ item: 'unheard-of', at: now }]);
    url = (await bench.server(config)).url;
  });
  afterAll(() => bench.cleanUp());

  const ids = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);

  it('answers a customer from their history, newest purchases counting most, without what they bought', async () => {
    const { status, body } = await request(`${url}/v1/users/ann/recommendations?limit=3`);
    expect([status, body.rung, body.fallback, body.user]).toEqual([200, 'personal', null, 'ann']);
    expect(ids(body)).toEqual(['item-1', 'item-2', 'item-4']);
    // Two half-lives ago item-3 weighs 1/4: 1/2 from item-0 and 1/4 · 1/5 from item-3.
    expect(body.items[0]).toEqual({ id: 'item-1', name: 'Blüte № 1', score: 0.55 });
  });

  it('says the model version and the rung in body, headers and metrics', async () => {
    const { body, headers } = await request(`${url}/v1/users/ann/recommendations`);
    expect([body.modelVersion, headers.get('x-model-version')]).toEqual([version, version]);
    expect(headers.get('x-recommendation-rung')).toBe('personal');
    const { body: metrics } = await request(`${url}/metrics`);
    const label = `rung="personal",model_version="${version.slice(0, 12)}"`;
    expect(metrics).toMatch(new RegExp(`recommender_recommendations_total\\{${label}\\} [1-9]`));
    expect(metrics).toContain(`recommender_model_info{model="test",model_version="${version.slice(0, 12)}"`);
  });

  it('explains each item by the history, and reasons and the rest add up to the score', async () => {
    const { body } = await request(`${url}/v1/users/ann/recommendations?reasons=1&limit=2`);
    expect(body.items[0].reasons).toEqual([{ id: 'item-0', name: 'Blüte № 0', contribution: 0.5 }]);
    for (const { score, reasons, otherContributions } of body.items) {
      expect(reasons[0].contribution + otherContributions).toBeCloseTo(score, 6);
    }
  });

  it('leaves seen items in when asked to', async () => {
    const { body } = await request(`${url}/v1/users/ann/recommendations?excludeSeen=false&limit=6`);
    expect(ids(body)).toEqual(expect.arrayContaining(['item-0', 'item-3']));
  });

  it('leaves out what the request excludes, by commas or by repetition', async () => {
    for (const query of ['exclude=item-1,item-4', 'exclude=item-1&exclude=item-4']) {
      const { body } = await request(`${url}/v1/users/ann/recommendations?${query}`);
      expect(ids(body)).toEqual(['item-2', 'item-5']);
    }
  });

  it('answers an unknown customer with popular items, and says so', async () => {
    const { status, body } = await request(`${url}/v1/users/nobody/recommendations?limit=2`);
    expect([status, body.rung, body.fallback, ids(body)]).toEqual([
      200,
      'popular',
      'unknown-user',
      ['item-5', 'item-4'],
    ]);
    expect(body.items[0].score).toBe(15);
  });

  it('answers with popular items when the model knows nothing of the history', async () => {
    const { body } = await request(`${url}/v1/users/stranger-to-the-model/recommendations?limit=1`);
    expect([body.rung, body.fallback]).toEqual(['popular', 'no-known-items']);
  });

  it("answers a session from its items, and leaves them and the request's exclusions out", async () => {
    const { body } = await post(`${url}/v1/recommendations`, { items: ['item-1'], exclude: ['item-2'], limit: 2 });
    expect([body.rung, body.fallback, ids(body)]).toEqual(['session', null, ['item-3', 'item-4']]);
    expect(body).not.toHaveProperty('user');
  });

  it("joins a session to the customer's history", async () => {
    const { body } = await post(`${url}/v1/recommendations`, { user: 'ann', items: ['item-4'], reasons: 3, limit: 1 });
    expect([body.rung, body.user, ids(body)]).toEqual(['personal', 'ann', ['item-1']]);
    const reasons = body.items[0].reasons.map(({ id, contribution }: Record<string, unknown>) => [id, contribution]);
    expect(reasons).toEqual([
      ['item-0', 0.5],
      ['item-4', 0.25],
      ['item-3', 0.05],
    ]);
    // Nothing is left when all are shown: the model's contributions themselves make up its score.
    expect(body.items[0].otherContributions).toBeCloseTo(0, 5);
  });

  it('answers a session of an unknown customer from its items, and says so', async () => {
    const { body } = await post(`${url}/v1/recommendations`, { user: 'nobody', items: ['item-4'] });
    expect([body.rung, body.fallback]).toEqual(['session', 'unknown-user']);
  });

  it('answers a session of unknown items with popular ones, and says so', async () => {
    const { body } = await post(`${url}/v1/recommendations`, { items: ['unheard-of'] });
    expect([body.rung, body.fallback]).toEqual(['popular', 'no-known-items']);
  });

  it('answers fewer items than asked for when no more are left', async () => {
    const { body } = await post(`${url}/v1/recommendations`, { items: ['item-0', 'item-1', 'item-2', 'item-3'] });
    expect(ids(body).sort()).toEqual(['item-4', 'item-5']);
  });

  it('names similar items', async () => {
    const { body } = await request(`${url}/v1/items/item-2/similar?limit=2&exclude=item-4`);
    expect([body.item, ids(body)]).toEqual(['item-2', ['item-3', 'item-5']]);
  });

  it('gives each of many concurrent requests its own answer', async () => {
    const replies = await Promise.all(
      Array.from({ length: 120 }, (_, i) =>
        post(`${url}/v1/recommendations`, { items: [`item-${i % 6}`], limit: 1 + (i % 3), reasons: i % 2 }),
      ),
    );
    replies.forEach(({ body }, i) => {
      const next = [1, 2, 3].map((step) => `item-${(i + step) % 6}`);
      expect(ids(body)).toEqual(next.slice(0, 1 + (i % 3)));
      expect('reasons' in body.items[0]).toBe(i % 2 === 1);
    });
  });

  it("shows a customer's purchases by name, the newest first", async () => {
    const { body } = await request(`${url}/v1/users/ann`);
    expect(body.user).toBe('ann');
    expect(body.purchases).toEqual([
      { id: 'item-0', name: 'Blüte № 0', at: '2011-09-30T12:00:00.000Z' },
      { id: 'item-3', name: 'Blüte № 3', at: '2011-09-10T12:00:00.000Z' },
    ]);
    expect((await request(`${url}/v1/users/stranger-to-the-model`)).body.purchases[0].name).toBeNull();
  });

  it('lists customers', async () => {
    const { body } = await request(`${url}/v1/users?limit=5`);
    expect(body.users.sort()).toEqual(['ann', 'stranger-to-the-model']);
  });

  it('describes the model it serves', async () => {
    const { body } = await request(`${url}/v1/model`);
    expect(body).toMatchObject({ model: 'test', modelVersion: version, source: 'store', items: 6, problem: null });
    expect(body.metrics['ndcg@20']).toEqual({ value: 0.1, low: 0.09, high: 0.11 });
  });
});
