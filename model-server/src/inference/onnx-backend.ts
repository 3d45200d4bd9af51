import { Worker } from 'node:worker_threads';
import type { InferenceBackend, TensorMetadata, Tensors } from './backend';
import type { FromThread, ToThread } from './onnx-thread';

interface Pending {
  resolve(outputs: Tensors): void;
  reject(error: Error): void;
}

export interface OnnxOptions {
  /** Name of the thread, for profiles and process listings. */
  readonly name: string;
}

/**
 * An ONNX model in a thread of its own, so that loading, running and freeing it never hold the event loop: requests
 * are read and answered, and deadlines kept, while it works. The thread ends with the model, and its memory goes back.
 */
export class OnnxBackend implements InferenceBackend {
  private readonly pending = new Map<number, Pending>();
  private readonly exited: Promise<void>;
  private nextId = 0;
  private ended: Error | undefined;

  private constructor(
    private readonly thread: Worker,
    readonly inputs: readonly TensorMetadata[],
    readonly outputs: readonly TensorMetadata[],
  ) {
    thread.on('message', (message: FromThread) => this.answered(message));
    this.exited = new Promise((resolve) => {
      thread.once('exit', () => {
        this.end(new Error("the model's thread has ended"));
        resolve();
      });
    });
    thread.once('error', (error: Error) => this.end(error));
  }

  /**
   * @param model the bytes of an .onnx file; they are copied
   * @throws Error with the runtime's message when it doesn't load
   */
  static async load(model: Uint8Array, { name }: OnnxOptions): Promise<OnnxBackend> {
    // Always the built file: a thread can't load TypeScript, which the tests run from.
    const thread = new Worker(require.resolve('@cdktf-recommender/model-server/onnx-thread'), {
      name,
      workerData: { model },
      // Signals, standard output and the environment are the main thread's business.
      env: { ORT_DISABLE_TELEMETRY: '1' },
    });
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(error);
      thread.once('error', failed);
      thread.once('message', (message: FromThread) => {
        thread.off('error', failed);
        if ('inputs' in message) resolve(new OnnxBackend(thread, message.inputs, message.outputs));
        else reject(new Error('error' in message ? message.error : 'the thread said nothing of its model'));
      });
    });
  }

  run(inputs: Tensors): Promise<Tensors> {
    return new Promise((resolve, reject) => {
      if (this.ended) {
        reject(this.ended);
        return;
      }
      const id = this.nextId++;
      this.pending.set(id, { resolve, reject });
      const transferred = Object.values(inputs).flatMap(({ data }) => {
        return 'buffer' in data && data.buffer instanceof ArrayBuffer ? [data.buffer] : [];
      });
      this.send({ id, inputs }, transferred);
    });
  }

  async close(): Promise<void> {
    if (!this.ended) this.send({ close: true });
    await this.exited;
  }

  private send(message: ToThread, transferred: ArrayBuffer[] = []): void {
    this.thread.postMessage(message, transferred);
  }

  private answered(message: FromThread): void {
    if (!('id' in message)) return;
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if ('error' in message) pending?.reject(new Error(message.error));
    else pending?.resolve(message.outputs);
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const { reject } of this.pending.values()) reject(this.ended);
    this.pending.clear();
  }
}
