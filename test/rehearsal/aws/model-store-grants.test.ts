import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { type ModelRegistry, openModelRegistry } from '@cdktf-recommender/model-registry';
import { type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import { ModelStore } from '../../../constructs/aws';
import { named, onAws, statements } from '../../constructs/aws/fixtures';
import { candidate, MODEL, trainingRun } from '../../model-registry/fixtures';
import { BUCKET, GRANTED, grantAll, grantedRole } from './areas/storage';

type Verb = (typeof GRANTED)[number];

/** The roles' policies as Terraform writes them, with the ARNs filled in that it knows then. */
const stack = onAws((scope) => grantAll(scope, new ModelStore(scope, 'ModelStore', { bucketName: BUCKET })));
function policyOf(verb: Verb): string {
  const id = `${verb}Role_ModelStore${verb.replace(/^./, (letter) => letter.toUpperCase())}`;
  const Statement = statements(named(stack, 'aws_iam_role_policy', id).policy);
  const filled = JSON.stringify({ Version: '2012-10-17', Statement })
    .replace(/\$\{aws_s3_bucket\.\w+\.arn\}/g, `arn:aws:s3:::${BUCKET}`)
    .replace(/\$\{aws_kms_key\.\w+\.arn\}/g, 'arn:aws:kms:us-east-1:123456789012:key/store');
  expect(filled).not.toMatch(/\$\{aws_/);
  return filled;
}

const CHANNEL = 'candidate';
const first = candidate(1);
const second = candidate(2);
const ROLLOUT = {
  version: first.version,
  promotedAt: '2026-01-01T00:00:00.000Z',
  previous: null,
  verdict: 'promoted' as const,
  reason: 'all pods are ready',
  at: '2026-01-01T00:05:00.000Z',
};

let moto: Moto;
let registries: Record<Verb, ModelRegistry>;

beforeAll(async () => {
  moto = await startMoto({ onProgress: console.log });
  process.env.AWS_ENDPOINT_URL = moto.endpoint;
  process.env.AWS_REGION = 'us-east-1';
  useCredentials('rehearsal', 'rehearsal');
  const client = new S3Client({ forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }));
  client.destroy();
  const made = await openModelRegistry(`s3://${BUCKET}`, MODEL);
  await made.register(first);
  await made.promote(CHANNEL, first.version, { by: 'ann' });
  const opened: Partial<Record<Verb, ModelRegistry>> = {};
  // One after the other: the SDK finds its credentials in the environment.
  for (const verb of GRANTED) opened[verb] = await registryOf(verb);
  registries = opened as Record<Verb, ModelRegistry>;
  // From now on every call needs a signature, and a policy that allows it.
  await fetch(`${moto.endpoint}/moto-api/reset-auth`, { method: 'POST', body: '0' });
}, 300_000);

afterAll(() => moto?.stop());

function useCredentials(id: string, secret: string, token = ''): void {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token });
  if (token === '') delete process.env.AWS_SESSION_TOKEN;
}

/** AWS's Query API: a form in, XML out. */
async function query(service: string, Version: string, Action: string, parameters: Record<string, string>) {
  const scope = `rehearsal/20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(moto.endpoint, {
    method: 'POST',
    headers: { authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0` },
    body: new URLSearchParams({ Action, Version, ...parameters }),
  });
  const body = await response.text();
  if (!response.ok) throw new Error(`${Action} answered ${response.status}: ${body}`);
  return (tag: string) => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(body)?.[1] ?? '';
}

/** The registry as somebody has it who acts as the role of a verb. */
async function registryOf(verb: Verb): Promise<ModelRegistry> {
  const RoleName = grantedRole(verb);
  const iam = (action: string, parameters: Record<string, string>) =>
    query('iam', '2010-05-08', action, { RoleName, ...parameters });
  const made = await iam('CreateRole', {
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
    }),
  });
  await iam('PutRolePolicy', { PolicyName: verb, PolicyDocument: policyOf(verb) });
  const session = await query('sts', '2011-06-15', 'AssumeRole', { RoleArn: made('Arn'), RoleSessionName: verb });
  useCredentials(session('AccessKeyId'), session('SecretAccessKey'), session('SessionToken'));
  const registry = await openModelRegistry(`s3://${BUCKET}`, MODEL);
  // The client asks for its credentials once, with the first call.
  await registry.channel(CHANNEL);
  return registry;
}

const serve = (registry: ModelRegistry) => registry.fetch(first.version);
const train = async (registry: ModelRegistry) => {
  await registry.register(second);
  await registry.recordRun(trainingRun('run-2', second.version, '2026-01-01T00:00:00.000Z'));
};
const promote = (registry: ModelRegistry) => registry.promote(CHANNEL, second.version, { by: 'ann' });
const report = (registry: ModelRegistry) => registry.rollouts.record(CHANNEL, 'shop-prod', ROLLOUT);

const REFUSED = { code: 'STORE_UNAVAILABLE', hint: expect.stringContaining('Allow s3:GetObject, s3:PutObject') };

test('whoever has no session with a role is let in nowhere', async () => {
  useCredentials('AKIANOBODY', 'nothing');
  const nobody = await openModelRegistry(`s3://${BUCKET}`, MODEL);
  await expect(nobody.channel(CHANNEL)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
});

test.each(GRANTED)('%s serves: it reads a channel, lists versions and fetches one', async (verb) => {
  expect((await registries[verb].channel(CHANNEL))?.version).toBe(first.version);
  expect(await registries[verb].versions()).toContain(first.version);
  expect(await serve(registries[verb])).toEqual(first);
});

test.each(GRANTED.filter((verb) => verb !== 'write'))('%s adds no version and no run', async (verb) => {
  await expect(registries[verb].register(second)).rejects.toMatchObject(REFUSED);
  const run = trainingRun('run-1', first.version, '2026-01-01T00:00:00.000Z');
  await expect(registries[verb].recordRun(run)).rejects.toMatchObject(REFUSED);
});

test('write trains: it registers a version and records its run', async () => {
  await train(registries.write);
  expect(await registries.read.fetch(second.version)).toEqual(second);
  expect((await registries.read.runs()).map(({ id }) => id)).toEqual(['run-2']);
});

test.each(GRANTED.filter((verb) => verb !== 'promote'))('%s moves no channel', async (verb) => {
  await expect(promote(registries[verb])).rejects.toMatchObject(REFUSED);
  expect((await registries.read.channel(CHANNEL))?.version).toBe(first.version);
});

test('promote points the channel to what was trained, and back', async () => {
  await promote(registries.promote);
  expect((await registries.read.channel(CHANNEL))?.version).toBe(second.version);
  await registries.promote.rollback(CHANNEL, { by: 'ann' });
  expect((await registries.read.channel(CHANNEL))?.version).toBe(first.version);
});

test.each(GRANTED.filter((verb) => verb !== 'reportRollouts'))('%s tells of no rollout', async (verb) => {
  await expect(report(registries[verb])).rejects.toMatchObject(REFUSED);
});

test('reportRollouts tells of a rollout', async () => {
  await report(registries.reportRollouts);
  expect(await registries.read.rollouts.get(CHANNEL, 'shop-prod')).toMatchObject(ROLLOUT);
});

test.each([
  ['write', `${MODEL}/channels/versions/prod.json`],
  ['write', `outlet/versions/${first.version}/model.onnx`],
  ['promote', `${MODEL}/versions/${first.version}/channels/prod.json`],
  ['promote', 'outlet/channels/prod.json'],
  ['reportRollouts', `${MODEL}/versions/${first.version}/rollouts/prod`],
] as const)('%s of one model does not write %s', async (verb, key) => {
  const put = registries[verb].store.put(key, Buffer.from('{}'), { ifNoneMatch: '*' });
  await expect(put).rejects.toMatchObject(REFUSED);
});
