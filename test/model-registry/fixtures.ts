import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  describeFiles,
  type Manifest,
  type ModelFiles,
  type ObjectBytes,
  type ObjectStore,
  type StoredObject,
  type TrainingRun,
  versionOf,
  type WriteCondition,
  type WrittenObject,
} from '@cdktf-recommender/model-registry';

export const MODEL = 'shop';

/** Where the contracts run: `fresh` begins an empty store, `open` gives another handle on it. */
export interface StoreUnderTest {
  fresh(): Promise<void>;
  open(): Promise<ObjectStore>;
}

export interface Candidate {
  readonly manifest: Manifest;
  readonly files: ModelFiles;
  readonly version: string;
}

/** A small version that differs from another by its number. */
export function candidate(number: number, change: Partial<Manifest> = {}): Candidate {
  const files: ModelFiles = {
    'model.onnx': Buffer.alloc(1000, `weights ${number} `),
    'items.json': Buffer.from(JSON.stringify([{ id: '85123A', name: 'WHITE HANGING HEART' }])),
    'popular.json': Buffer.from(JSON.stringify({ windowDays: 28, items: [{ index: 0, customers: 3 }] })),
  };
  const manifest: Manifest = {
    schemaVersion: 1,
    model: MODEL,
    algorithm: { name: 'ease', parameters: { lambda: number } },
    signature: { inputs: [{ name: 'items', type: 'int32', shape: ['batch', 1] }], outputs: [] },
    weighting: { kind: 'binary' },
    metrics: { 'ndcg@20': { value: 0.111, low: 0.104, high: 0.118 } },
    evaluation: { protocol: 'temporal', cut: '2011-10-01', customers: 1753 },
    dataset: {
      name: 'online-retail',
      source: 'UCI',
      sha256: 'a'.repeat(64),
      from: '2010-12-01T08:26:00',
      to: '2011-12-09T12:50:00',
      interactions: 3,
      customers: 3,
      items: 1,
    },
    files: describeFiles(files),
    ...change,
  };
  return { manifest, files, version: versionOf(manifest) };
}

export function fileKey(version: string, name: string): string {
  return `${MODEL}/versions/${version}/${name}`;
}

export function trainingRun(id: string, version: string, startedAt: string): TrainingRun {
  return {
    id,
    version,
    startedAt,
    finishedAt: startedAt,
    by: 'ci',
    revision: null,
    environment: { node: 'v20' },
    timings: { train: 1.5 },
  };
}

/** A directory that is removed after the tests of the file. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'model-registry-'));
  made.push(directory);
  return directory;
}

const made: string[] = [];
afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** Replaces an object's bytes as no caller of the registry could. */
export async function tamper(store: ObjectStore, key: string, body: Buffer): Promise<void> {
  const existing = await store.get(key);
  await store.put(key, body, existing ? { ifMatch: existing.etag } : { ifNoneMatch: '*' });
}

/** A store whose writes go through a test's hands. */
export class InterceptedStore implements ObjectStore {
  readonly url: string;
  puts = 0;

  constructor(
    private readonly inner: ObjectStore,
    private readonly onPut: (
      number: number,
      write: (body?: Buffer) => Promise<WrittenObject>,
      body: Buffer,
    ) => Promise<WrittenObject>,
  ) {
    this.url = inner.url;
  }

  get(key: string): Promise<StoredObject | undefined> {
    return this.inner.get(key);
  }

  getIfChanged(key: string, etag: string): Promise<StoredObject | 'unchanged' | undefined> {
    return this.inner.getIfChanged(key, etag);
  }

  stream(key: string): Promise<ObjectBytes | undefined> {
    return this.inner.stream(key);
  }

  localPath(key: string): string | undefined {
    return this.inner.localPath(key);
  }

  put(key: string, body: Buffer, condition: WriteCondition): Promise<WrittenObject> {
    this.puts++;
    return this.onPut(this.puts, (other = body) => this.inner.put(key, other, condition), body);
  }

  list(prefix: string): AsyncIterable<string> {
    return this.inner.list(prefix);
  }
}
