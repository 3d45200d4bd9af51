import { historyWeights } from '@cdktf-recommender/model-registry';
import type { LinearModel } from './algorithms/linear-model';
import { type History, historyOf, type Purchases } from './data/purchases';
import { K } from './evaluation/evaluate';
import { InferenceSession, Tensor } from './onnx/runtime';
import { topK } from './top-k';

/** Customers per run of the model, as the server batches them. */
const BATCH = 32;

/** Allowed difference of a score, relative to the larger of 1 and the score: float32 sums in another order. */
const TOLERANCE = 1e-5;

export interface Verification {
  customers: number;
  /** Largest difference between a score of the exported model and the trainer's own. */
  largestDifference: number;
}

/**
 * Runs an exported model as the server does and compares its answers with the trainer's own scores: the same scores in
 * the same places, items whose own score that is, none that was bought before, contributions that add up to the score.
 *
 * @param every ask for every so many customers; 1 asks for all
 * @throws Error when an answer differs, naming the customer
 */
export async function verifyExport(
  onnx: Uint8Array,
  model: LinearModel,
  purchases: Purchases,
  every = 1,
): Promise<Verification> {
  const session = await InferenceSession.create(onnx, { intraOpNumThreads: 1, enableCpuMemArena: false });
  try {
    const rows = purchases.customers.map((_, row) => row).filter((row) => row % every === 0);
    let largestDifference = 0;
    for (let start = 0; start < rows.length; start += BATCH) {
      const batch = rows.slice(start, start + BATCH);
      const histories = batch.map((row) => historyOf(purchases, row));
      const answers = await run(session, model, histories);
      for (const [position, row] of batch.entries()) {
        const difference = compare(answers, position, model, histories[position] as History);
        if (!(difference <= TOLERANCE)) {
          throw new Error(
            `the exported model's answer for customer ${purchases.customers[row]} differs from the trainer's by ${difference}`,
          );
        }
        largestDifference = Math.max(largestDifference, difference);
      }
    }
    return { customers: rows.length, largestDifference };
  } finally {
    await session.release();
  }
}

interface Answers {
  indices: Int32Array;
  scores: Float32Array;
  contributions: Float32Array;
  /** Length of the longest history. */
  width: number;
  k: number;
}

async function run(session: InferenceSession, model: LinearModel, histories: History[]): Promise<Answers> {
  const batch = histories.length;
  // A model of fewer items answers with all of them.
  const k = Math.min(K, model.size);
  const width = Math.max(...histories.map(({ items }) => items.length));
  const items = new Int32Array(batch * width);
  const weights = new Float32Array(batch * width);
  const mask = new Uint8Array(batch * model.size);
  histories.forEach((history, position) => {
    items.set(history.items, position * width);
    weights.set(historyWeights(history.times, model.weighting), position * width);
    for (const item of history.items) mask[position * model.size + item] = 1;
  });
  const outputs = await session.run({
    items: new Tensor('int32', items, [batch, width]),
    weights: new Tensor('float32', weights, [batch, width]),
    mask: new Tensor('bool', mask, [batch, model.size]),
    k: new Tensor('int32', Int32Array.of(k), [1]),
    explain: new Tensor('bool', Uint8Array.of(1), [1]),
  });
  return {
    indices: outputs.indices?.data as Int32Array,
    scores: outputs.scores?.data as Float32Array,
    contributions: outputs.contributions?.data as Float32Array,
    width,
    k,
  };
}

/** @returns the largest difference of one answer, Infinity when its items can't be compared */
function compare(
  { indices, scores, contributions, width, k }: Answers,
  position: number,
  model: LinearModel,
  history: History,
): number {
  const own = model.score(history);
  const best = topK(own, k, history.items);
  const seen = new Set(history.items);
  let largest = 0;
  for (let rank = 0; rank < k; rank++) {
    const index = indices[position * k + rank] as number;
    if (rank >= best.length) {
      if (index !== -1) return Number.POSITIVE_INFINITY;
      continue;
    }
    if (index < 0 || seen.has(index)) return Number.POSITIVE_INFINITY;
    let sum = 0;
    for (let entry = 0; entry < width; entry++) sum += contributions[(position * width + entry) * k + rank] as number;
    const score = scores[position * k + rank] as number;
    const expected = [own[index] as number, own[best[rank] as number] as number, sum];
    for (const value of expected) largest = Math.max(largest, Math.abs(score - value) / Math.max(1, Math.abs(value)));
  }
  return largest;
}
