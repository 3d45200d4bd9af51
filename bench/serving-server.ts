/** The server under load: `node serving-server.js batched|unbatched`. Sends its address to the process that started it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFiles, type ModelVersion, recommenderSignature } from '@cdktf-recommender/model-registry';
import {
  Batcher,
  createApp,
  FileUserStateStore,
  Lifecycle,
  Metrics,
  RecommenderModel,
  type Scorer,
} from '@cdktf-recommender/model-server';
import { recommenderGraph } from '@cdktf-recommender/trainer';
import pino from 'pino';
import { generator, histories, ITEMS } from './histories';

const BATCH_SIZE = 32;

/** A run for each request, begun at once. */
function unbatched(model: RecommenderModel): Scorer {
  return {
    score: async (request) => (await model.run([request]))[0] ?? [],
    drained: async () => undefined,
  };
}

function syntheticVersion(): ModelVersion {
  const random = generator(2);
  const weights = Float32Array.from({ length: ITEMS * ITEMS }, () => (random() - 0.45) * 0.05);
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const files = {
    'model.onnx': Buffer.from(recommenderGraph({ weights, items: ITEMS })),
    'items.json': json(Array.from({ length: ITEMS }, (_, i) => ({ id: `item-${i}`, name: `Item number ${i}` }))),
    'popular.json': json({
      windowDays: 28,
      items: Array.from({ length: 200 }, (_, index) => ({ index, customers: 1 })),
    }),
  };
  return {
    version: '0'.repeat(64),
    files,
    manifest: {
      schemaVersion: 1,
      model: 'synthetic',
      algorithm: { name: 'random', parameters: {} },
      signature: recommenderSignature(ITEMS),
      weighting: { kind: 'binary' },
      metrics: {},
      evaluation: { protocol: 'none', cut: '2011-10-01', customers: 0 },
      dataset: {
        name: 'synthetic',
        source: 'bench/serving-server.ts',
        sha256: '0'.repeat(64),
        from: '2011-01-01T00:00:00',
        to: '2011-01-02T00:00:00',
        interactions: 0,
        customers: 0,
        items: ITEMS,
      },
      files: describeFiles(files),
    },
  };
}

async function main(mode: string): Promise<void> {
  const model = await RecommenderModel.load(syntheticVersion(), BATCH_SIZE);
  const batched = new Batcher({ batchSize: BATCH_SIZE, run: (requests) => model.run(requests) });
  const directory = mkdtempSync(join(tmpdir(), 'bench-'));
  const users = new FileUserStateStore({ directory, usersCached: 1000 });
  for (const [user, items] of histories().entries()) {
    await users.append(
      `${user}`,
      items.map((item) => ({ item, at: 0 })),
    );
  }
  const app = createApp({
    // No deadline cuts in: both modes answer every request by the model.
    config: { console: false, deadlineMs: 60_000, staticItems: [] },
    models: {
      current: { model, scorer: mode === 'batched' ? batched : unbatched(model), source: 'store', since: Date.now() },
      problem: undefined,
    },
    users,
    metrics: new Metrics(),
    lifecycle: new Lifecycle(),
    logger: pino({ level: 'warn' }),
  });
  const server = createServer(app).listen(0, '127.0.0.1', () => {
    process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  let before = process.cpuUsage();
  // The load asks for the processor time since it last asked, in microseconds.
  process.on('message', () => {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    process.send?.(user + system);
  });
  process.once('SIGTERM', () => {
    rmSync(directory, { recursive: true, force: true });
    process.exit(0);
  });
}

void main(process.argv[2] ?? '');
