import { ATTRIBUTE_TYPE, ELEMENT_TYPE, type ElementType, ModelProto } from './schema';

/** ONNX 1.14: the first operator set with everything we use that every onnxruntime since 1.15 runs. */
const OPSET = 19;
const IR_VERSION = 9;

/** A number is a fixed size, a string names a dynamic one, e.g. `['batch', 3659]`. */
export type Shape = readonly (number | string)[];

/** The JavaScript array that holds each element type; `bool` is one byte per element, 0 or 1. */
export type TensorData = Float32Array | Int32Array | BigInt64Array | Uint8Array | Int8Array;

/** An integer number is an ONNX int, `{ float }` a float; a graph is a subgraph, such as a branch of `If`. */
export type Attribute = number | string | readonly number[] | { float: number } | GraphBuilder;

/**
 * Builds an ONNX graph node by node. Every method that makes a value returns the value's name, to be used as the
 * input of later nodes. The same calls give the same bytes.
 *
 * @example
 * const graph = new GraphBuilder('product');
 * const a = graph.input('a', 'float32', ['rows', 'inner']);
 * const b = graph.input('b', 'float32', ['inner', 'columns']);
 * graph.output(graph.node('MatMul', [a, b], { as: 'c' }), 'float32', ['rows', 'columns']);
 * const session = await InferenceSession.create(graph.toModel());
 */
export class GraphBuilder {
  private readonly nodes: object[] = [];
  private readonly initializers: object[] = [];
  private readonly inputs: object[] = [];
  private readonly outputs: object[] = [];
  private readonly names = new Set<string>();

  constructor(readonly name: string) {}

  /** Declares an input of the graph. */
  input(name: string, type: ElementType, shape: Shape): string {
    this.inputs.push(valueInfo(name, type, shape));
    return this.claim(name);
  }

  /** Declares a value made by {@link node} as an output of the graph. Outputs keep the order of these calls. */
  output(name: string, type: ElementType, shape: Shape): string {
    this.outputs.push(valueInfo(name, type, shape));
    return name;
  }

  /**
   * Stores a tensor in the model, row-major.
   *
   * @param type default: the array's own type (`uint8` for a Uint8Array; say `bool` to change that)
   * @throws RangeError when the data's length is not the product of the shape
   */
  constant(name: string, data: TensorData, shape: readonly number[], type: ElementType = elementType(data)): string {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    if (size !== data.length) {
      throw new RangeError(`constant ${name}: ${data.length} values do not fill the shape [${shape.join(', ')}]`);
    }
    // raw_data is little-endian, as is every platform that onnxruntime-node is built for.
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.initializers.push({ name, dims: [...shape], data_type: ELEMENT_TYPE[type], raw_data: bytes });
    return this.claim(name);
  }

  /**
   * Adds an operator with one output.
   *
   * @param options.as the output's name; default: the operator's name and a running number
   */
  node(operator: string, inputs: readonly string[], options: NodeOptions & { as?: string } = {}): string {
    const as = options.as ?? `${operator}_${this.nodes.length}`;
    this.nodeWithOutputs(operator, inputs, [as], options);
    return as;
  }

  /** Adds an operator with several outputs, named by the caller; an empty name leaves an optional output out. */
  nodeWithOutputs(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    options: NodeOptions = {},
  ): void {
    for (const output of outputs) if (output !== '') this.claim(output);
    this.nodes.push({
      op_type: operator,
      name: `${operator}_${this.nodes.length}`,
      input: [...inputs],
      output: [...outputs],
      attribute: Object.entries(options.attributes ?? {}).map(([name, value]) => attribute(name, value)),
    });
  }

  /**
   * The model as bytes of an `.onnx` file.
   *
   * Larger models than 2 GiB would need external data, which this builder doesn't write.
   */
  toModel(): Uint8Array {
    return ModelProto.encode(
      ModelProto.fromObject({
        ir_version: IR_VERSION,
        producer_name: 'cdktf-recommender',
        graph: this.toProto(),
        opset_import: [{ domain: '', version: OPSET }],
      }),
    ).finish();
  }

  /** The graph as a `GraphProto`, to nest it in another one. */
  toProto(): object {
    return {
      name: this.name,
      node: this.nodes,
      initializer: this.initializers,
      input: this.inputs,
      output: this.outputs,
    };
  }

  private claim(name: string): string {
    if (this.names.has(name)) throw new RangeError(`graph ${this.name}: the name ${name} is taken`);
    this.names.add(name);
    return name;
  }
}

export interface NodeOptions {
  attributes?: Record<string, Attribute>;
}

function elementType(data: TensorData): ElementType {
  if (data instanceof Float32Array) return 'float32';
  if (data instanceof Int32Array) return 'int32';
  if (data instanceof BigInt64Array) return 'int64';
  if (data instanceof Int8Array) return 'int8';
  return 'uint8';
}

function valueInfo(name: string, type: ElementType, shape: Shape): object {
  const dim = shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
  return { name, type: { tensor_type: { elem_type: ELEMENT_TYPE[type], shape: { dim } } } };
}

function attribute(name: string, value: Attribute): object {
  if (value instanceof GraphBuilder) return { name, type: ATTRIBUTE_TYPE.graph, g: value.toProto() };
  if (typeof value === 'number') return { name, type: ATTRIBUTE_TYPE.int, i: value };
  if (typeof value === 'string') return { name, type: ATTRIBUTE_TYPE.string, s: Buffer.from(value) };
  if ('float' in value) return { name, type: ATTRIBUTE_TYPE.float, f: value.float };
  return { name, type: ATTRIBUTE_TYPE.ints, ints: [...value] };
}
