import { once } from 'node:events';
import { createServer, request as forward, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { CHANNEL, flipByte, MODEL, publish, request, smallVersion, Workbench } from '../model-server/fixtures';
import { type EmulatedBlobStorage, emulatedBlobStorage } from './azure-blob';

/** Stands before a store and writes down what is asked of it: `GET 304 channels/production.json`. */
class Watcher {
  readonly seen: string[] = [];
  private readonly server: Server;

  constructor(target: string) {
    const { hostname, port } = new URL(target);
    this.server = createServer((incoming, outgoing) => {
      const { method, url: path, headers } = incoming;
      const asked = forward({ hostname, port, method, path, headers }, (answer) => {
        const key = new URL(path ?? '', target).pathname.split(`/${MODEL}/`)[1];
        this.seen.push(`${method} ${answer.statusCode} ${key}`);
        outgoing.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        answer.pipe(outgoing);
      });
      incoming.pipe(asked);
    });
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

/** What holds for a server whose store is not on its machine. */
function describeServerOf(place: { url(): string; watcher(): Watcher }): void {
  const bench = new Workbench();
  let seen: string[];
  beforeEach(() => {
    seen = place.watcher().seen;
    seen.length = 0;
  });
  afterEach(() => bench.cleanUp());

  const backwards = { popular: [0, 1, 2, 3, 4, 5] };
  const versionFiles = (version: string) =>
    ['items.json', 'manifest.json', 'model.onnx', 'popular.json'].map((name) => `GET 200 versions/${version}/${name}`);
  const cachedGraph = (cache: string, version: string) => join(cache, MODEL, 'versions', version, 'model.onnx');

  it('reads a channel that did not change by one request without a body', async () => {
    const config = await bench.config({ store: place.url() });
    await publish(config.store);
    const { models } = await bench.server(config);
    seen.length = 0;
    await models.look();
    await models.look();
    expect(seen).toEqual(Array(2).fill(`GET 304 channels/${CHANNEL}.json`));
  });

  it('fetches each file of a new version once, and swaps to it', async () => {
    const config = await bench.config({ store: place.url() });
    await publish(config.store);
    const { models, url } = await bench.server(config);
    const second = await publish(config.store, backwards);
    seen.length = 0;
    await models.look();
    expect((await request(`${url}/readyz`)).body.modelVersion).toBe(second);
    expect(seen[0]).toBe(`GET 200 channels/${CHANNEL}.json`);
    expect(seen.slice(1).sort()).toEqual(versionFiles(second));
  });

  it('starts again from its disk, and asks the store for the channel alone', async () => {
    const config = await bench.config({ store: place.url() });
    const version = await publish(config.store);
    await (await bench.server(config)).close();
    seen.length = 0;
    const { models, url } = await bench.server(config);
    expect(models.current?.model.version).toBe(version);
    expect(seen).toEqual([`GET 200 channels/${CHANNEL}.json`]);
    expect((await request(`${url}/metrics`)).body).toContain('recommender_model_cache_lookups_total{result="hit"} 1');
  });

  it('starts a pinned version from its disk without the store', async () => {
    const config = await bench.config({ store: place.url() });
    const version = await publish(config.store);
    await (await bench.server(config)).close();
    seen.length = 0;
    const { models } = await bench.server({ ...config, version });
    expect([models.current?.model.version, seen]).toEqual([version, []]);
  });

  it('fetches a version again that has a flipped byte on its disk', async () => {
    const config = await bench.config({ store: place.url() });
    const version = await publish(config.store);
    await (await bench.server(config)).close();
    await flipByte(cachedGraph(config.modelCache, version));
    seen.length = 0;
    const { url } = await bench.server(config);
    expect((await request(`${url}/readyz`)).body.modelVersion).toBe(version);
    expect(seen.slice(1).sort()).toEqual(versionFiles(version));
    const { body } = await request(`${url}/metrics`);
    expect(body).toContain('recommender_model_cache_lookups_total{result="corrupt"} 1');
  });

  it('refuses a version that is damaged in the store and goes on with the good one', async () => {
    const config = await bench.config({ store: place.url() });
    const good = await publish(config.store);
    const { models, url } = await bench.server(config);
    const bad = await publish(config.store, backwards);
    const { store } = await openModelRegistry(config.store, MODEL);
    const key = `${MODEL}/versions/${bad}/model.onnx`;
    const object = await store.get(key);
    const damaged = Buffer.from(smallVersion(backwards).files['model.onnx']);
    damaged[100] = (damaged[100] as number) ^ 1;
    await store.put(key, damaged, { ifMatch: object?.etag ?? '' });
    await models.look();
    const { body } = await request(`${url}/v1/model`);
    expect([body.modelVersion, body.problem]).toEqual([good, expect.stringContaining(`${key} is corrupt: sha256`)]);
  });
}

describe('a model server of S3', () => {
  let moto: Moto;
  let watcher: Watcher;
  let buckets = 0;
  let url: string;
  beforeAll(async () => {
    moto = await startMoto({ onProgress: console.log });
    watcher = new Watcher(moto.endpoint);
    process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${await watcher.listen()}`;
    process.env.AWS_REGION = 'us-east-1';
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
  }, 600_000);
  afterAll(async () => {
    watcher?.close();
    await moto?.stop();
  });
  beforeEach(async () => {
    const Bucket = `models-${++buckets}`;
    const client = new S3Client({ forcePathStyle: true });
    await client.send(new CreateBucketCommand({ Bucket }));
    client.destroy();
    url = `s3://${Bucket}/team`;
  });

  describeServerOf({ url: () => url, watcher: () => watcher });
});

describe('a model server of Azure Blob', () => {
  let blob: EmulatedBlobStorage;
  let watcher: Watcher;
  beforeAll(async () => {
    blob = await emulatedBlobStorage();
    const { connectionString } = blob.azurite;
    const [, endpoint = ''] = /BlobEndpoint=(http:\/\/[^/;]+)/.exec(connectionString) ?? [];
    watcher = new Watcher(endpoint);
    const watched = `http://127.0.0.1:${await watcher.listen()}`;
    process.env.AZURE_STORAGE_CONNECTION_STRING = connectionString.replace(endpoint, watched);
  }, 600_000);
  afterAll(async () => {
    watcher?.close();
    await blob?.azurite.stop();
  });
  beforeEach(() => blob.fresh());

  describeServerOf({ url: () => blob.url(), watcher: () => watcher });
});
