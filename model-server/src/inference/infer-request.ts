import { Problem } from '../problem';
import { check } from '../request-schemas';
import type { InputTensor } from './check-inputs';
import { elementCount } from './datatypes';
import { InferRequestBody } from './open-inference-protocol';
import { elementsFromBytes } from './tensor-bytes';
import { elementsFromJson, InvalidDataError } from './tensor-json';

/** An inference request over HTTP, read but not yet held against a model. */
export interface ReadRequest {
  readonly id: string | undefined;
  readonly inputs: readonly InputTensor[];
  readonly outputs: readonly string[];
  /** Whether an output is answered as raw bytes behind the JSON. */
  isBinary(output: string): boolean;
}

/**
 * Reads a request's body: JSON, or JSON of `jsonLength` bytes and raw tensors behind it in the order of the inputs.
 *
 * @param jsonLength what the header `Inference-Header-Content-Length` says; then `body` is a Buffer
 * @throws Problem
 */
export function readInferRequest(body: unknown, jsonLength?: string): ReadRequest {
  const { json, raw } = jsonLength === undefined ? { json: body, raw: Buffer.alloc(0) } : split(body, jsonLength);
  const request = check(InferRequestBody, json);
  let offset = 0;
  const inputs = request.inputs.map(({ name, datatype, shape, data, parameters }): InputTensor => {
    const size = parameters?.binary_data_size;
    if (size === undefined) return { name, datatype, shape, read: (type, dims) => elementsFromJson(type, dims, data) };
    const from = offset;
    offset += Number(size);
    const to = offset;
    return {
      name,
      datatype,
      shape,
      read(type, dims) {
        const valid = typeof size === 'number' && Number.isInteger(size) && size >= 0 && to <= raw.length;
        if (!valid)
          throw new InvalidDataError('', `binary_data_size ${size}`, `the ${raw.length} bytes behind the JSON`);
        if (data !== undefined) throw new InvalidDataError('', data, 'nothing, where binary_data_size is set');
        return elementsFromBytes(type, elementCount(dims), raw.subarray(from, to));
      },
    };
  });
  if (offset < raw.length) {
    throw new Problem('malformed-request', `${raw.length - offset} bytes behind the JSON belong to no input`);
  }
  const outputs = request.outputs ?? [];
  const byDefault = request.parameters?.binary_data_output === true;
  const binary = new Map(outputs.map(({ name, parameters }) => [name, parameters?.binary_data]));
  return {
    id: request.id,
    inputs,
    outputs: outputs.map(({ name }) => name),
    isBinary: (output) => (binary.get(output) ?? byDefault) === true,
  };
}

function split(body: unknown, jsonLength: string): { json: unknown; raw: Buffer } {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  const length = /^\d{1,10}$/.test(jsonLength) ? Number(jsonLength) : Number.NaN;
  if (!(length <= bytes.length)) {
    const allowed = `the bytes of the JSON, at most the body's ${bytes.length}`;
    throw new Problem('malformed-request', `Inference-Header-Content-Length: allowed is ${allowed}`);
  }
  try {
    return { json: JSON.parse(bytes.toString('utf8', 0, length)), raw: bytes.subarray(length) };
  } catch {
    throw new Problem('malformed-request', `the first ${length} bytes of the body are not valid JSON`);
  }
}
