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
const answer = ({ items }: ScoringRequest): ScoringResult => {
  return { indices: Int32Array.of(items[0] as number), scores: Float32Array.of(0) };
};
const later = Number.POSITIVE_INFINITY;
/** Long enough for a run to begin before it on a busy machine. */
const soon = () => performance.now() + 200;

/** A batcher whose runs are recorded, and held until they are let go. */
function held(batchSize = 32) {
  const runs: { items: number[]; finish(error?: Error): void }[] = [];
  const batcher = new Batcher({
    batchSize,
    run: (requests) =>
      new Promise((resolve, reject) => {
        const items = requests.map((one) => one.items[0] as number);
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
      onRun: ({ requests }) => sizes.push(requests.length),
    });
    const results = await Promise.all([3, 1, 2].map((item) => batcher.score(request(item), later)));
    expect(results.map(({ indices }) => indices[0])).toEqual([3, 1, 2]);
    await batcher.drained();
    expect(sizes).toEqual([3]);
  });

  it('starts a full batch without waiting for the end of a tick, which may be long', async () => {
    const { runs, batcher, tick } = held(2);
    const all = [0, 1, 2].map((item) => batcher.score(request(item), later));
    expect(runs.map(({ items }) => items)).toEqual([[0, 1]]);
    runs[0]?.finish();
    await tick();
    runs[1]?.finish();
    await Promise.all(all);
    expect(runs.map(({ items }) => items)).toEqual([[0, 1], [2]]);
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

  it('holds no request past its deadline while a run does not end, and runs what still counts after it', async () => {
    const { runs, batcher, tick } = held();
    const inRun = batcher.score(request(0), soon());
    await tick();
    const waiting = [1, 2, 3].map((item) => batcher.score(request(item), soon()));
    const live = batcher.score(request(4), later);
    for (const one of [inRun, ...waiting]) await expect(one).rejects.toThrow(DeadlineExceededError);
    runs[0]?.finish();
    await tick();
    runs[1]?.finish();
    expect((await live).indices).toEqual(Int32Array.of(4));
    expect(runs.map(({ items }) => items)).toEqual([[0], [4]]);
  });

  it('expects no wait when idle, and one of at least the age of a run that does not end', async () => {
    const { runs, batcher, tick } = held();
    expect(batcher.expectedWaitMs()).toBe(0);
    const stuck = batcher.score(request(0), soon());
    await tick();
    const begun = performance.now();
    await expect(stuck).rejects.toThrow(DeadlineExceededError);
    const age = performance.now() - begun;
    expect(batcher.expectedWaitMs()).toBeGreaterThanOrEqual(age);
    runs[0]?.finish();
    await tick();
    expect(batcher.expectedWaitMs()).toBe(0);
  });

  it('expects a wait that grows with what waits, by the times of the runs before', async () => {
    const { runs, batcher, tick } = held(1);
    const all = [1, 2].map((item) => batcher.score(request(item), later));
    await tick();
    await new Promise((resolve) => setTimeout(resolve, 10));
    runs[0]?.finish();
    await tick();
    const short = batcher.expectedWaitMs();
    all.push(...[3, 4, 5].map((item) => batcher.score(request(item), later)));
    expect(batcher.expectedWaitMs()).toBeGreaterThan(2 * short);
    for (let run = 1; run < all.length; run++) {
      runs[run]?.finish();
      await tick();
    }
    await Promise.all(all);
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
    expect((await next).indices).toEqual(Int32Array.of(2));
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
