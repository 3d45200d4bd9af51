import type { UntypedServiceImplementation } from '@grpc/grpc-js';
import type { TensorMetadata } from '../inference/backend';
import type { InputTensor } from '../inference/check-inputs';
import { MAX_DIMENSION } from '../inference/check-inputs';
import { DATATYPES, elementCount } from '../inference/datatypes';
import type { Inference } from '../inference/inference';
import { SERVER_NAME, SERVER_VERSION } from '../inference/server-metadata';
import { elementsFromBytes, elementsToBytes } from '../inference/tensor-bytes';
import type { Lifecycle } from '../lifecycle';
import { invalidRequest } from '../request-schemas';
import { elementsFromContents, elementsToContents, type TensorContents } from './tensor-contents';
import { type CallOptions, unary } from './unary';

interface ModelRequest {
  readonly name: string;
  readonly version: string;
}

interface InferInput {
  readonly name: string;
  readonly datatype: string;
  /** int64 as digits. */
  readonly shape: readonly string[];
  readonly contents: TensorContents | null;
}

interface ModelInferRequest {
  readonly model_name: string;
  readonly model_version: string;
  readonly id: string;
  readonly inputs: readonly InferInput[];
  readonly outputs: readonly { readonly name: string }[];
  readonly raw_input_contents: readonly Buffer[];
}

/** The Open Inference Protocol over gRPC: the same operations, models and checks as at `/v2`. */
export function inferenceService(
  inference: Inference,
  lifecycle: Lifecycle,
  call: CallOptions,
): UntypedServiceImplementation {
  return {
    ServerLive: unary(call, () => ({ live: true })),
    ServerReady: unary(call, () => ({ ready: inference.ready && !lifecycle.draining })),
    ServerMetadata: unary(call, () => ({ name: SERVER_NAME, version: SERVER_VERSION, extensions: [] })),
    ModelReady: unary(call, ({ name, version }: ModelRequest) => ({
      ready: inference.find(name, version || undefined).backend !== undefined,
    })),
    ModelMetadata: unary(call, ({ name, version }: ModelRequest) => {
      const { backend, platform, version: served } = inference.available(name, version || undefined);
      return {
        name,
        versions: served === undefined ? [] : [served],
        platform,
        inputs: backend.inputs.map(described),
        outputs: backend.outputs.map(described),
      };
    }),
    ModelInfer: unary(call, async (request: ModelInferRequest, { timeLeftMs, record }) => {
      const isRaw = request.raw_input_contents.length > 0;
      const { model, outputs } = await inference.infer({
        model: request.model_name,
        version: request.model_version || undefined,
        inputs: readInputs(request),
        outputs: request.outputs.map(({ name }) => name),
        timeoutMs: timeLeftMs,
        record,
      });
      // Half-precision floats have no typed form, and an answer is raw as a whole or not at all.
      const answersRaw = isRaw || outputs.some(({ tensor }) => tensor.type === 'float16');
      return {
        model_name: model.name,
        model_version: model.version,
        id: request.id,
        outputs: outputs.map(({ name, tensor }) => ({
          name,
          datatype: DATATYPES[tensor.type],
          shape: tensor.dims,
          ...(!answersRaw && { contents: elementsToContents(tensor) }),
        })),
        raw_output_contents: answersRaw ? outputs.map(({ tensor }) => elementsToBytes(tensor)) : [],
      };
    }),
  };
}

function readInputs({ inputs, raw_input_contents: raw }: ModelInferRequest): InputTensor[] {
  if (raw.length > 0 && raw.length !== inputs.length) {
    const allowed = `none, or one for each of the ${inputs.length} inputs`;
    throw invalidRequest([{ field: 'raw_input_contents', value: `${raw.length} of them`, allowed }]);
  }
  return inputs.map(({ name, datatype, shape, contents }, i) => {
    const dims = shape.map(Number);
    if (dims.length > 16 || dims.some((size) => !(size >= 0 && size <= MAX_DIMENSION))) {
      const allowed = `at most 16 whole numbers from 0 to ${MAX_DIMENSION}`;
      throw invalidRequest([{ field: `inputs.${i}.shape`, value: shape, allowed }]);
    }
    if (raw.length > 0 && contents) {
      const allowed = 'nothing, where raw_input_contents is set';
      throw invalidRequest([{ field: `inputs.${i}.contents`, value: 'elements', allowed }]);
    }
    const bytes = raw[i];
    return {
      name,
      datatype,
      shape: dims,
      read: (type, sizes) =>
        bytes
          ? elementsFromBytes(type, elementCount(sizes), bytes)
          : elementsFromContents(type, elementCount(sizes), contents),
    };
  });
}

function described({ name, type, shape }: TensorMetadata) {
  return { name, datatype: DATATYPES[type], shape: shape.map((size) => (typeof size === 'number' ? size : -1)) };
}
