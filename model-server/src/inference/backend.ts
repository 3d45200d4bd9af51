import type { TraceHeaders } from '../telemetry/request-record';

/** The element types of tensors, by onnxruntime's names. */
export const TENSOR_TYPES = [
  'bool',
  'uint8',
  'int8',
  'uint16',
  'int16',
  'uint32',
  'int32',
  'uint64',
  'int64',
  'float16',
  'float32',
  'float64',
  'string',
] as const;
export type TensorType = (typeof TENSOR_TYPES)[number];

/** Row-major elements: a `bool` is one byte of 0 or 1, a `float16` its 16 bits. */
export type TensorData =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | readonly string[];

export interface TensorValue {
  readonly type: TensorType;
  /** Sizes of the dimensions; their product is the length of `data`. */
  readonly dims: readonly number[];
  readonly data: TensorData;
}

export interface TensorMetadata {
  readonly name: string;
  readonly type: TensorType;
  /** A number is fixed, a string names a dynamic dimension. */
  readonly shape: readonly (number | string)[];
}

/** Named tensors. */
export type Tensors = Readonly<Record<string, TensorValue>>;

/** The server elsewhere that runs a model can't be reached, or doesn't answer in time. */
export class BackendUnavailableError extends Error {
  override readonly name = 'BackendUnavailableError';
}

/** The model can't be run on these values, though their names, types and shapes are right. */
export class InputsRejectedError extends Error {
  override readonly name = 'InputsRejectedError';
}

/** What runs a model: onnxruntime in this process, or a server elsewhere. */
export interface InferenceBackend {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];

  /**
   * Runs the model once. The caller hands its arrays over: a back end may move their memory elsewhere, after which they
   * are empty.
   *
   * @param trace headers by which a server elsewhere goes on with the request's trace
   * @throws InputsRejectedError when the run failed on them; the message is the runtime's
   * @throws BackendUnavailableError when what runs it is elsewhere and silent
   */
  run(inputs: Tensors, trace?: TraceHeaders): Promise<Tensors>;

  /** Frees the model. What is under way is answered or rejected. */
  close(): Promise<void>;
}
