import type { TensorData, TensorType, TensorValue } from '../inference/backend';
import { stringFromBytes } from '../inference/tensor-bytes';
import { elementsFromJson, InvalidDataError } from '../inference/tensor-json';

/** `InferTensorContents` as the proto loader gives it: int64 as digits, bytes as buffers. */
export interface TensorContents {
  readonly bool_contents: readonly boolean[];
  readonly int_contents: readonly number[];
  readonly int64_contents: readonly string[];
  readonly uint_contents: readonly number[];
  readonly uint64_contents: readonly string[];
  readonly fp32_contents: readonly number[];
  readonly fp64_contents: readonly number[];
  readonly bytes_contents: readonly Buffer[];
}

/** The field that holds the elements of each type; half-precision floats have none. */
const FIELDS = {
  bool: 'bool_contents',
  uint8: 'uint_contents',
  int8: 'int_contents',
  uint16: 'uint_contents',
  int16: 'int_contents',
  uint32: 'uint_contents',
  int32: 'int_contents',
  uint64: 'uint64_contents',
  int64: 'int64_contents',
  float16: undefined,
  float32: 'fp32_contents',
  float64: 'fp64_contents',
  string: 'bytes_contents',
} as const satisfies Record<TensorType, keyof TensorContents | undefined>;

/**
 * A tensor's elements from their typed form.
 *
 * @throws InvalidDataError
 */
export function elementsFromContents(type: TensorType, count: number, contents: TensorContents | null): TensorData {
  const field = FIELDS[type];
  if (field === undefined) throw new InvalidDataError('', 'typed contents', 'raw_input_contents, for FP16');
  const elements: readonly unknown[] = contents?.[field] ?? [];
  if (elements.length !== count) {
    throw new InvalidDataError('', `${elements.length} elements of ${field}`, `${count}, as the shape says`);
  }
  if (type === 'float32') return Float32Array.from(elements as number[]);
  if (type === 'float64') return Float64Array.from(elements as number[]);
  if (type === 'string') return (elements as Buffer[]).map(stringFromBytes);
  return elementsFromJson(type, [count], elements);
}

/** The typed form of a tensor that is not of half-precision floats. */
export function elementsToContents({ type, data }: TensorValue): Partial<TensorContents> {
  const field = FIELDS[type];
  if (field === undefined) throw new TypeError('half-precision floats have no typed form');
  if (type === 'bool') return { [field]: Array.from(data as Uint8Array, Boolean) };
  if (type === 'string') return { [field]: (data as readonly string[]).map((text) => Buffer.from(text)) };
  const isWide = type === 'int64' || type === 'uint64';
  return { [field]: isWide ? Array.from(data as BigInt64Array, String) : Array.from(data as Float32Array) };
}
