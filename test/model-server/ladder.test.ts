import { RegistryError } from '../../model-registry/src/errors';
import { Batcher, type Scorer } from '../../model-server/src/batcher';
import { DeadlineExceededError } from '../../model-server/src/deadline';
import { Recommender, type RecommenderOptions } from '../../model-server/src/recommender';
import type { RecommenderModel } from '../../model-server/src/recommender-model';
import type { UserState } from '../../model-server/src/user-state/user-state-store';
import { type SmallModel, silent, Workbench } from './fixtures';

const query = { limit: 3, reasons: 0, excludeSeen: true, exclude: [] };
const ann: UserState = { user: 'ann', events: [{ item: 'item-0', at: 0 }] };
const never = new Promise<never>(() => undefined);
/** A model whose run does not end. */
const stuck = () => new Batcher({ batchSize: 1, run: () => never });

describe('the ladder', () => {
  let model: RecommenderModel;
  const bench = new Workbench();
  const load = (small?: SmallModel) => bench.model(small);
  beforeAll(async () => {
    model = await load();
  });
  afterAll(() => bench.cleanUp());

  /** Real parts, but for what a test wants to break. */
  function recommender(
    broken: { scorer?: Partial<Scorer>; user?: RecommenderOptions['users']['get'] } & Partial<
      Omit<RecommenderOptions, 'users' | 'logger'>
    >,
  ): Recommender {
    const { scorer: parts, user, ...options } = broken;
    const scorer: Scorer = Object.assign(new Batcher({ batchSize: 1, run: (requests) => model.run(requests) }), parts);
    return new Recommender({
      models: { current: { model, scorer } },
      users: { get: user ?? ((id) => (id === 'ann' ? ann : undefined)) },
      deadlineMs: 5000,
      staticItems: ['item-2', 'other'],
      logger: silent,
      ...options,
    });
  }
  const summary = ({ rung, fallback, items }: Awaited<ReturnType<Recommender['recommend']>>) => ({
    rung,
    fallback,
    items: items.map(({ id }) => id),
  });

  it('answers from the personal rung when the history is known', async () => {
    const answer = await recommender({}).recommend({ ...query, user: 'ann' });
    expect(summary(answer)).toEqual({ rung: 'personal', fallback: null, items: ['item-1', 'item-2', 'item-3'] });
  });

  it('falls to the session when the history is not read in half the deadline', async () => {
    const slow = recommender({ user: () => never, deadlineMs: 400 });
    const answer = await slow.recommend({ ...query, user: 'ann', items: ['item-3'] });
    expect(summary(answer)).toEqual({
      rung: 'session',
      fallback: 'user-store-deadline',
      items: ['item-4', 'item-5', 'item-0'],
    });
  });

  it('falls to the session when the history can not be read', async () => {
    const broken = recommender({ user: () => Promise.reject(new Error('disk')) });
    const answer = await broken.recommend({ ...query, user: 'ann', items: ['item-3'] });
    expect(summary(answer)).toMatchObject({ rung: 'session', fallback: 'user-store-error' });
  });

  it('falls to popular items when the model is not in time', async () => {
    const answer = await recommender({ models: { current: { model, scorer: stuck() } }, deadlineMs: 30 }).recommend({
      ...query,
      user: 'ann',
    });
    expect(summary(answer)).toEqual({
      rung: 'popular',
      fallback: 'model-deadline',
      items: ['item-5', 'item-4', 'item-3'],
    });
  });

  it('falls to popular items, without what the customer bought, when the model fails', async () => {
    const broken = recommender({
      scorer: { score: () => Promise.reject(new RegistryError('CORRUPT', 'x', 'y')) },
    });
    const answer = await broken.recommend({ ...query, user: 'ann', limit: 6, exclude: ['item-5'] });
    expect(summary(answer)).toEqual({
      rung: 'popular',
      fallback: 'model-error',
      items: ['item-4', 'item-3', 'item-2', 'item-1'],
    });
  });

  it.each([
    [0, 2000, 'personal'],
    [0, 2001, 'popular'],
    [1000, 1000, 'personal'],
    [1001, 1000, 'popular'],
    [Number.POSITIVE_INFINITY, 0, 'popular'],
  ])(
    'after %d ms, with %d ms until the result and 5,000 ms in all, answers from the rung %s',
    async (waited, wait, rung) => {
      const scorer = { expectedWaitMs: () => wait };
      const answer = await recommender({ scorer, waitedMs: () => waited }).recommend({ ...query, user: 'ann' });
      expect([answer.rung, answer.fallback]).toEqual([rung, rung === 'popular' ? 'model-busy' : null]);
    },
  );

  it('does not start a second run when the first was too late', async () => {
    let runs = 0;
    const busy = recommender({
      scorer: {
        score: async () => {
          runs++;
          throw new DeadlineExceededError('busy');
        },
      },
    });
    const answer = await busy.recommend({ ...query, user: 'ann', items: ['item-3'] });
    expect([answer.rung, answer.fallback, runs]).toEqual(['popular', 'model-deadline', 1]);
  });

  it('falls to static items when the model has no popular ones, still naming them', async () => {
    const unpopular = await load({ popular: [] });
    const models = { current: { model: unpopular, scorer: stuck() } };
    const answer = await recommender({ models, deadlineMs: 20 }).recommend({ ...query, items: ['item-3'] });
    await unpopular.close();
    expect(answer).toEqual({
      modelVersion: unpopular.version,
      rung: 'static',
      fallback: 'model-deadline',
      items: [
        { id: 'item-2', name: 'Blüte № 2', score: null },
        { id: 'other', name: null, score: null },
      ],
    });
  });

  it('answers static items without the excluded when there is no model', async () => {
    const empty = recommender({ models: { current: undefined } });
    expect(await empty.recommend({ ...query, user: 'ann', exclude: ['other'] })).toEqual({
      modelVersion: null,
      rung: 'static',
      fallback: 'no-model',
      items: [{ id: 'item-2', name: null, score: null }],
    });
  });

  it('fails when there is neither a model nor a static item', async () => {
    const nothing = recommender({ models: { current: undefined }, staticItems: [] });
    await expect(nothing.recommend({ ...query, user: 'ann' })).rejects.toMatchObject({
      kind: 'not-ready',
      detail: expect.stringContaining('no model is loaded'),
    });
  });
});
