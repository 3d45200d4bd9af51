import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { prepareData, train } from '@cdktf-recommender/trainer';
import { transactions } from './shop-file';

const CUT = '2011-06-01';
const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const SALE = '500000,20001,"MUG, ""BLUE""",1,2011-01-02 10:00:00,1.5,10001,France';
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'prepare-'));
});
afterAll(() => rm(folder, { recursive: true }));

const file = async (name: string, body: string | Buffer) => {
  await writeFile(join(folder, name), body);
  return join(folder, name);
};
const output = () => join(folder, 'output.csv');

test('what is trained on several files is what is trained on all their lines in one', async () => {
  const [header, ...lines] = transactions(7).trimEnd().split('\n');
  const half = lines.length / 2;
  const part = (some: string[]) => `${[header, ...some].join('\n')}\n`;
  const inputs = [
    await file('one.csv', part(lines.slice(0, half))),
    await file('two.csv.gz', gzipSync(part(lines.slice(half)))),
  ];
  expect(await prepareData({ inputs, output: output() })).toEqual({ kept: lines.length, dropped: 0, malformed: 0 });
  const whole = await train({ data: await file('whole.csv', part(lines)), cut: CUT, model: 'shop' });
  const prepared = await train({ data: output(), cut: CUT, model: 'shop' });
  expect(prepared.draft.manifest.files).toEqual(whole.draft.manifest.files);
  expect(prepared.draft.manifest.metrics).toEqual(whole.draft.manifest.metrics);
});

test('a sale stays as it was written; what is no sale of a product to a known customer goes', async () => {
  const others = ['C500001', ''].map((mark) =>
    mark ? SALE.replace('500000', mark) : SALE.replace('10001,France', ',France'),
  );
  const input = await file('mixed.csv', [HEADER, SALE, ...others].join('\n'));
  expect(await prepareData({ inputs: [input], output: output() })).toEqual({ kept: 1, dropped: 2, malformed: 0 });
  expect(await readFile(output(), 'utf8')).toBe(`${HEADER}\n${SALE}\n`);
});

test('the same inputs give the same bytes, and an earlier output is overwritten', async () => {
  const input = await file('shop.csv', transactions(3));
  const hashes = [];
  for (let time = 0; time < 2; time++) {
    await prepareData({ inputs: [input], output: output() });
    hashes.push(
      createHash('sha256')
        .update(await readFile(output()))
        .digest('hex'),
    );
  }
  expect(hashes[1]).toBe(hashes[0]);
});

test('fails when a file holds too many malformed lines, however good the others are', async () => {
  const good = await file('good.csv', transactions(3));
  const bad = await file('bad.csv', [HEADER, SALE, 'no,transaction'].join('\n'));
  await expect(prepareData({ inputs: [good, bad], output: output() })).rejects.toMatchObject({
    name: 'DataError',
    message: `${bad}: 1 of 2 lines are malformed, more than the 1 % allowed`,
  });
});

test('fails when nothing is left', async () => {
  const input = await file('cancelled.csv', [HEADER, SALE.replace('500000', 'C500000')].join('\n'));
  await expect(prepareData({ inputs: [input], output: output() })).rejects.toThrow(
    `${input}: no line is a sale of a product to a known customer`,
  );
});
