import { describeFiles, recommenderSignature } from '@cdktf-recommender/model-registry';
import { GraphBuilder } from '../../../trainer/src/onnx/builder';
import { smallVersion } from '../fixtures';

const ITEMS = 6;
// TensorProto.DataType values, as the `to` of Cast.
const FLOAT = 1;
const INT32 = 6;
const INT64 = 7;

/**
 * A version that turns a loop in each run, about half a microsecond a turn, and answers the items that are not masked in
 * any order.
 *
 * @param turns by the `k` of the run: at most this many, none for a smaller `k` than `fromLimit`
 */
export function slowVersion({ turns, fromLimit = 0 }: { turns: number; fromLimit?: number }) {
  const { manifest, files } = smallVersion({ items: ITEMS });
  const slow = { ...files, 'model.onnx': Buffer.from(slowGraph(turns, fromLimit)) };
  return { manifest: { ...manifest, files: describeFiles(slow) }, files: slow };
}

function slowGraph(turns: number, fromLimit: number): Uint8Array {
  const graph = new GraphBuilder('slow');
  const { inputs, outputs } = recommenderSignature(ITEMS);
  for (const { name, type, shape } of inputs) graph.input(name, type, shape);
  const scalar = graph.constant('scalar', new BigInt64Array(0), [0]);
  const below = graph.node('Less', ['k', graph.constant('from_limit', Int32Array.of(fromLimit), [1])]);
  const none = graph.constant('none', BigInt64Array.of(0n), [1]);
  const many = graph.node('Where', [below, none, graph.constant('turns', BigInt64Array.of(BigInt(turns)), [1])]);
  const trips = graph.node('Reshape', [many, scalar]);
  const start = graph.constant('start', Float32Array.of(0), []);
  graph.nodeWithOutputs('Loop', [trips, '', start], ['looped'], { attributes: { body: turn() } });

  const masked = graph.node('Cast', ['mask'], { attributes: { to: FLOAT } });
  const idle = graph.node('Mul', ['looped', start]);
  const scores = graph.node('Sub', [idle, masked]);
  const count = graph.node('Min', ['k', graph.constant('item_count', Int32Array.of(ITEMS), [1])]);
  graph.nodeWithOutputs(
    'TopK',
    [scores, graph.node('Cast', [count], { attributes: { to: INT64 } })],
    ['scores', 'best'],
  );
  graph.node('Cast', ['best'], { attributes: { to: INT32 }, as: 'indices' });
  // Worked out, so that the runtime doesn't know the shape before the run.
  const zero = graph.node('Mul', [graph.node('Cast', ['k'], { attributes: { to: INT64 } }), none]);
  const nothing = graph.node('Concat', [zero, zero, zero], { attributes: { axis: 0 } });
  graph.node('ConstantOfShape', [nothing], { as: 'contributions' });
  for (const { name, type, shape } of outputs) graph.output(name, type, shape);
  return graph.toModel();
}

function turn(): GraphBuilder {
  const body = new GraphBuilder('turn');
  body.input('turn_number', 'int64', []);
  body.input('goes_on', 'bool', []);
  body.input('sum', 'float32', []);
  body.node('Identity', ['goes_on'], { as: 'goes_on_still' });
  body.node('Add', ['sum', body.constant('one', Float32Array.of(1), [])], { as: 'next_sum' });
  body.output('goes_on_still', 'bool', []);
  body.output('next_sum', 'float32', []);
  return body;
}
