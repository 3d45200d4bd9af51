import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { App, Aspects, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { Finding, Guard } from '../../../src/guards/guard';
import { guardStacks } from '../../../src/guards/guard-stacks';
import { implyResource } from '../../../src/guards/implied-resource';

const outdir = mkdtempSync(join(tmpdir(), 'guards-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

class Shop extends TerraformStack {
  readonly store: Construct;

  constructor(app: App, id: string) {
    super(app, id);
    new AwsProvider(this, 'Aws');
    this.store = new Construct(this, 'Store');
    new S3Bucket(this.store, 'Resource', { bucket: `${id}-store` });
  }
}

/** Finds each bucket, by a name that an aspect may have changed. */
const buckets = (severity: Finding['severity']): Guard => ({
  check: (stacks) =>
    stacks.flatMap((stack) =>
      stack
        .ofType('aws_s3_bucket')
        .map(({ path, block }) => ({ severity, path, message: `${block.bucket} is there.` })),
    ),
});

const app = () => new App({ outdir });

test('all errors of a stack are told at once, each on its construct', () => {
  const shop = app();
  const stack = new Shop(shop, 'errors');
  new S3Bucket(stack, 'Other', { bucket: 'other' });
  guardStacks([stack], [buckets('error')]);
  expect(() => shop.synth()).toThrow('[errors/Store/Resource] errors-store is there.\n[errors/Other] other is there.');
});

test('a warning is told and lets the synth through', () => {
  const shop = app();
  const stack = new Shop(shop, 'warnings');
  guardStacks([stack], [buckets('warning')]);
  shop.synth();
  expect(shop.manifest.forStack(stack).annotations).toEqual([
    expect.objectContaining({
      constructPath: 'warnings/Store/Resource',
      level: '@cdktf/warn',
      message: 'warnings-store is there.',
    }),
  ]);
});

test('a guard sees what aspects changed', () => {
  const shop = app();
  const stack = new Shop(shop, 'aspects');
  Aspects.of(stack).add({
    visit: (node) => {
      if (node instanceof S3Bucket) node.bucket = 'renamed';
    },
  });
  guardStacks([stack], [buckets('error')]);
  expect(() => shop.synth()).toThrow('renamed is there.');
});

test('stacks that share a promise are looked at together, when the last of them is there', () => {
  const shop = app();
  const [one, two] = [new Shop(shop, 'one'), new Shop(shop, 'two')];
  guardStacks([one, two], [buckets('error')]);
  expect(() => shop.synth()).toThrow(
    '[two] one/Store/Resource: one-store is there.\n[two/Store/Resource] two-store is there.',
  );
});

test('a finding is told once, however often a stack is synthesized', () => {
  const shop = app();
  const stack = new Shop(shop, 'again');
  guardStacks([stack], [buckets('warning')]);
  shop.synth();
  shop.synth();
  expect(shop.manifest.forStack(stack).annotations).toHaveLength(1);
});

test('a stack is synthesized once for all that look at it, and once to be written', () => {
  const shop = app();
  const stack = new Shop(shop, 'once');
  const toTerraform = jest.spyOn(stack, 'toTerraform');
  for (const _ of [1, 2, 3]) guardStacks([stack], [buckets('warning')]);
  shop.synth();
  expect(toTerraform).toHaveBeenCalledTimes(2);
});

test('a guard sees what a controller makes for a construct', () => {
  const shop = app();
  const stack = new Shop(shop, 'implied');
  implyResource(stack.store, { type: 'aws_s3_bucket', block: { bucket: 'made' }, madeBy: 'a controller' });
  guardStacks([stack], [buckets('error')]);
  expect(() => shop.synth()).toThrow('[implied/Store] made is there.');
});
