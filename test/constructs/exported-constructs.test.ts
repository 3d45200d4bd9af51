import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Construct } from 'constructs';
import * as aws from '../../constructs/aws';
import * as documentStore from '../../constructs/aws/document-store';

const ROOT = join(__dirname, '../..');
const TESTS = join(ROOT, 'test/constructs/aws');
const PAGES = join(ROOT, 'docs/constructs');

const read = (folder: string, end: string) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }));

const tests = read(TESTS, '.ts');
const snapshots = read(join(TESTS, '__snapshots__'), '.snap');
const examples = read(PAGES, '.md')
  .flatMap(({ text }) => [...text.matchAll(/^```ts\n(.*?)^```$/gms)])
  .map(([, code]) => code ?? '');

const isConstruct = (value: unknown) => typeof value === 'function' && value.prototype instanceof Construct;
const constructs = Object.entries({ ...aws, ...documentStore })
  .filter(([, value]) => isConstruct(value))
  .map(([name]) => name);
/** They find what is there, and make nothing. */
const LOOKUPS = ['ImageRepository'];

/** Logical ids of what they make, which is not below themselves. */
const IDS_ELSEWHERE: Readonly<Record<string, string>> = {
  // Its policy belongs to the identity that it is given.
  XRayTraces: 'Cluster_TraceCollector_SendTraces',
};

/** Ids below which tests make a construct, with the snapshots in which that may show: the test's own, or a fixture's users'. */
function made(construct: string): { id: string; seenIn: typeof snapshots }[] {
  const creation = new RegExp(`\\b(?:new ${construct}|${construct}\\.fromName)\\(\\s*\\w+,\\s*'(\\w+)'`, 'g');
  return tests.flatMap(({ name, text }) =>
    [...text.matchAll(creation)].map(([, id = '']) => ({
      id: IDS_ELSEWHERE[construct] ?? id,
      seenIn: snapshots.filter((snapshot) => !name.endsWith('.test.ts') || snapshot.name === `${name}.snap`),
    })),
  );
}

test('the constructs are found', () => {
  expect(constructs).toEqual(expect.arrayContaining(['Network', 'RecommenderCluster', 'DocumentStore']));
  expect(constructs).not.toContain('CapacityPlan');
});

describe.each(constructs)('%s', (construct) => {
  test('is made by a test of its own, or by a fixture', () => {
    expect(made(construct)).not.toEqual([]);
  });

  test('has its HCL in a snapshot, if it makes anything', () => {
    if (LOOKUPS.includes(construct)) return;
    const shown = made(construct).filter(({ id, seenIn }) =>
      seenIn.some(({ text }) => new RegExp(`^"?resource "\\w+" "${id}_`, 'm').test(text)),
    );
    expect(shown).not.toEqual([]);
  });

  test("is in an example of the constructs' pages, which a test compiles", () => {
    expect(examples.filter((code) => new RegExp(`\\b${construct}\\b`).test(code))).not.toEqual([]);
  });
});
