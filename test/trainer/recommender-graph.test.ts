import { randomInt } from 'node:crypto';
import { recommenderSignature } from '../../model-registry/src/recommender-signature';
import { recommenderGraph } from '../../trainer/src/onnx/recommender-graph';
import { InferenceSession, Tensor } from '../../trainer/src/onnx/runtime';
import { HISTORY_STEPS } from '../../trainer/src/rounded-model';

interface Request {
  history: { item: number; weight: number }[];
  excluded: number[];
}

/** The model in plain JavaScript: all scores, best first, excluded ones left out. */
function expected(b: Float32Array, n: number, { history, excluded }: Request): { index: number; score: number }[] {
  const scores = Array.from({ length: n }, (_, j) =>
    history.reduce((sum, { item, weight }) => sum + weight * (b[item * n + j] ?? Number.NaN), 0),
  );
  return scores
    .map((score, index) => ({ score, index }))
    .filter(({ index }) => !excluded.includes(index))
    .sort((x, y) => y.score - x.score || x.index - y.index);
}

function feeds(n: number, requests: Request[], k: number, explain = false): Record<string, Tensor> {
  const length = Math.max(1, ...requests.map(({ history }) => history.length));
  const items = new Int32Array(requests.length * length);
  const weights = new Float32Array(requests.length * length);
  const mask = new Uint8Array(requests.length * n);
  requests.forEach(({ history, excluded }, row) => {
    history.forEach(({ item, weight }, i) => {
      items[row * length + i] = item;
      weights[row * length + i] = weight;
    });
    for (const item of excluded) mask[row * n + item] = 1;
  });
  return {
    items: new Tensor('int32', items, [requests.length, length]),
    weights: new Tensor('float32', weights, [requests.length, length]),
    mask: new Tensor('bool', mask, [requests.length, n]),
    k: new Tensor('int32', Int32Array.of(k), [1]),
    explain: new Tensor('bool', [explain], [1]),
  };
}

describe('recommenderGraph', () => {
  // 3 items: a history of item 0 scores item 1 with 2 and item 2 with 3.
  const small = { values: Int8Array.of(0, 4, 6, 4, 0, 6, 7, 8, 0), scales: Float32Array.of(0.5, 1, 1) };
  let session: InferenceSession;
  beforeAll(async () => {
    session = await InferenceSession.create(recommenderGraph({ ...small, items: 3 }));
  });

  it('has the inputs and outputs that the signature states', () => {
    const { inputs, outputs } = recommenderSignature(3);
    const metadata = ({ inputMetadata, outputMetadata }: InferenceSession) =>
      [inputMetadata, outputMetadata].map((values) => values.map((value) => ({ ...value, isTensor: undefined })));
    expect(metadata(session)).toMatchObject([inputs, outputs]);
  });

  it('answers every request of a batch as plain JavaScript does, and its contributions add up', async () => {
    const seed = randomInt(2 ** 31);
    console.log(`seed ${seed}`);
    let state = seed;
    const random = (below: number) => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const n = 50;
    const values = Int8Array.from({ length: n * n }, () => random(255) - 127);
    const scales = Float32Array.from({ length: n }, () => random(1000) / 127_000);
    const b = Float32Array.from(values, (value, cell) => value * (scales[Math.floor(cell / n)] as number));
    const model = await InferenceSession.create(recommenderGraph({ values, scales, items: n }));
    const requests = Array.from({ length: 32 }, (_, row): Request => {
      const history = Array.from({ length: 1 + random(20) }, () => ({ item: random(n), weight: random(100) / 100 }));
      return { history, excluded: row % 3 === 0 ? [] : history.map(({ item }) => item) };
    });
    const k = 10;
    const { indices, scores, contributions } = await model.run(feeds(n, requests, k, true));
    const [rows, length, depth] = contributions?.dims ?? [];
    expect([rows, depth]).toEqual([32, k]);
    const value = (tensor: Tensor | undefined, position: number) => Number(tensor?.data[position]);
    requests.forEach((request, row) => {
      const all = expected(b, n, request);
      // Each weight, times its row's scale, is rounded by half a step at most.
      const largest = Math.max(...request.history.map(({ item, weight }) => weight * (scales[item] as number)));
      const rounding = (request.history.length * 127 * largest) / HISTORY_STEPS / 2 + 1e-6;
      for (let rank = 0; rank < k; rank++) {
        const index = value(indices, row * k + rank);
        const score = value(scores, row * k + rank);
        expect(Math.abs(score - (all[rank]?.score as number))).toBeLessThanOrEqual(rounding);
        const own = all.find((one) => one.index === index)?.score as number;
        expect(Math.abs(score - own)).toBeLessThanOrEqual(rounding);
        let sum = 0;
        for (let i = 0; i < Number(length); i++) {
          sum += value(contributions, (row * Number(length) + i) * k + rank);
        }
        expect(sum).toBeCloseTo(score, 5);
      }
    });
  });

  it('fills up with index -1 and score -Infinity when the mask leaves fewer than k items', async () => {
    const requests = [
      { history: [{ item: 0, weight: 1 }], excluded: [0, 1] },
      { history: [{ item: 0, weight: 0.5 }], excluded: [0, 1, 2] },
    ];
    const { indices, scores, contributions } = await session.run(feeds(3, requests, 2, true));
    expect(indices?.data).toEqual(Int32Array.of(2, -1, -1, -1));
    const none = Number.NEGATIVE_INFINITY;
    expect(scores?.data).toEqual(Float32Array.of(3, none, none, none));
    expect(contributions?.data).toEqual(Float32Array.of(3, 0, 0, 0));
  });

  it('answers all items when k is more than there are', async () => {
    const { indices } = await session.run(feeds(3, [{ history: [{ item: 0, weight: 1 }], excluded: [] }], 9));
    expect([indices?.dims, indices?.data]).toEqual([[1, 3], Int32Array.of(2, 1, 0)]);
  });

  it('adds up an item that a history names twice', async () => {
    const twice = [{ history: [1, 2].map((weight) => ({ item: 0, weight })), excluded: [] }];
    expect((await session.run(feeds(3, twice, 1))).scores?.data).toEqual(Float32Array.of(9));
  });

  it('scores an empty history with 0 everywhere', async () => {
    const { indices, scores } = await session.run(feeds(3, [{ history: [], excluded: [0] }], 2));
    expect([indices?.data, scores?.data]).toEqual([Int32Array.of(1, 2), Float32Array.of(0, 0)]);
  });

  it('leaves contributions empty unless asked to explain', async () => {
    const { contributions } = await session.run(feeds(3, [{ history: [{ item: 0, weight: 1 }], excluded: [] }], 2));
    expect(contributions?.dims).toEqual([0, 0, 0]);
  });

  it('writes the same bytes for the same weights', () => {
    const [first, second] = [0, 1].map(() => Buffer.from(recommenderGraph({ ...small, items: 3 })));
    expect(first?.equals(second as Buffer)).toBe(true);
  });

  it('fails when the weights do not fill items × items', () => {
    expect(() => recommenderGraph({ ...small, items: 4 })).toThrow('do not fill the shape [4, 4]');
    expect(() => recommenderGraph({ ...small, items: 50_000 })).toThrow('got 50000, allowed 1 to 46339');
  });
});
