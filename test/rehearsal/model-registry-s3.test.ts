import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DirectoryObjectStore, ModelRegistry, openObjectStore, syncVersions } from '@cdktf-recommender/model-registry';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { candidate, MODEL, temporaryDirectory } from '../model-registry/fixtures';
import { describeObjectStore, keys } from '../model-registry/object-store-contract';
import { describeModelRegistry } from '../model-registry/registry-contract';
import { runSource } from '../model-registry/source-process';
import { describeSync } from '../model-registry/sync-contract';

let moto: Moto;
let client: S3Client;
let url: string;
let stores = 0;

beforeAll(async () => {
  moto = await startMoto({ onProgress: console.log });
  // What a user sets: the store takes everything from the SDK's own chain.
  process.env.AWS_ENDPOINT_URL = moto.endpoint;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  client = new S3Client({ forcePathStyle: true });
}, 600_000);

afterAll(async () => {
  client?.destroy();
  await moto?.stop();
});

const store = {
  fresh: async () => {
    const bucket = `models-${++stores}`;
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    url = `s3://${bucket}/team/models`;
  },
  open: () => openObjectStore(url),
};

describe('an object store in S3', () => {
  describeObjectStore(store);

  test('a list goes on after its first thousand keys', async () => {
    await store.fresh();
    const objects = await store.open();
    const expected = Array.from({ length: 1001 }, (_, i) => `shop/runs/${i}.json`);
    for (let i = 0; i < expected.length; i += 40) {
      const batch = expected.slice(i, i + 40);
      await Promise.all(batch.map((key) => objects.put(key, Buffer.from('{}'), { ifNoneMatch: '*' })));
    }
    expect((await keys(objects, 'shop/runs/')).sort()).toEqual(expected.sort());
  });
});

describe('a model registry in S3', () => describeModelRegistry(store));

describe('a sync from S3 to directory', () => {
  const bucket = async () => {
    await store.fresh();
    return store.open();
  };
  describeSync(bucket);

  test('and back, into another bucket, is the same versions', async () => {
    const source = await bucket();
    const one = candidate(1);
    await new ModelRegistry(source, MODEL).register(one);
    const directory = new DirectoryObjectStore(temporaryDirectory());
    const other = await bucket();
    await syncVersions({ source, destination: directory, model: MODEL });
    expect((await syncVersions({ source: directory, destination: other, model: MODEL })).copied).toBe(1);
    expect(await new ModelRegistry(other, MODEL).fetch(one.version)).toEqual(one);
  });

  test('by the program, with the settings that a job has', async () => {
    const one = candidate(1);
    await new ModelRegistry(await bucket(), MODEL).register(one);
    const directory = temporaryDirectory();
    const env = { SYNC_SOURCE_URL: url, SYNC_DESTINATION_URL: directory, SYNC_MODEL: MODEL };
    const run = await runSource('model-registry/src/sync-main.ts', [], env);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ outcome: 'summary', copied: 1 });
    expect(await new ModelRegistry(new DirectoryObjectStore(directory), MODEL).fetch(one.version)).toEqual(one);
  });
});

describe('S3 that can not be used', () => {
  test('a bucket that is not there is named', async () => {
    const objects = await openObjectStore('s3://no-such-bucket/models');
    const refused = { code: 'STORE_NOT_FOUND', message: 'there is no bucket "no-such-bucket"' };
    await expect(objects.get('shop/a')).rejects.toMatchObject(refused);
    await expect(objects.put('shop/a', Buffer.from(''), { ifNoneMatch: '*' })).rejects.toMatchObject(refused);
    await expect(keys(objects, 'shop/')).rejects.toMatchObject(refused);
  });

  test('an endpoint that does not answer is one line and a hint', async () => {
    process.env.AWS_ENDPOINT_URL = 'http://127.0.0.1:1';
    try {
      const objects = await openObjectStore('s3://models');
      await expect(objects.get('shop/a')).rejects.toMatchObject({
        code: 'STORE_UNAVAILABLE',
        message: expect.stringMatching(/^can't use s3:\/\/models\/shop\/a: .*ECONNREFUSED.*$/),
        hint: 'Check the network, the region and AWS_ENDPOINT_URL.',
      });
    } finally {
      process.env.AWS_ENDPOINT_URL = moto.endpoint;
    }
  });
});
