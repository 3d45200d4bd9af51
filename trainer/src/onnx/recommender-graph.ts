import { recommenderSignature } from '@cdktf-recommender/model-registry';
import { HIGHEST_PART, HISTORY_STEPS, type RoundedWeights } from '../rounded-model';
import { GraphBuilder } from './builder';

/** A tensor inside an .onnx file ends at 2 GiB. */
const MAX_ITEMS = Math.floor(Math.sqrt(2 ** 31)) - 1;

export interface RecommenderWeights extends RoundedWeights {
  /** Number of items, 1 to 46,339. */
  readonly items: number;
}

/**
 * The model that scores a history: scores = weights of the history · B, masked, the best k. Inputs and outputs are
 * those of {@link recommenderSignature}; one row's answer doesn't depend on the other rows of its batch.
 *
 * Each history is scored on its own (`Scan`), its padding (weight 0) left out: the rows of B that it needs are then in
 * the processor's nearest caches when they are summed. They are summed as whole numbers: a history's weights are rounded
 * to 8,192ths of the largest and split into two parts of 7 bits ({@link scoreAll}), and one product takes both. 7 and not
 * 8, because processors with AVX2 alone add two products of bytes in 16 bits. Measured by turns in one run (4,000 items,
 * k 20; one core of an AMD EPYC with AVX-512; onnxruntime 1.30), the fastest µs per history at batch 1 / 8 / 32,
 * histories of 22 items on average and of 61 (up to 579):
 *
 * - this graph: 48 / 27 / 26 and 81 / 49 / 48
 * - weights of three parts, 2⁻²¹ of the largest: 50 / 29 / 28 and 84 / 54 / 52; NDCG@20 of Online Retail 0.138230 instead
 *   of 0.138228
 * - of one part, 2⁻⁷: 42 / 26 / 23 and 57 / 42 / 38, but 5 % of the places have another item
 *
 * Earlier in such a run: 52 / 31 / 30 and 81 / 58 / 54 with three parts; the rows as floats, and their product with the
 * weights, 52 / 34 / 33 and 106 / 86 / 80; the best k of the best of 250 groups of 16 was as fast as the best k of all.
 *
 * Earlier, as floats, median µs of histories of 23 items on average and of 54 (up to 800):
 *
 * - weights of 8 bits: 58 / 34 / 31 and 69 / 63 / 63
 * - of 16 bits: 72 / 41 / 37 and 80 / 77 / 80
 * - of 32 bits: 82 / 45 / 42 and 96 / 84 / 86
 * - of 32 bits, with padding: 76 / 51 / 48 and 89 / 144 / 151
 * - of 32 bits, the distinct rows of a whole batch gathered once, then one product: 110 / 77 / 116 and 107 / 146 / 234
 *
 * Before that, on the same machine, dense histories times the whole of B took 300 µs per history at batch 32, and a mask
 * as excluded indices gained nothing: it is dense, which takes filters of any size.
 *
 * @returns the bytes of an .onnx file; the same weights give the same bytes
 * @throws RangeError when the weights don't fill items × items, or items is out of range
 */
export function recommenderGraph({ values, scales, items: itemCount }: RecommenderWeights): Uint8Array {
  if (!Number.isInteger(itemCount) || itemCount < 1 || itemCount > MAX_ITEMS) {
    throw new RangeError(`items: got ${itemCount}, allowed 1 to ${MAX_ITEMS}`);
  }
  const graph = new GraphBuilder('recommender');
  const signature = recommenderSignature(itemCount);
  for (const { name, type, shape } of signature.inputs) graph.input(name, type, shape);

  graph.constant(VALUES, values, [itemCount, itemCount]);
  graph.constant(SCALES, scales, [itemCount]);
  // A row's scale counts once, at the history's weight, not at each of its values.
  const scaled = graph.node('Mul', ['weights', graph.node('Gather', [SCALES, 'items'])], { as: 'scaled_weights' });
  const scores = scoreAll(graph, scaled);
  const negativeInfinity = graph.constant('negative_infinity', Float32Array.of(Number.NEGATIVE_INFINITY), []);
  const allowed = graph.node('Where', ['mask', negativeInfinity, scores]);

  const k = graph.node('Min', ['k', graph.constant('item_count', Int32Array.of(itemCount), [1])]);
  graph.nodeWithOutputs('TopK', [allowed, graph.node('Cast', [k], { attributes: { to: INT64 } })], ['scores', 'best'], {
    attributes: { axis: 1 },
  });
  const missing = graph.node('IsInf', ['scores'], { as: 'missing' });
  const best = graph.node('Cast', ['best'], { attributes: { to: INT32 } });
  graph.node('Where', [missing, graph.constant('no_item', Int32Array.of(-1), []), best], { as: 'indices' });

  graph.node('If', ['explain'], {
    attributes: { then_branch: explained(itemCount), else_branch: unexplained() },
    as: 'contributions',
  });
  for (const { name, type, shape } of signature.outputs) graph.output(name, type, shape);
  return graph.toModel();
}

/** Less than a part of any weight that counts, and far enough above 0 to divide by. */
const LEAST_DIVISOR = 1e-30;
/** Low parts of a high one. */
const LOW_PARTS = HISTORY_STEPS / HIGHEST_PART;

const VALUES = 'item_weights';
const SCALES = 'item_scales';
const STEPS = 'weight_steps';
const STEP = 'weight_step';

// TensorProto.DataType values, as the `to` of Cast.
const FLOAT32 = 1;
const UINT8 = 2;
const INT32 = 6;
const INT64 = 7;
const BOOL = 9;

/** Scores of all items, [batch, items]. */
function scoreAll(graph: GraphBuilder, weights: string): string {
  const number = (name: string, value: number) => graph.constant(name, Float32Array.of(value), [1]);
  const axis1 = graph.constant('part_axis', BigInt64Array.of(1n), [1]);
  const absolute = graph.node('Abs', [weights]);
  const largest = graph.node('ReduceMax', [absolute, axis1], { attributes: { keepdims: 1 }, as: 'largest_weight' });
  // 0 for an empty history, whose scores are 0 by it: a product with nothing between leaves what was in its memory.
  const unit = graph.node('Mul', [largest, number('largest_share', 1 / HIGHEST_PART)], { as: 'unit' });
  const ratio = graph.node('Div', [weights, graph.node('Max', [unit, number('least_divisor', LEAST_DIVISOR)])]);
  const lowParts = number('low_parts', LOW_PARTS);
  const steps = graph.node('Round', [graph.node('Mul', [ratio, lowParts])], { as: STEPS });
  const high = graph.node('Round', [ratio]);
  const low = graph.node('Sub', [steps, graph.node('Mul', [high, lowParts])]);
  const parts = [high, low].map((part) => graph.node('Unsqueeze', [part, axis1]));
  const signed = graph.node('Concat', parts, { attributes: { axis: 1 } });
  const shifted = graph.node('Add', [signed, number('shift', HIGHEST_PART)]);
  const bytes = graph.node('Cast', [shifted], { attributes: { to: UINT8 }, as: 'weight_parts' });
  const counts = graph.node('Cast', [weights], { attributes: { to: BOOL }, as: 'counts' });
  graph.node('Mul', [unit, number('low_share', 1 / LOW_PARTS)], { as: STEP });
  const units = graph.node('Concat', [unit, STEP], { attributes: { axis: 1 }, as: 'units' });
  graph.nodeWithOutputs('Scan', ['items', counts, bytes, units], ['all_scores'], {
    attributes: { body: scoreOne(), num_scan_inputs: 4 },
  });
  return 'all_scores';
}

/** Body of the scan: scores of all items for one history, [items]. */
function scoreOne(): GraphBuilder {
  const graph = new GraphBuilder('score_one');
  graph.input('padded_items', 'int32', ['history']);
  graph.input('history_counts', 'bool', ['history']);
  graph.input('padded_parts', 'uint8', [2, 'history']);
  graph.input('part_units', 'float32', [2]);
  const compress = (values: string, axis: number, as: string) =>
    graph.node('Compress', [values, 'history_counts'], { attributes: { axis }, as });
  const rows = graph.node('Gather', [VALUES, compress('padded_items', 0, 'history_items')], { as: 'history_rows' });
  const parts = compress('padded_parts', 1, 'history_parts');
  const zero = graph.constant('part_zero', Uint8Array.of(HIGHEST_PART), []);
  const whole = graph.node('MatMulInteger', [parts, rows, zero], { as: 'whole_scores' });
  const sums = graph.node('Cast', [whole], { attributes: { to: FLOAT32 }, as: 'part_scores' });
  graph.node('MatMul', ['part_units', sums], { as: 'history_scores' });
  graph.output('history_scores', 'float32', ['items']);
  return graph;
}

/** Branch: B[item of the history, item of the answer] × weight of the history, [batch, history, k]. */
function explained(itemCount: number): GraphBuilder {
  const graph = new GraphBuilder('explained');
  const axis1 = graph.constant('axis1', BigInt64Array.of(1n), [1]);
  const axis2 = graph.constant('axis2', BigInt64Array.of(2n), [1]);
  const flat = graph.node('Reshape', [VALUES, graph.constant('flat', BigInt64Array.of(-1n), [1])], {
    as: 'flat_weights',
  });
  const wide = graph.node('Cast', ['items'], { attributes: { to: INT64 }, as: 'wide_items' });
  const stride = graph.constant('stride', BigInt64Array.of(BigInt(itemCount)), [1]);
  const rows = graph.node('Mul', [wide, stride], { as: 'rows' });
  const rowsByAnswer = graph.node('Unsqueeze', [rows, axis2], { as: 'rows_by_answer' });
  const answers = graph.node('Unsqueeze', ['best', axis1], { as: 'answers' });
  const rounded = graph.node('Gather', [flat, graph.node('Add', [rowsByAnswer, answers], { as: 'cells' })], {
    as: 'rounded_cells',
  });
  const cells = graph.node('Cast', [rounded], { attributes: { to: FLOAT32 }, as: 'cell_weights' });
  const weights = graph.node('Mul', [STEPS, STEP], { as: 'rounded_weights' });
  const each = graph.node('Mul', [cells, graph.node('Unsqueeze', [weights, axis2], { as: 'each_weight' })], {
    as: 'each',
  });
  const zero = graph.constant('zero', Float32Array.of(0), []);
  const missing = graph.node('Unsqueeze', ['missing', axis1], { as: 'missing_answers' });
  graph.node('Where', [missing, zero, each], { as: 'explained_contributions' });
  graph.output('explained_contributions', 'float32', ['batch', 'history', 'k']);
  return graph;
}

/** Branch: nothing, [0, 0, 0]. */
function unexplained(): GraphBuilder {
  const graph = new GraphBuilder('unexplained');
  const shape = graph.constant('nothing', BigInt64Array.of(0n, 0n, 0n), [3]);
  graph.node('ConstantOfShape', [shape], { as: 'no_contributions' });
  graph.output('no_contributions', 'float32', [0, 0, 0]);
  return graph;
}
