/** The thread of one ONNX model: loads it, then answers one run after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from '../onnxruntime';
import type { TensorMetadata, Tensors, TensorType, TensorValue } from './backend';

export type ToThread = { readonly id: number; readonly inputs: Tensors } | { readonly close: true };

export type FromThread =
  | { readonly inputs: readonly TensorMetadata[]; readonly outputs: readonly TensorMetadata[] }
  | { readonly id: number; readonly outputs: Tensors }
  | { readonly id: number; readonly error: string }
  | { readonly error: string };

type Answer = (message: FromThread) => void;

async function main(model: Uint8Array, answer: Answer): Promise<void> {
  let session: InferenceSession;
  try {
    // One thread: a server scales by processes, and the run shares its core with JavaScript.
    session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
    answer({ inputs: metadata(session.inputMetadata), outputs: metadata(session.outputMetadata) });
  } catch (error) {
    answer({ error: (error as Error).message });
    return;
  }
  parentPort?.on('message', (message: ToThread) => {
    if ('close' in message) void session.release().finally(() => parentPort?.close());
    else void run(session, message.id, message.inputs).then(answer);
  });
}

async function run(session: InferenceSession, id: number, inputs: Tensors): Promise<FromThread> {
  try {
    const feeds: Record<string, Tensor> = {};
    for (const name of Object.keys(inputs)) feeds[name] = toTensor(inputs[name] as TensorValue);
    const results = await session.run(feeds);
    const outputs: Record<string, TensorValue> = {};
    for (const name of session.outputNames) {
      const { type, dims, data } = results[name] as Tensor;
      outputs[name] = { type: type as TensorType, dims, data: data as TensorValue['data'] };
    }
    return { id, outputs };
  } catch (error) {
    return { id, error: (error as Error).message };
  }
}

function toTensor({ type, dims, data }: TensorValue): Tensor {
  return new Tensor(type as 'float32', data as Float32Array, dims);
}

function metadata(values: InferenceSession['inputMetadata']): TensorMetadata[] {
  return values.map((value) => {
    if (!value.isTensor) throw new Error(`${value.name} is not a tensor`);
    return { name: value.name, type: value.type as TensorType, shape: [...value.shape] };
  });
}

void main((workerData as { model: Uint8Array }).model, (message) => parentPort?.postMessage(message));
