import { DATATYPES } from './datatypes';
import type { ReadRequest } from './infer-request';
import type { InferAnswer } from './inference';
import { elementsToBytes } from './tensor-bytes';
import { elementsToJson } from './tensor-json';

export interface WrittenResponse {
  readonly body: Buffer;
  /** Bytes of the JSON when raw tensors follow it. */
  readonly jsonLength: number | undefined;
}

/** An answer as the protocol's `$inference_response`, with the raw tensors that were asked for behind it. */
export function writeInferResponse({ model, outputs }: InferAnswer, request: ReadRequest): WrittenResponse {
  const raw: Buffer[] = [];
  const tensors = outputs.map(({ name, tensor }) => {
    const head = { name, datatype: DATATYPES[tensor.type], shape: tensor.dims };
    if (!request.isBinary(name)) return { ...head, data: elementsToJson(tensor) };
    const bytes = elementsToBytes(tensor);
    raw.push(bytes);
    return { ...head, parameters: { binary_data_size: bytes.length } };
  });
  const json = Buffer.from(
    JSON.stringify({ model_name: model.name, model_version: model.version, id: request.id, outputs: tensors }),
  );
  return { body: Buffer.concat([json, ...raw]), jsonLength: raw.length > 0 ? json.length : undefined };
}
