import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { TENSOR_TYPES, type TensorMetadata } from '../../model-server/src/inference/backend';
import { DATATYPES } from '../../model-server/src/inference/datatypes';
import { ModelProto } from '../../trainer/src/onnx/schema';

/** Numbers of ONNX's `TensorProto.DataType`. */
const ONNX_TYPES = {
  bool: 9,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  uint32: 12,
  int32: 6,
  uint64: 13,
  int64: 7,
  float16: 10,
  float32: 1,
  float64: 11,
  string: 8,
} as const satisfies Record<TensorMetadata['type'], number>;

interface Graph {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  readonly nodes: readonly { op: string; input: string[]; output: string[] }[];
}

/** The bytes of an .onnx file. An empty name of a dimension leaves it without one. */
export function onnxModel({ inputs, outputs, nodes }: Graph): Uint8Array {
  const info = ({ name, type, shape }: TensorMetadata) => {
    const dim = shape.map((size) => (typeof size === 'number' ? { dim_value: size } : { dim_param: size }));
    return { name, type: { tensor_type: { elem_type: ONNX_TYPES[type], shape: { dim } } } };
  };
  const graph = {
    name: 'test',
    node: nodes.map(({ op, input, output }) => ({ op_type: op, input, output })),
    input: inputs.map(info),
    output: outputs.map(info),
  };
  const model = { ir_version: 9, graph, opset_import: [{ domain: '', version: 19 }] };
  return ModelProto.encode(ModelProto.fromObject(model)).finish();
}

/** Answers `<type>_in` of every type as `<type>_out`, [rows, 2]. */
export const echoModel = () =>
  onnxModel({
    inputs: TENSOR_TYPES.map((type) => ({ name: `${type}_in`, type, shape: ['rows', 2] })),
    outputs: TENSOR_TYPES.map((type) => ({ name: `${type}_out`, type, shape: ['rows', 2] })),
    nodes: TENSOR_TYPES.map((type) => ({ op: 'Identity', input: [`${type}_in`], output: [`${type}_out`] })),
  });

/** `sum` = `a` + `b`, [rows, 2], and `product` = `a` · `b`. */
export const arithmeticModel = () =>
  onnxModel({
    inputs: ['a', 'b'].map((name) => ({ name, type: 'float32', shape: ['rows', 2] })),
    outputs: ['sum', 'product'].map((name) => ({ name, type: 'float32', shape: ['rows', 2] })),
    nodes: [
      { op: 'Add', input: ['a', 'b'], output: ['sum'] },
      { op: 'Mul', input: ['a', 'b'], output: ['product'] },
    ],
  });

/** Loads, and fails when a reshape to `shape` doesn't fit. */
export const reshapeModel = () =>
  onnxModel({
    inputs: [
      { name: 'data', type: 'float32', shape: [''] },
      { name: 'shape', type: 'int64', shape: [''] },
    ],
    outputs: [{ name: 'reshaped', type: 'float32', shape: ['', ''] }],
    nodes: [{ op: 'Reshape', input: ['data', 'shape'], output: ['reshaped'] }],
  });

/** Elements of each type, as JSON has them: two rows, at the ends of what the type can hold. */
export const ECHO_DATA: Record<TensorMetadata['type'], (boolean | number | string)[]> = {
  bool: [true, false, false, true],
  uint8: [0, 255, 1, 2],
  int8: [-128, 127, 0, -1],
  uint16: [0, 65_535, 1, 2],
  int16: [-32_768, 32_767, 0, -1],
  uint32: [0, 4_294_967_295, 1, 2],
  int32: [-2_147_483_648, 2_147_483_647, 0, -1],
  uint64: [0, '18446744073709551615', Number.MAX_SAFE_INTEGER, '9007199254740993'],
  int64: ['-9223372036854775808', '9223372036854775807', Number.MIN_SAFE_INTEGER, 0],
  float16: [0.5, -65_504, 'NaN', 'Infinity'],
  float32: [0.5, -1.5, 'NaN', '-Infinity'],
  float64: [0.1, Number.MAX_VALUE, 5e-324, 'Infinity'],
  string: ['', 'Käse', '🧀', ' '],
};

/** A request for {@link echoModel}. */
export const echoRequest = () => ({
  inputs: TENSOR_TYPES.map((type) => ({
    name: `${type}_in`,
    shape: [2, 2],
    datatype: DATATYPES[type] as string,
    data: [...ECHO_DATA[type]] as unknown,
  })),
});

/** Writes files below a directory, from their paths in it. */
export async function writeFiles(directory: string, files: Record<string, string | Uint8Array>): Promise<string> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  return directory;
}

/** An HTTP server of this machine; port 0 takes a free one. */
export async function listen(handler: RequestListener, port = 0): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
