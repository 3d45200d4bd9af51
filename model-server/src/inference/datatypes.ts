import type { TensorData, TensorType } from './backend';

/**
 * The Open Inference Protocol's names of element types. It also has BF16, which onnxruntime-node doesn't offer.
 *
 * @see https://github.com/kserve/open-inference-protocol
 */
export const DATATYPES = {
  bool: 'BOOL',
  uint8: 'UINT8',
  int8: 'INT8',
  uint16: 'UINT16',
  int16: 'INT16',
  uint32: 'UINT32',
  int32: 'INT32',
  uint64: 'UINT64',
  int64: 'INT64',
  float16: 'FP16',
  float32: 'FP32',
  float64: 'FP64',
  string: 'BYTES',
} as const satisfies Record<TensorType, string>;
export type Datatype = (typeof DATATYPES)[TensorType];

const TYPES = new Map(Object.entries(DATATYPES).map(([type, datatype]) => [datatype, type as TensorType]));

/** The element type that a datatype of the protocol names; `undefined` when there is none. */
export function tensorType(datatype: string): TensorType | undefined {
  return TYPES.get(datatype as Datatype);
}

/** Types whose elements have a fixed number of bytes. */
export type NumericType = Exclude<TensorType, 'string'>;

/** The arrays that hold each type, as {@link TensorData} says. */
export const ARRAYS = {
  bool: Uint8Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  uint64: BigUint64Array,
  int64: BigInt64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
} as const satisfies Record<NumericType, new (length: number) => Exclude<TensorData, readonly string[]>>;

/** Least and greatest element of the integer types. */
export const INTEGER_RANGES = {
  uint8: [0n, 255n],
  int8: [-128n, 127n],
  uint16: [0n, 65_535n],
  int16: [-32_768n, 32_767n],
  uint32: [0n, 4_294_967_295n],
  int32: [-2_147_483_648n, 2_147_483_647n],
  uint64: [0n, 2n ** 64n - 1n],
  int64: [-(2n ** 63n), 2n ** 63n - 1n],
} as const satisfies Partial<Record<TensorType, readonly [bigint, bigint]>>;
export type IntegerType = keyof typeof INTEGER_RANGES;

export function isInteger(type: TensorType): type is IntegerType {
  return type in INTEGER_RANGES;
}

/** How many elements a tensor of these dimensions has. */
export function elementCount(dims: readonly number[]): number {
  return dims.reduce((product, size) => product * size, 1);
}
