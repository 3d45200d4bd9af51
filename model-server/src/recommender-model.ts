import {
  type ItemCatalogue,
  type Manifest,
  type PopularItems,
  recommenderSignature,
  type Signature,
} from '@cdktf-recommender/model-registry';
import type { InferenceBackend } from './inference/backend';
import { FileMismatchError, OnnxBackend, type OnnxOptions } from './inference/onnx-backend';
import { ItemsJson } from './items-json';
import { corruptFile, type LocalVersion } from './models/local-version';

/** A history to score. */
export interface ScoringRequest {
  /** Item indices, at least one. */
  readonly items: ArrayLike<number>;
  /** How much each of them counts. */
  readonly weights: ArrayLike<number>;
  /** Item indices to leave out. */
  readonly excluded: ArrayLike<number>;
  readonly limit: number;
  /** Whether to work out what each item of the history adds. */
  readonly explain: boolean;
}

/** The best items, best first; fewer than the limit when fewer are left. */
export interface ScoringResult {
  /** Item indices, as many as there are answers. */
  readonly indices: Int32Array;
  readonly scores: Float32Array;
  /** What each item of the history adds to each score, [history, answers]; absent unless asked for. */
  readonly contributions?: Float32Array;
}

/** A version that this server can't serve. */
export class UnservableModelError extends Error {
  override readonly name = 'UnservableModelError';
}

/** It would keep a second copy of the weights, in the shape in which reasons are looked up, and save no time. */
const withoutOptimizers = ['ConstantFolding'];

/** A model version in memory. */
export class RecommenderModel {
  readonly name: string;
  readonly version: string;
  readonly manifest: Manifest;
  readonly items: ItemCatalogue;
  /** Item indices, most popular first, with their number of customers. */
  readonly popular: PopularItems['items'];
  readonly itemsJson: ItemsJson;
  private readonly indices: ReadonlyMap<string, number>;
  /** Of each item whether it is left out; all 0 between two uses. */
  private readonly leftOut: Uint8Array;

  private constructor(
    { version, manifest, items, popular }: LocalVersion,
    /** The graph itself; what runs on it shares its thread with the recommendations. */
    readonly backend: OnnxBackend,
  ) {
    this.version = version;
    this.manifest = manifest;
    this.name = manifest.model;
    this.items = items;
    this.popular = popular;
    this.itemsJson = new ItemsJson(items);
    this.indices = new Map(this.items.map(({ id }, index) => [id, index]));
    this.leftOut = new Uint8Array(items.length);
  }

  /**
   * Loads a version into a thread of its own, which checks the bytes of its graph.
   *
   * @param options.onFailure called when that thread ends by itself
   * @throws RegistryError `CORRUPT` when the graph's bytes are not what the manifest says
   * @throws UnservableModelError when its signature is not the one served, or it doesn't load
   */
  static async load(
    files: LocalVersion,
    { onFailure }: Pick<OnnxOptions, 'onFailure'> = {},
  ): Promise<RecommenderModel> {
    const { manifest, graph } = files;
    const expected = manifest.files['model.onnx'];
    const signature = recommenderSignature(manifest.dataset.items);
    assertSame('its manifest', manifest.signature, signature);
    let backend: OnnxBackend;
    try {
      const { sha256 } = expected;
      backend = await OnnxBackend.load(graph, { name: manifest.model, sha256, withoutOptimizers, onFailure });
    } catch (error) {
      if (error instanceof FileMismatchError) throw corruptFile(graph, error.actual, expected);
      throw new UnservableModelError(`model.onnx does not load: ${(error as Error).message}`);
    }
    try {
      assertSame('model.onnx', backend, signature);
      return new RecommenderModel(files, backend);
    } catch (error) {
      await backend.close();
      if (error instanceof UnservableModelError) throw error;
      throw new UnservableModelError((error as Error).message);
    }
  }

  /** The index of an item, by its id. */
  indexOf(id: string): number | undefined {
    return this.indices.get(id);
  }

  /**
   * The most popular items, with their number of customers as scores. It answers when there are too many requests to
   * score, so it must cost next to nothing.
   *
   * @param excluded item indices to leave out
   */
  popularExcept(excluded: ArrayLike<number>, limit: number): ScoringResult {
    const { popular, leftOut } = this;
    const indices = new Int32Array(Math.min(limit, popular.length));
    const scores = new Float32Array(indices.length);
    for (let i = 0; i < excluded.length; i++) leftOut[excluded[i] as number] = 1;
    let count = 0;
    for (let i = 0; i < popular.length && count < indices.length; i++) {
      const { index, customers } = popular[i] as PopularItems['items'][number];
      if (leftOut[index] === 1) continue;
      indices[count] = index;
      scores[count++] = customers;
    }
    for (let i = 0; i < excluded.length; i++) leftOut[excluded[i] as number] = 0;
    return { indices: indices.subarray(0, count), scores: scores.subarray(0, count) };
  }

  /** Scores several histories in one run. */
  async run(requests: readonly ScoringRequest[]): Promise<ScoringResult[]> {
    const batch = requests.length;
    const itemCount = this.items.length;
    let length = 1;
    let k = 1;
    let explain = false;
    for (const request of requests) {
      length = Math.max(length, request.items.length);
      k = Math.max(k, request.limit);
      explain ||= request.explain;
    }
    const items = new Int32Array(batch * length);
    const weights = new Float32Array(batch * length);
    const mask = new Uint8Array(batch * itemCount);
    for (let row = 0; row < batch; row++) {
      const request = requests[row] as ScoringRequest;
      items.set(request.items, row * length);
      weights.set(request.weights, row * length);
      const { excluded } = request;
      for (let i = 0; i < excluded.length; i++) mask[row * itemCount + (excluded[i] as number)] = 1;
    }
    const outputs = await this.backend.run({
      items: { type: 'int32', dims: [batch, length], data: items },
      weights: { type: 'float32', dims: [batch, length], data: weights },
      mask: { type: 'bool', dims: [batch, itemCount], data: mask },
      k: { type: 'int32', dims: [1], data: Int32Array.of(k) },
      explain: { type: 'bool', dims: [1], data: Uint8Array.of(explain ? 1 : 0) },
    });
    const indices = outputs.indices?.data as Int32Array;
    const scores = outputs.scores?.data as Float32Array;
    const contributions = outputs.contributions?.data as Float32Array;
    const answered = Math.min(k, itemCount);
    return requests.map(({ limit, explain, items: { length: history } }, row) => {
      const first = row * answered;
      let count = Math.min(limit, answered);
      // What is masked comes last, as -1.
      while (count > 0 && (indices[first + count - 1] as number) < 0) count--;
      const result = { indices: indices.subarray(first, first + count), scores: scores.subarray(first, first + count) };
      if (!explain) return result;
      const ofRow = contributions.subarray(row * length * answered, (row + 1) * length * answered);
      return { ...result, contributions: columns(ofRow, history, answered, count) };
    });
  }

  /** Frees the model's memory. Nothing may run on it any more. */
  async close(): Promise<void> {
    await this.backend.close();
  }
}

/** The first columns of the first rows of a matrix, row-major. */
function columns(matrix: Float32Array, rows: number, width: number, count: number): Float32Array {
  const result = new Float32Array(rows * count);
  for (let row = 0; row < rows; row++) result.set(matrix.subarray(row * width, row * width + count), row * count);
  return result;
}

type Sides = Pick<InferenceBackend, 'inputs' | 'outputs'>;

function assertSame(where: string, actual: Sides, expected: Signature): void {
  const text = (tensors: Sides['inputs']) =>
    tensors.map(({ name, type, shape }) => `${name} ${type}[${shape.join(', ')}]`).join('; ');
  for (const side of ['inputs', 'outputs'] as const) {
    if (text(actual[side]) === text(expected[side])) continue;
    throw new UnservableModelError(
      `${where} has the ${side} ${text(actual[side])}; this server serves ${text(expected[side])}`,
    );
  }
}
