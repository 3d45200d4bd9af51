import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import {
  describeFiles,
  type Manifest,
  type ModelFiles,
  openModelRegistry,
  recommenderSignature,
} from '../../model-registry/src/index';
import { ServerConfig } from '../../model-server/src/config';
import { readLocalVersion } from '../../model-server/src/models/local-version';
import { RecommenderModel } from '../../model-server/src/recommender-model';
import { type RunningServer, startServer } from '../../model-server/src/server';
import { recommenderGraph } from '../../trainer/src/onnx/recommender-graph';

export const MODEL = 'test';
export const CHANNEL = 'production';
export const silent = pino({ level: 'silent' });

/** Halves, thirds, quarters, fifths and sixths are whole multiples of its inverse. */
const STEPS = 120;

/** Item i is `item-i`; what it adds to item j's score is `weight(i, j)`, −1 to 1, in steps of 1/120. */
export interface SmallModel {
  items?: number;
  weight?: (i: number, j: number) => number;
  popular?: number[];
  nameOf?: (item: number) => string;
  signature?: Manifest['signature'];
}

/** By default an item recommends its followers, the next one most: 0 → 1, 2, 3 … */
export function smallVersion({
  items = 6,
  weight = (i, j) => (i === j ? 0 : 1 / (1 + ((j - i + items) % items))),
  popular = [5, 4, 3, 2, 1, 0],
  nameOf = (item) => `Blüte № ${item}`,
  signature = recommenderSignature(items),
}: SmallModel = {}): { manifest: Manifest; files: ModelFiles } {
  const values = Int8Array.from({ length: items * items }, (_, cell) =>
    Math.round(STEPS * weight(Math.floor(cell / items), cell % items)),
  );
  const scales = new Float32Array(items).fill(1 / STEPS);
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const files: ModelFiles = {
    'model.onnx': Buffer.from(recommenderGraph({ values, scales, items })),
    'items.json': json(Array.from({ length: items }, (_, i) => ({ id: `item-${i}`, name: nameOf(i) }))),
    'popular.json': json({ windowDays: 28, items: popular.map((index) => ({ index, customers: 10 + index })) }),
  };
  const manifest: Manifest = {
    schemaVersion: 1,
    model: MODEL,
    algorithm: { name: 'ease', parameters: { lambda: 300 } },
    signature,
    weighting: { kind: 'exponential', halfLifeDays: 10 },
    metrics: { 'ndcg@20': { value: 0.1, low: 0.09, high: 0.11 } },
    evaluation: { protocol: 'temporal split', cut: '2011-10-01', customers: 10 },
    dataset: {
      name: 'small',
      source: 'this test',
      sha256: '0'.repeat(64),
      from: '2010-12-01T08:26:00',
      to: '2011-09-30T17:22:00',
      interactions: 100,
      customers: 10,
      items,
    },
    files: describeFiles(files),
  };
  return { manifest, files };
}

/** Registers a version and points the channel to it. */
export async function publish(store: string, model?: SmallModel): Promise<string> {
  const registry = await openModelRegistry(store, MODEL);
  const version = await registry.register(smallVersion(model));
  await registry.promote(CHANNEL, version, { by: 'test' });
  return version;
}

/** Flips one bit in the middle of a file. */
export async function flipByte(...path: string[]): Promise<void> {
  const file = join(...path);
  const bytes = await readFile(file);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] as number) ^ 1;
  await writeFile(file, bytes);
}

/** Directories and servers of a test file; `cleanUp` belongs in `afterAll` or `afterEach`. */
export class Workbench {
  private readonly undo: (() => Promise<unknown>)[] = [];

  async directory(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'model-server-'));
    this.undo.push(() => rm(path, { recursive: true, force: true }));
    return path;
  }

  /** A configuration with a store and a users' directory of its own. */
  async config(overrides: Partial<ServerConfig> = {}): Promise<ServerConfig> {
    const directory = await this.directory();
    return ServerConfig.parse({
      port: 0,
      model: MODEL,
      store: join(directory, 'store'),
      users: join(directory, 'users'),
      modelCache: join(directory, 'cache'),
      pollSeconds: 3600,
      deadlineMs: 5000,
      drainSeconds: 0,
      // Its own tests turn it on; in others each request is to reach the model.
      resultCache: 'off',
      ...overrides,
    });
  }

  /** A model that is loaded, without a server. */
  model(small?: SmallModel): Promise<RecommenderModel> {
    return this.load(smallVersion(small));
  }

  async load(candidate: { manifest: Manifest; files: ModelFiles }): Promise<RecommenderModel> {
    const registry = await openModelRegistry(await this.directory(), MODEL);
    const version = await registry.register(candidate);
    const model = await RecommenderModel.load(await readLocalVersion(registry, version));
    this.undo.push(() => model.close());
    return model;
  }

  async server(config: ServerConfig): Promise<RunningServer> {
    const server = await startServer(config, silent);
    this.undo.push(() => server.close({ drain: false }));
    return server;
  }

  async cleanUp(): Promise<void> {
    for (const undo of this.undo.splice(0).reverse()) await undo();
  }
}

export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever the server answers
  body: any;
}

export async function request(url: string, init?: RequestInit): Promise<Reply> {
  const response = await fetch(url, init);
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export function post(url: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
