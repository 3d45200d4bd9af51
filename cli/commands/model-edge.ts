import { readFile, writeFile } from 'node:fs/promises';
import type { EdgePack } from '@cdktf-recommender/model-server';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { UsageError } from '../failure';
import { jsonOption, modelOption, storeOption, wholeNumber } from '../options';
import { Output } from '../output';
import { Progress } from '../progress';

interface PackOptions {
  readonly store: string;
  readonly model: string;
  readonly out: string;
  readonly limit: number;
  readonly visitor: string;
  readonly json?: boolean;
}

export function edgePackCommand(): Command {
  return new Command('edge-pack')
    .description("write a version's popular items, and those like each, as a pack for CloudFront's edge")
    .argument('<version>', 'version, its first 6 or more digits, or a channel')
    .addOption(storeOption())
    .addOption(modelOption())
    .requiredOption('--out <file>', 'where to write the pack, as JSON')
    .addOption(
      new Option('--limit <items>', 'items in an answer; who asks for more is sent on to the server')
        .argParser(wholeNumber(1, 100))
        .default(10),
    )
    .addOption(
      new Option('--visitor <user>', 'the customer that visitors without an account ask as').default('visitor'),
    )
    .addOption(jsonOption())
    .action(async (reference: string, options: PackOptions) => {
      const { limit, visitor, out } = options;
      const { openModelRegistry } = await import('@cdktf-recommender/model-registry');
      const { edgePackOf } = await import('@cdktf-recommender/model-server');
      const registry = await openModelRegistry(options.store, options.model);
      const version = await registry.resolve(reference);
      const { pack, items } = await new Progress().step(
        'Ask the model about its items',
        () => edgePackOf(registry, version, { limit, visitor }),
        (packed) => `${packed.pack.data.length.toLocaleString('en')} keys`,
      );
      await writeFile(out, `${JSON.stringify(pack)}\n`);
      // Beside these there are the pointer and the popular items.
      const similar = pack.data.length - 2;
      const result = { out, version, items, similar, bytes: bytesOf(pack) };
      new Output(options.json ?? false).result(result, () => {
        const kept = `${similar.toLocaleString('en')} of ${items.toLocaleString('en')} items`;
        return `${out} has what is like ${kept}, and what is popular: ${result.bytes.toLocaleString('en')} bytes`;
      });
    });
}

interface PushOptions {
  readonly storeArn: string;
  readonly json?: boolean;
}

const STORE_ARN = /^arn:aws[a-z-]*:cloudfront::\d{12}:key-value-store\/[\w-]+$/;

export function edgePushCommand(): Command {
  return new Command('edge-push')
    .description("make a pack the one that CloudFront's edge answers from; pushing it again changes nothing")
    .argument('<file>', "a pack, of 'recommender model edge-pack'")
    .requiredOption('--store-arn <arn>', 'of the key-value store')
    .addOption(jsonOption())
    .action(async (file: string, options: PushOptions) => {
      if (!STORE_ARN.test(options.storeArn)) {
        throw new UsageError(
          `--store-arn is ${options.storeArn}; it must be arn:aws:cloudfront::<account>:key-value-store/<id>.`,
        );
      }
      const pack = await readPack(file);
      const { edgeChanges } = await import('@cdktf-recommender/model-server');
      const { EdgeStore } = await import('../edge/edge-store.js');
      const store = new EdgeStore(options.storeArn);
      try {
        const { entries, etag } = await store.read();
        const changes = edgeChanges(entries, pack);
        await new Progress().step(
          'Change the store',
          (report) => store.change(etag, changes, (done) => report(`${done} of ${changes.length} changes`)),
          () => `${changes.length} changes`,
        );
        const count = (what: 'puts' | 'deletes') => changes.reduce((sum, change) => sum + change[what].length, 0);
        const result = { changes: changes.length, puts: count('puts'), deletes: count('deletes') };
        new Output(options.json ?? false).result(result, () =>
          changes.length === 0
            ? 'The store holds this pack already.'
            : `${result.puts.toLocaleString('en')} keys written, ${result.deletes.toLocaleString('en')} deleted`,
        );
      } finally {
        store.close();
      }
    });
}

const Pack = z.object({ data: z.array(z.object({ key: z.string(), value: z.string() })).min(1) });

async function readPack(file: string): Promise<EdgePack> {
  const text = await readFile(file, 'utf8');
  try {
    return Pack.parse(JSON.parse(text));
  } catch {
    throw new UsageError(`${file} is no pack; 'recommender model edge-pack' writes one.`);
  }
}

function bytesOf({ data }: EdgePack): number {
  return data.reduce((sum, { key, value }) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
}
