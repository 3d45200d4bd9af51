import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { cutBefore, histories, prepareData, readDataset } from '@cdktf-recommender/trainer';
import { z } from 'zod';
import type { DataBucket } from '../data-bucket';
import { StageError } from '../errors';
import { keysOf, Run, stage } from './stage';

/** Makes one clean file of all that is below `input/`, with the customers' histories beside it. */
export const prepare = stage({
  input: z.strictObject(Run),
  run: async ({ runId }, { bucket, registry, settings }, folder) => {
    const data = join(folder, 'transactions.csv');
    const { dropped, malformed } = await prepareData({ inputs: await downloadInputs(bucket, folder), output: data });
    const { account, interactions } = await readDataset(data);
    const people = join(folder, 'histories.jsonl');
    await pipeline(Readable.from(linesOf(histories(interactions))), createWriteStream(people));

    const keys = keysOf(runId);
    await bucket.upload(data, keys.data);
    await bucket.upload(people, keys.histories);
    await bucket.putJson(keys.account, { ...account, dropped, malformed });

    const champion = await registry.channel(settings.channel);
    const before = champion && (await registry.manifest(champion.version)).dataset.interactions;
    return {
      interactions: account.kept,
      newInteractions: account.kept - (before ?? 0),
      cut: cutBefore(account.to, settings.testDays),
      champion: champion?.version ?? null,
    };
  },
});

async function downloadInputs(bucket: DataBucket, folder: string): Promise<string[]> {
  const keys = (await bucket.keys('input/')).filter((key) => /\.csv(\.gz)?$/.test(key));
  if (keys.length === 0) {
    throw new StageError('InputUnusable', `s3://${bucket.bucket}/input/ holds no .csv and no .csv.gz`);
  }
  const paths: string[] = [];
  for (const [index, key] of keys.entries()) {
    const path = join(folder, `input-${index}`);
    await bucket.download(key, path);
    paths.push(path);
  }
  return paths;
}

function* linesOf(values: Iterable<unknown>): Generator<string> {
  for (const value of values) yield `${JSON.stringify(value)}\n`;
}
