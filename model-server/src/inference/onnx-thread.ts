/** The thread of one ONNX model: checks and loads its file, then answers one run after the other. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from '../onnxruntime';
import type { TensorMetadata, Tensors, TensorType, TensorValue } from './backend';

export type ToThread = { readonly id: number; readonly inputs: Tensors } | { readonly close: true };

/** `sha256`: what the file has to have; any when it is not given. */
export type ThreadData = {
  readonly path: string;
  readonly sha256: string | undefined;
  readonly withoutOptimizers: readonly string[];
};

export type FileFacts = { readonly sha256: string; readonly bytes: number };

export type FromThread =
  | {
      readonly file: FileFacts;
      readonly inputs: readonly TensorMetadata[];
      readonly outputs: readonly TensorMetadata[];
    }
  | { readonly mismatch: FileFacts }
  | { readonly id: number; readonly outputs: Tensors }
  | { readonly id: number; readonly error: string }
  | { readonly error: string };

type Answer = (message: FromThread) => void;

/** One thread: a server scales by processes. What fails is thrown and needs no line on standard error (4: fatal). */
const OPTIONS = { intraOpNumThreads: 1, interOpNumThreads: 1, logSeverityLevel: 4 } as const;
const PIECE_BYTES = 1 << 20;

async function main({ path, sha256, withoutOptimizers }: ThreadData, answer: Answer): Promise<void> {
  let session: InferenceSession;
  try {
    const file = factsOf(path);
    // The runtime reads it by its path, because bytes would be a further copy of the whole while it loads.
    if (sha256 !== undefined && file.sha256 !== sha256) {
      answer({ mismatch: file });
      return;
    }
    session = await InferenceSession.create(path, {
      ...OPTIONS,
      extra: { optimization: { disable_specified_optimizers: withoutOptimizers.join(';') } },
    });
    answer({ file, inputs: metadata(session.inputMetadata), outputs: metadata(session.outputMetadata) });
  } catch (error) {
    answer({ error: (error as Error).message });
    return;
  }
  parentPort?.on('message', (message: ToThread) => {
    if ('close' in message) void session.release().finally(() => parentPort?.close());
    else void run(session, message.id, message.inputs).then(answer);
  });
}

function factsOf(path: string): FileFacts {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(PIECE_BYTES);
  const file = openSync(path, 'r');
  try {
    let bytes = 0;
    for (let length = readSync(file, piece); length > 0; length = readSync(file, piece)) {
      hash.update(length === PIECE_BYTES ? piece : piece.subarray(0, length));
      bytes += length;
    }
    return { sha256: hash.digest('hex'), bytes };
  } finally {
    closeSync(file);
  }
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

void main(workerData as ThreadData, (message) => parentPort?.postMessage(message));
