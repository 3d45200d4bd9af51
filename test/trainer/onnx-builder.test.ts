import { GraphBuilder } from '../../trainer/src/onnx/builder';
import { InferenceSession, Tensor } from '../../trainer/src/onnx/runtime';

function productGraph(): Uint8Array {
  const graph = new GraphBuilder('product');
  const a = graph.input('a', 'float32', ['rows', 'inner']);
  const b = graph.constant('b', Float32Array.of(1, 2, 3, 4, 5, 6), [3, 2]);
  graph.output(graph.node('MatMul', [a, b], { as: 'c' }), 'float32', ['rows', 2]);
  return graph.toModel();
}

describe('GraphBuilder', () => {
  it('writes a model that onnxruntime multiplies with, at any number of rows', async () => {
    const session = await InferenceSession.create(productGraph());
    const { c } = await session.run({ a: new Tensor('float32', Float32Array.of(1, 0, 0, 1, 1, 1), [2, 3]) });
    expect([c?.dims, c?.data]).toEqual([[2, 2], Float32Array.of(1, 2, 9, 12)]);
    const one = await session.run({ a: new Tensor('float32', Float32Array.of(0, 0, 1), [1, 3]) });
    expect(one.c?.data).toEqual(Float32Array.of(5, 6));
  });

  it('writes the same bytes for the same calls', () => {
    expect(Buffer.from(productGraph()).equals(Buffer.from(productGraph()))).toBe(true);
  });

  it('keeps ints, lists, floats, strings and subgraphs as attributes', async () => {
    const graph = new GraphBuilder('attributes');
    const condition = graph.input('condition', 'bool', []);
    const x = graph.input('x', 'float32', [2, 3]);
    const leaky = graph.node('LeakyRelu', [x], { attributes: { alpha: { float: 0.5 } } });
    const turned = graph.node('Transpose', [leaky], { attributes: { perm: [1, 0] } });
    const soft = graph.node('Flatten', [turned], { attributes: { axis: 0 } });
    const whenTrue = new GraphBuilder('when-true');
    whenTrue.output(whenTrue.node('Identity', [soft], { as: 'same' }), 'float32', [1, 6]);
    const whenFalse = new GraphBuilder('when-false');
    whenFalse.output(whenFalse.node('Neg', [soft], { as: 'negated' }), 'float32', [1, 6]);
    const chosen = graph.node('If', [condition], { attributes: { then_branch: whenTrue, else_branch: whenFalse } });
    const down = graph.node('Cast', [chosen], { attributes: { to: 6 }, as: 'y' });
    graph.output(down, 'int32', [1, 6]);

    const session = await InferenceSession.create(graph.toModel());
    const input = new Tensor('float32', Float32Array.of(2, -4, 6, -8, 10, -12), [2, 3]);
    const run = async (value: boolean) =>
      (await session.run({ x: input, condition: new Tensor('bool', [value], []) })).y?.data;
    expect(await run(true)).toEqual(Int32Array.of(2, -4, -2, 10, 6, -6));
    expect(await run(false)).toEqual(Int32Array.of(-2, 4, 2, -10, -6, 6));
  });

  it('fails when a constant does not fill its shape', () => {
    expect(() => new GraphBuilder('g').constant('b', new Float32Array(5), [2, 3])).toThrow(
      'constant b: 5 values do not fill the shape [2, 3]',
    );
  });

  it('fails when a name is used twice', () => {
    const graph = new GraphBuilder('g');
    graph.input('x', 'float32', [1]);
    expect(() => graph.node('Neg', ['x'], { as: 'x' })).toThrow('graph g: the name x is taken');
  });
});
