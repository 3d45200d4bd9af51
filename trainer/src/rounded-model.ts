import { LinearModel } from './algorithms/linear-model';
import type { History } from './data/purchases';

/** Weights in 8 bits: `values[i * items + j] * scales[i]` is what item i in a history adds to item j's score. */
export interface RoundedWeights {
  /** Row-major items × items, −127 to 127. */
  readonly values: Int8Array;
  /** One for each row. */
  readonly scales: Float32Array;
}

const LARGEST = 127;

/**
 * Rounds each row to multiples of a 127th of its largest weight.
 *
 * @param weights row-major items × items
 */
export function roundWeights(weights: Float32Array, items: number): RoundedWeights {
  const values = new Int8Array(weights.length);
  const scales = new Float32Array(items);
  for (let start = 0, row = 0; row < items; row++, start += items) {
    let largest = 0;
    for (let j = start; j < start + items; j++) largest = Math.max(largest, Math.abs(weights[j] as number));
    if (largest === 0) continue;
    scales[row] = largest / LARGEST;
    for (let j = start; j < start + items; j++) values[j] = Math.round(((weights[j] as number) / largest) * LARGEST);
  }
  return { values, scales };
}

/**
 * What the weights of a history are rounded to before they are summed: this part of the largest one, each times the
 * scale of its item's row. That is 64 times as fine as a row's own values.
 */
export const HISTORY_STEPS = 8192;

/** The graph splits these steps into whole numbers of 7 bits: the high part is a 64th of the largest weight. */
export const HIGHEST_PART = 64;

/**
 * A linear model with the weights that it is published with, so that what is evaluated is what is served. A quarter of
 * the memory makes a model quicker to copy, load and score. On Online Retail (1,753 test customers) 99 % of the
 * answers' items stay, and NDCG@20 is 0.1382 before and after.
 */
export class RoundedModel extends LinearModel {
  readonly rounded: RoundedWeights;

  constructor({ size, weights, weighting }: LinearModel) {
    const { values, scales } = roundWeights(weights, size);
    super(
      size,
      Float32Array.from(values, (value, cell) => value * (scales[Math.floor(cell / size)] as number)),
      weighting,
    );
    this.rounded = { values, scales };
  }

  /** Rounded as the published graph does it, in its float32. */
  protected override inputs(history: History): Float64Array {
    const { scales } = this.rounded;
    const weights = super.inputs(history);
    const scaleOf = (position: number) => scales[history.items[position] as number] as number;
    const scaled = Float32Array.from(weights, (weight, position) => weight * scaleOf(position));
    const largest = scaled.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0);
    return Float64Array.from(scaled, (weight, position) => {
      return weight === 0 ? 0 : (roundToStep(weight, largest) * largest) / HISTORY_STEPS / scaleOf(position);
    });
  }
}

/** Steps of a weight, halves to the even one, as ONNX's `Round` does it. */
function roundToStep(weight: number, largest: number): number {
  const steps = Math.fround(weight / (largest / HIGHEST_PART)) * (HISTORY_STEPS / HIGHEST_PART);
  const below = Math.floor(steps);
  const rest = steps - below;
  return rest > 0.5 || (rest === 0.5 && below % 2 !== 0) ? below + 1 : below;
}
