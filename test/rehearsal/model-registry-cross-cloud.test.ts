import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { ModelRegistry, openObjectStore, syncVersions } from '@cdktf-recommender/model-registry';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { candidate, MODEL } from '../model-registry/fixtures';
import { runSource } from '../model-registry/source-process';
import { describeSync } from '../model-registry/sync-contract';
import { type EmulatedBlobStorage, emulatedBlobStorage } from './azure-blob';

let blob: EmulatedBlobStorage;
let moto: Moto;
let client: S3Client;
let bucketUrl: string;
let buckets = 0;

beforeAll(async () => {
  moto = await startMoto({ onProgress: console.log });
  process.env.AWS_ENDPOINT_URL = moto.endpoint;
  process.env.AWS_REGION = 'us-east-1';
  process.env.AWS_ACCESS_KEY_ID = 'test';
  process.env.AWS_SECRET_ACCESS_KEY = 'test';
  client = new S3Client({ forcePathStyle: true });
  blob = await emulatedBlobStorage();
}, 600_000);

afterAll(async () => {
  client?.destroy();
  await Promise.all([moto?.stop(), blob?.azurite.stop()]);
});

async function freshBucket() {
  const bucket = `models-${++buckets}`;
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  bucketUrl = `s3://${bucket}/team/models`;
  return openObjectStore(bucketUrl);
}

describe('a sync from S3 to Azure Blob', () => {
  describeSync(freshBucket, () => blob.openFresh());

  test('by the program, with the settings that the job on Azure has', async () => {
    const one = candidate(1);
    await new ModelRegistry(await freshBucket(), MODEL).register(one);
    const destination = await blob.openFresh();
    const env = { SYNC_SOURCE_URL: bucketUrl, SYNC_DESTINATION_URL: destination.url, SYNC_MODEL: MODEL };
    const run = await runSource('model-registry/src/sync-main.ts', [], env);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '')).toMatchObject({ outcome: 'summary', copied: 1 });
    expect(await new ModelRegistry(destination, MODEL).fetch(one.version)).toEqual(one);
  });
});

describe('a sync from Azure Blob to S3', () => {
  test('and back, into another container, is the same versions', async () => {
    const source = await blob.openFresh();
    const one = candidate(1);
    await new ModelRegistry(source, MODEL).register(one);
    const bucket = await freshBucket();
    expect((await syncVersions({ source, destination: bucket, model: MODEL })).copied).toBe(1);
    const other = await blob.openFresh();
    expect((await syncVersions({ source: bucket, destination: other, model: MODEL })).copied).toBe(1);
    expect(await new ModelRegistry(other, MODEL).fetch(one.version)).toEqual(one);
  });
});
