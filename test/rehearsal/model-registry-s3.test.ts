import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { openObjectStore } from '@cdktf-recommender/model-registry';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { describeObjectStore, keys } from '../model-registry/object-store-contract';
import { describeModelRegistry } from '../model-registry/registry-contract';

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
