import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { OpenStack } from '@cdktf-recommender/rehearsal';
import { recommender } from '../../cli/recommender';
import { ACCOUNT_ID, REGION } from './area';
import { killedApply } from './killed-apply';
import { openArea } from './rehearsed-area';

const EMPTY_STATE = JSON.stringify({ version: 4, resources: [] });
const ROLE = `arn:aws:iam::${ACCOUNT_ID}:role/shop-prod-scoring`;
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:shop-prod-pages`;

interface Found {
  readonly known: number;
  readonly orphans: readonly string[];
  readonly gone: readonly { readonly address: string; readonly arn: string }[];
  readonly unseen: readonly { readonly address: string; readonly type: string }[];
}

describe('recommender inventory', () => {
  let area: OpenStack;
  let folder: string;
  let s3: S3Client;
  const credentials = { AWS_ACCESS_KEY_ID: 'rehearsal', AWS_SECRET_ACCESS_KEY: 'rehearsal' };
  beforeEach(async () => {
    area = await openArea('inventory');
    folder = await mkdtemp(join(tmpdir(), 'inventory-'));
    s3 = new S3Client({
      endpoint: area.moto.endpoint,
      region: REGION,
      forcePathStyle: true,
      credentials: { accessKeyId: 'rehearsal', secretAccessKey: 'rehearsal' },
    });
  }, 300_000);
  afterEach(async () => {
    await area?.stop();
    s3?.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  const inventory = (state: string, ...args: string[]) =>
    recommender(
      ['inventory', '--region', REGION, '--project', 'shop', '--environment', 'prod', '--state', state, ...args],
      { env: { ...credentials, AWS_ENDPOINT_URL: area.moto.endpoint, AWS_REGION: REGION } },
    );
  async function found(state: string): Promise<{ exitCode: number; found: Found }> {
    const { exitCode, stdout, stderr } = await inventory(state, '--json');
    if (stdout === '') throw new Error(stderr);
    return { exitCode, found: JSON.parse(stdout) };
  }

  /** A copy of a state that doesn't know of roles. */
  async function withoutRoles(stateFile: string): Promise<string> {
    const state = JSON.parse(await readFile(stateFile, 'utf8')) as { resources: { type: string }[] };
    const resources = state.resources.filter(({ type }) => type !== 'aws_iam_role');
    const file = join(folder, 'without-roles.tfstate');
    await writeFile(file, JSON.stringify({ ...state, resources }));
    return file;
  }

  it('finds what an apply that was killed left, which no state knows', async () => {
    await killedApply(area, (body) => body.includes('Action=CreateTopic'));
    await writeFile(join(folder, 'empty.tfstate'), EMPTY_STATE);
    const { exitCode, found: left } = await found(join(folder, 'empty.tfstate'));
    expect(exitCode).toBe(1);
    expect(left.orphans).toContain(TOPIC);
    const { exitCode: again, stdout } = await inventory(join(folder, 'empty.tfstate'));
    expect(again).toBe(1);
    expect(stdout).toContain(`${left.orphans.length} orphans: they have the tags, and no state knows them.`);
    expect(stdout).toContain(`  ${TOPIC}\n`);
  }, 120_000);

  it('knows all of a deploy by its state, in a bucket too, a role that no state knows, and what is gone', async () => {
    await area.apply();
    const stateFile = join(folder, 'terraform.tfstate');
    await writeFile(stateFile, await area.state());
    const before = await found(`s3://${area.stateBucket}/${area.stateKey}`);
    expect(before).toMatchObject({ exitCode: 0, found: { orphans: [], gone: [], unseen: [] } });
    expect((await found(await withoutRoles(stateFile))).found.orphans).toEqual([ROLE]);

    await s3.send(new DeleteBucketCommand({ Bucket: 'shop-prod-models' }));
    const after = await found(stateFile);
    expect(after).toMatchObject({ exitCode: 1, found: { known: before.found.known - 1, orphans: [] } });
    expect(after.found.gone.map(({ arn }) => arn)).toEqual(['arn:aws:s3:::shop-prod-models']);
    expect((await inventory(stateFile)).stdout).toMatch(
      /1 are in a state and not in the account:\n.*\n.*aws_s3_bucket\.ModelStore_/,
    );
  }, 240_000);
});
