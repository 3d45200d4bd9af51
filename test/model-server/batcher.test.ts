import { Batcher } from '../../model-server/src/batcher';
import { DeadlineExceededError } from '../../model-server/src/deadline';
import type { ScoringRequest, ScoringResult } from '../../model-server/src/recommender-model';

const request = (item: number): ScoringRequest => ({
  items: [item],
  weights: [1],
  excluded: [],
  limit: 1,
  explain: false,
});
const answer = ({ items }: ScoringRequest): ScoringResult => [{ index: items[0] as number, score: 0 }];
const later = Number.POSITIVE_INFINITY;

/** A batcher whose runs are recorded, and held until they are let go. */
function held(batchSize = 32) {
  const runs: { items: number[]; finish(error?: Error): void }[] = [];
  const batcher = new Batcher({
    batchSize,
    run: (requests) =>
      new Promise((resolve, reject) => {
        const items = requests.map(({ items: [item] }) => item as number);
        runs.push({ items, finish: (error) => (error ? reject(error) : resolve(requests.map(answer))) });
      }),
  });
  const tick = () => new Promise<void>((resolve) => setImmediate(() => setImmediate(resolve)));
  return { runs, batcher, tick };
}

describe('Batcher', () => {
  it('gives the requests of one tick one run, and each its own result', async () => {
    const sizes: number[] = [];
    const batcher = new Batcher({
      batchSize: 32,
      run: async (requests) => requests.map(answer),
      onRun: (requests) => sizes.push(requests),
    });
    const results = await Promise.all([3, 1, 2].map((item) => batcher.score(request(item), later)));
    expect(results.map(([item]) => item?.index)).toEqual([3, 1, 2]);
    await batcher.drained();
    expect(sizes).toEqual([3]);
  });

  it('gathers what arrives while a run is under way, in the order of arrival, up to the batch size', async () => {
    const { runs, batcher, tick } = held(2);
    const all = [batcher.score(request(0), later)];
    await tick();
    for (const item of [1, 2, 3]) all.push(batcher.score(request(item), later));
    for (let i = 0; i < 3; i++) {
      runs[i]?.finish();
      await tick();
    }
    await Promise.all(all);
    expect(runs.map(({ items }) => items)).toEqual([[0], [1, 2], [3]]);
  });

  it('drops a request that nobody waits for any more, and runs the others', async () => {
    const { runs, batcher, tick } = held();
    const late = batcher.score(request(1), performance.now() - 1);
    const live = batcher.score(request(2), later);
    await expect(late).rejects.toThrow(DeadlineExceededError);
    await tick();
    expect(runs.map(({ items }) => items)).toEqual([[2]]);
    runs[0]?.finish();
    await live;
  });

  it('forgets requests that nobody waits for any more, also while a run does not end', async () => {
    const { runs, batcher, tick } = held();
    const stuck = batcher.score(request(0), later);
    await tick();
    const late = [1, 2, 3].map((item) => batcher.score(request(item), performance.now() - 1));
    const live = batcher.score(request(4), later);
    for (const one of late) await expect(one).rejects.toThrow(DeadlineExceededError);
    runs[0]?.finish();
    await tick();
    runs[1]?.finish();
    await Promise.all([stuck, live]);
    expect(runs.map(({ items }) => items)).toEqual([[0], [4]]);
  });

  it('fails the requests of a run that failed, and goes on with the next', async () => {
    const { runs, batcher, tick } = held();
    const failed = batcher.score(request(1), later);
    await tick();
    runs[0]?.finish(new Error('out of memory'));
    await expect(failed).rejects.toThrow('out of memory');
    const next = batcher.score(request(2), later);
    await tick();
    runs[1]?.finish();
    expect(await next).toEqual([{ index: 2, score: 0 }]);
  });

  it('is drained when the last request is answered', async () => {
    const { runs, batcher, tick } = held();
    const order: string[] = [];
    const scored = batcher.score(request(1), later).then(() => order.push('answered'));
    const drained = batcher.drained().then(() => order.push('drained'));
    await tick();
    runs[0]?.finish();
    await Promise.all([scored, drained]);
    expect(order).toEqual(['answered', 'drained']);
  });
});
