import { historyWeights, ItemCatalogue, type ModelVersion } from '@cdktf-recommender/model-registry';
import { readDataset } from './data/dataset';
import { type History, historyOf } from './data/purchases';
import { answerAll, type Evaluation, summarize } from './evaluation/evaluate';
import { splitAt, type TemporalSplit } from './evaluation/split';
import { InferenceSession, Tensor } from './onnx/runtime';
import { startOfDay } from './protocol';

export interface EvaluateVersionOptions {
  /** Transactions, CSV, plain or gzipped. */
  readonly data: string;
  /** First day of the test period, YYYY-MM-DD. */
  readonly cut: string;
  readonly version: Pick<ModelVersion, 'manifest' | 'files'>;
}

/** Customers per run of the model. */
const BATCH = 32;

/**
 * Asks a published model, as the server runs it, about the customers and targets that a training with the same file and
 * cut is evaluated on; so the figures of both compare. Items that the model doesn't know come last.
 *
 * The model may have been fitted on purchases after the cut. That flatters it, never the one it is compared with.
 *
 * @throws TrainerError when the cut leaves nobody to ask about
 */
export async function evaluateVersion({ data, cut, version }: EvaluateVersionOptions): Promise<Evaluation> {
  const { interactions } = await readDataset(data);
  const split = splitAt(interactions, startOfDay(cut));
  const scores = await scoresOf(version, split);
  return summarize(
    answerAll((position) => scores[position] as Float64Array, split),
    split,
  );
}

/** Scores of all items of the split for each of its test customers. */
async function scoresOf({ manifest, files }: EvaluateVersionOptions['version'], { train, customers }: TemporalSplit) {
  const catalogue = ItemCatalogue.parse(JSON.parse(files['items.json'].toString('utf8')));
  const indices = new Map(catalogue.map(({ id }, index) => [id, index]));
  const indexOf = train.items.map((id) => indices.get(id));
  const ask = (row: number) => known(historyOf(train, row), indexOf, manifest.weighting);
  const session = await InferenceSession.create(files['model.onnx'], {
    intraOpNumThreads: 1,
    enableCpuMemArena: false,
  });
  try {
    const scores: Float64Array[] = [];
    for (let start = 0; start < customers.length; start += BATCH) {
      const batch = customers.slice(start, start + BATCH).map(({ row }) => ask(row));
      const answers = await runAll(session, batch, catalogue.length);
      for (const ofModel of answers) {
        scores.push(
          Float64Array.from(indexOf, (index) =>
            index === undefined ? Number.NEGATIVE_INFINITY : (ofModel[index] as number),
          ),
        );
      }
    }
    return scores;
  } finally {
    await session.release();
  }
}

interface Input {
  readonly items: number[];
  readonly weights: number[];
}

/** A history in the model's indices. Ages count from the customer's newest purchase, whether the model knows it or not. */
function known({ items, times }: History, indexOf: readonly (number | undefined)[], weighting: Weighting): Input {
  const all = historyWeights(times, weighting);
  const input: Input = { items: [], weights: [] };
  items.forEach((item, position) => {
    const index = indexOf[item];
    if (index === undefined) return;
    input.items.push(index);
    input.weights.push(all[position] as number);
  });
  return input;
}

type Weighting = ModelVersion['manifest']['weighting'];

/** Scores of all the model's items, one row a history. */
async function runAll(session: InferenceSession, batch: readonly Input[], size: number): Promise<Float32Array[]> {
  const width = Math.max(1, ...batch.map(({ items }) => items.length));
  const items = new Int32Array(batch.length * width);
  const weights = new Float32Array(batch.length * width);
  batch.forEach((input, row) => {
    items.set(input.items, row * width);
    weights.set(input.weights, row * width);
  });
  const outputs = await session.run({
    items: new Tensor('int32', items, [batch.length, width]),
    weights: new Tensor('float32', weights, [batch.length, width]),
    mask: new Tensor('bool', new Uint8Array(batch.length * size), [batch.length, size]),
    k: new Tensor('int32', Int32Array.of(size), [1]),
    explain: new Tensor('bool', Uint8Array.of(0), [1]),
  });
  const order = outputs.indices?.data as Int32Array;
  const ranked = outputs.scores?.data as Float32Array;
  return batch.map((_, row) => {
    const scores = new Float32Array(size);
    for (let rank = row * size; rank < (row + 1) * size; rank++) scores[order[rank] as number] = ranked[rank] as number;
    return scores;
  });
}
