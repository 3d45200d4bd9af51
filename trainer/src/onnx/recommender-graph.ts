import { recommenderSignature } from '@cdktf-recommender/model-registry';
import type { RoundedWeights } from '../rounded-model';
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
 * the processor's nearest caches when they are summed. Measured in one run (4,000 items, k 20; one core of an AMD EPYC
 * with AVX-512; onnxruntime-node 1.30, Node 20.20), median µs per history at batch 1 / 8 / 32, histories of 23 items
 * on average and of 54 (up to 800):
 *
 * - this graph: 58 / 34 / 31 and 69 / 63 / 63
 * - with weights of 32 bits: 82 / 45 / 42 and 96 / 84 / 86
 * - with weights of 16 bits: 72 / 41 / 37 and 80 / 77 / 80
 *
 * Earlier, all with weights of 32 bits:
 *
 * - as above: 76 / 48 / 42 and 88 / 86 / 89
 * - the same with padding: 76 / 51 / 48 and 89 / 144 / 151
 * - the distinct rows of a whole batch gathered once, then one product: 110 / 77 / 116 and 107 / 146 / 234
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
    attributes: { then_branch: explained(scaled, itemCount), else_branch: unexplained() },
    as: 'contributions',
  });
  for (const { name, type, shape } of signature.outputs) graph.output(name, type, shape);
  return graph.toModel();
}

const VALUES = 'item_weights';
const SCALES = 'item_scales';

// TensorProto.DataType values, as the `to` of Cast.
const FLOAT32 = 1;
const INT32 = 6;
const INT64 = 7;
const BOOL = 9;

/** Scores of all items, [batch, items]. */
function scoreAll(graph: GraphBuilder, weights: string): string {
  graph.nodeWithOutputs('Scan', ['items', weights], ['all_scores'], {
    attributes: { body: scoreOne(), num_scan_inputs: 2 },
  });
  return 'all_scores';
}

/** Body of the scan: scores of all items for one history, [items]. */
function scoreOne(): GraphBuilder {
  const graph = new GraphBuilder('score_one');
  graph.input('padded_items', 'int32', ['history']);
  graph.input('padded_weights', 'float32', ['history']);
  const counts = graph.node('Cast', ['padded_weights'], { attributes: { to: BOOL }, as: 'counts' });
  const compress = (values: string, as: string) =>
    graph.node('Compress', [values, counts], { attributes: { axis: 0 }, as });
  const rounded = graph.node('Gather', [VALUES, compress('padded_items', 'history_items')], { as: 'rounded_rows' });
  const rows = graph.node('Cast', [rounded], { attributes: { to: FLOAT32 }, as: 'history_rows' });
  graph.node('MatMul', [compress('padded_weights', 'history_weights'), rows], { as: 'history_scores' });
  graph.output('history_scores', 'float32', ['items']);
  return graph;
}

/** Branch: B[item of the history, item of the answer] × weight of the history, [batch, history, k]. */
function explained(scaledWeights: string, itemCount: number): GraphBuilder {
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
  const each = graph.node('Mul', [cells, graph.node('Unsqueeze', [scaledWeights, axis2], { as: 'each_weight' })], {
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
