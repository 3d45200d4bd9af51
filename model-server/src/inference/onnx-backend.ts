import { Worker } from 'node:worker_threads';
import { type InferenceBackend, InputsRejectedError, type TensorMetadata, type Tensors } from './backend';
import type { FileFacts, FromThread, ThreadData, ToThread } from './onnx-thread';

interface Pending {
  resolve(outputs: Tensors): void;
  reject(error: Error): void;
}

export interface OnnxOptions {
  /** Name of the thread, for profiles and process listings. */
  readonly name: string;
  /** What the file has to have, 64 hexadecimal digits; checked before it is loaded. Any by default. */
  readonly sha256?: string | undefined;
  /** Names of onnxruntime's graph optimizers that are left out. None by default. */
  readonly withoutOptimizers?: readonly string[] | undefined;
  /** Called when the thread ends by itself: it ran out of memory, say. Runs are rejected from then on. */
  readonly onFailure?: ((error: Error) => void) | undefined;
}

/** A model's file is not the one that was asked for. */
export class FileMismatchError extends Error {
  override readonly name = 'FileMismatchError';

  constructor(
    path: string,
    readonly actual: FileFacts,
  ) {
    super(`${path} has other bytes than expected: sha256 ${actual.sha256} (${actual.bytes} bytes)`);
  }
}

/** Longest wait for a thread that is to end: one in a run that never ends can't be made to. */
const CLOSE_MS = 10_000;

/** Those whose threads have not ended. */
const alive = new Set<OnnxBackend>();

/** Milliseconds that the longest run of all models has taken so far, of closed ones too; 0 when there is none. */
export function longestRunMs(): number {
  return Math.max(0, ...[...alive].map((backend) => backend.runningMs()));
}

/**
 * An ONNX model in a thread of its own, so that checking, loading, running and freeing it never hold the event loop:
 * requests are read and answered, and deadlines kept, while it works. The thread ends with the model, and its memory
 * goes back.
 */
export class OnnxBackend implements InferenceBackend {
  private readonly pending = new Map<number, Pending>();
  private readonly exited: Promise<void>;
  private nextId = 0;
  /** `performance.now()` when the run under way began, or before. */
  private busySince = 0;
  private ended: Error | undefined;
  private closing: Promise<void> | undefined;
  /** It was closed, and did not end. */
  private stuck = false;

  private constructor(
    private readonly thread: Worker,
    /** The file that was loaded. */
    readonly file: FileFacts,
    readonly inputs: readonly TensorMetadata[],
    readonly outputs: readonly TensorMetadata[],
    private readonly onFailure: OnnxOptions['onFailure'],
  ) {
    alive.add(this);
    thread.on('message', (message: FromThread) => this.answered(message));
    this.exited = new Promise((resolve) => {
      thread.once('exit', (code) => {
        alive.delete(this);
        this.end(new Error(`the model's thread ended with exit code ${code}`));
        resolve();
      });
    });
    thread.once('error', (error: Error) => this.end(new Error(`the model's thread failed: ${error.message}`)));
  }

  /**
   * @param path of an .onnx file, which nobody may change while it loads
   * @throws FileMismatchError when the file's hash is not the one asked for
   * @throws Error with the runtime's message when it doesn't load
   */
  static async load(
    path: string,
    { name, sha256, withoutOptimizers = [], onFailure }: OnnxOptions,
  ): Promise<OnnxBackend> {
    // Always the built file: a thread can't load TypeScript, which the tests run from.
    const thread = new Worker(require.resolve('@cdktf-recommender/model-server/onnx-thread'), {
      name,
      workerData: { path, sha256, withoutOptimizers } satisfies ThreadData,
      // Signals, standard output and the environment are the main thread's business.
      env: { ORT_DISABLE_TELEMETRY: '1' },
    });
    return new Promise((resolve, reject) => {
      const failed = (error: Error) => reject(error);
      const gone = (code: number) => reject(new Error(`the model's thread ended while it loaded, exit code ${code}`));
      thread.once('error', failed).once('exit', gone);
      thread.once('message', (message: FromThread) => {
        thread.off('error', failed).off('exit', gone);
        if ('inputs' in message) {
          resolve(new OnnxBackend(thread, message.file, message.inputs, message.outputs, onFailure));
        } else if ('mismatch' in message) reject(new FileMismatchError(path, message.mismatch));
        else reject(new Error('error' in message ? message.error : 'the thread said nothing of its model'));
      });
    });
  }

  run(inputs: Tensors): Promise<Tensors> {
    return new Promise((resolve, reject) => {
      if (this.ended || this.closing) {
        reject(this.ended ?? new Error('the model is closed'));
        return;
      }
      const id = this.nextId++;
      if (this.pending.size === 0) this.busySince = performance.now();
      this.pending.set(id, { resolve, reject });
      const transferred = Object.values(inputs).flatMap(({ data }) => {
        return 'buffer' in data && data.buffer instanceof ArrayBuffer ? [data.buffer] : [];
      });
      this.send({ id, inputs }, transferred);
    });
  }

  /** Milliseconds that the run under way has taken so far; 0 when there is none. */
  runningMs(): number {
    return this.pending.size > 0 || this.stuck ? performance.now() - this.busySince : 0;
  }

  close(): Promise<void> {
    this.closing ??= this.shutDown();
    return this.closing;
  }

  private async shutDown(): Promise<void> {
    if (this.ended) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(() => {
        // Not `terminate`: the runtime aborts the whole process when its run comes back to a thread that was ended.
        this.send({ close: true });
        this.thread.unref();
        this.stuck = true;
        this.end(new Error('the model is closed'));
        resolve();
      }, CLOSE_MS);
    });
    // The runtime frees the model at once, so what is under way comes first.
    if (this.pending.size === 0) this.send({ close: true });
    await Promise.race([this.exited, late]);
    clearTimeout(timer);
  }

  private send(message: ToThread, transferred: ArrayBuffer[] = []): void {
    this.thread.postMessage(message, transferred);
  }

  private answered(message: FromThread): void {
    if (!('id' in message)) return;
    const pending = this.pending.get(message.id);
    this.pending.delete(message.id);
    if (this.pending.size > 0) this.busySince = performance.now();
    if ('error' in message) pending?.reject(new InputsRejectedError(message.error));
    else pending?.resolve(message.outputs);
    if (this.closing && this.pending.size === 0) this.send({ close: true });
  }

  private end(error: Error): void {
    if (this.ended) return;
    this.ended = error;
    for (const { reject } of this.pending.values()) reject(error);
    this.pending.clear();
    if (!this.closing) this.onFailure?.(error);
  }
}
