import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectVersionsCommand,
  PutObjectLockConfigurationCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { type ModelRegistry, openModelRegistry } from '@cdktf-recommender/model-registry';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { ModelStore, ObjectLock } from '../../../constructs/aws';
import { onAws } from '../../constructs/aws/fixtures';
import { candidate, fileKey, MODEL } from '../../model-registry/fixtures';

/** A bucket locked as the construct locks it. */
const objectLock = ObjectLock.compliance({ days: 30 });
const template = onAws((stack) => void new ModelStore(stack, 'ModelStore', { bucketName: 'locked', objectLock }));
const { default_retention: retention } = template.resource('aws_s3_bucket_object_lock_configuration').rule as {
  default_retention: { mode: 'COMPLIANCE'; days: number };
};
const BUCKET = 'locked';

let moto: Moto;
let client: S3Client;
let registry: ModelRegistry;
const one = candidate(1);
const other = candidate(2);

beforeAll(async () => {
  moto = await startMoto({ onProgress: console.log });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: moto.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'rehearsal',
    AWS_SECRET_ACCESS_KEY: 'rehearsal',
  });
  client = new S3Client({ forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET, ObjectLockEnabledForBucket: true }));
  await client.send(
    new PutObjectLockConfigurationCommand({
      Bucket: BUCKET,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: retention.mode, Days: retention.days } },
      },
    }),
  );
  registry = await openModelRegistry(`s3://${BUCKET}`, MODEL);
  await registry.register(one);
}, 300_000);

afterAll(async () => {
  client?.destroy();
  await moto?.stop();
});

const versionsOf = async (key: string) =>
  (await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET, Prefix: key }))).Versions ?? [];

test('nobody deletes the bytes of a version before its time', async () => {
  const Key = fileKey(one.version, 'model.onnx');
  const [version] = await versionsOf(Key);
  const remove = client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key, VersionId: version?.VersionId }));
  await expect(remove).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(await registry.fetch(one.version)).toEqual(one);
});

test('a channel moves all the same, and what it pointed to before is kept', async () => {
  await registry.register(other);
  await registry.promote('prod', one.version, { by: 'ann' });
  await registry.promote('prod', other.version, { by: 'ann' });
  expect((await registry.channel('prod'))?.version).toBe(other.version);
  expect(await versionsOf(`${MODEL}/channels/prod.json`)).toHaveLength(2);
});
