import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { DataError, histories, readDataset } from '@cdktf-recommender/trainer';

const HEADER = 'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';
const GOOD = '536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0,United Kingdom';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainer-data-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function file(lines: readonly string[] | Buffer, name = 'data.csv'): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, Buffer.isBuffer(lines) ? lines : `${lines.join('\n')}\n`);
  return path;
}

describe('cleaning', () => {
  it.each([
    ['unknownCustomer', 'C536365,POST,X,-1,2010-12-01 08:26:00,0,,United Kingdom'],
    ['cancellation', 'C536365,85123A,X,-1,2010-12-01 08:26:00,0,17850.0,United Kingdom'],
    ['nonPositiveQuantity', '536365,POST,X,0,2010-12-01 08:26:00,0,17850.0,United Kingdom'],
    ['nonPositivePrice', '536365,POST,X,1,2010-12-01 08:26:00,0,17850.0,United Kingdom'],
    ['notAProduct', '536365,POST,X,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom'],
    ['notAProduct', '536365,851231,X,1,2010-12-01 08:26:00,18.00,17850.0,United Kingdom'],
  ])('counts a line once, as %s, the first reason that applies', async (reason, line) => {
    const { account } = await readDataset(await file([HEADER, GOOD, line]));
    expect(account).toMatchObject({ lines: 2, kept: 1, malformed: { count: 0 } });
    expect(Object.entries(account.dropped).filter(([, count]) => count > 0)).toEqual([[reason, 1]]);
  });

  it.each([
    ['has 7 columns, expected 8', '536365,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850.0'],
    ['InvoiceNo is empty', GOOD.replace('536365', '')],
    ['Quantity "six" is not a whole number', GOOD.replace(',6,', ',six,')],
    ['InvoiceDate "2010-02-31 08:26:00" is not a time', GOOD.replace('2010-12-01', '2010-02-31')],
    ['InvoiceDate "2010-12-01 25:00:00" is not a time', GOOD.replace('08:26', '25:00')],
    ['UnitPrice "2,55" is not a number', GOOD.replace('2.55', '"2,55"')],
    ['UnitPrice "NaN" is not a number', GOOD.replace('2.55', 'NaN')],
    ['CustomerID "anna" is not a whole number', GOOD.replace('17850.0', 'anna')],
    ['opens a quote that is not closed', GOOD.replace('HEART', '12" HEART')],
    ['Invalid Opening Quote', GOOD.replace('HEART', '12" BY 9" HEART')],
  ])('reports a malformed line with its number: %s', async (problem, line) => {
    const { account } = await readDataset(await file([HEADER, GOOD, line, GOOD]), { maxMalformedShare: 0.5 });
    expect(account).toMatchObject({ lines: 3, kept: 2, malformed: { count: 1 } });
    expect(account.malformed.first).toEqual([{ line: 3, problem: expect.stringContaining(problem) }]);
  });

  it.each([
    ['is too long', GOOD.replace('HEART', 'H'.repeat(200_000)), 'longer than 10,000 characters'],
    ['opens a quote that nothing closes', GOOD.replace('HEART', '"HEART'), 'a quote that is not closed'],
    ['goes on after a closing quote', GOOD.replace('HEART', '"HEART"S'), 'Invalid Closing Quote'],
  ])('goes on with the line after one that %s', async (_case, line, problem) => {
    const lines = [GOOD, line, ...Array.from({ length: 5000 }, () => GOOD)];
    const { account } = await readDataset(await file([HEADER, ...lines]));
    expect(account).toMatchObject({ lines: 5002, kept: 5001 });
    expect(account.malformed).toEqual({ count: 1, first: [{ line: 3, problem: expect.stringContaining(problem) }] });
  });

  it('reads a quoted field with a newline, a comma and a quote in it, and numbers the lines after it right', async () => {
    const path = await file([HEADER, GOOD.replace('HEART', '"BIG\n""RED"", HEART"'), 'short', GOOD]);
    const { account, interactions } = await readDataset(path, { maxMalformedShare: 0.5 });
    expect(interactions.names).toEqual(['BIG "RED", HEART']);
    expect(account.malformed.first).toEqual([{ line: 4, problem: 'has 1 columns, expected 8' }]);
  });

  it('reads what Excel writes: a byte order mark and CRLF', async () => {
    const { account } = await readDataset(
      await file(Buffer.from(`\ufeff${[HEADER, GOOD, '', GOOD].join('\r\n')}\r\n`)),
    );
    expect(account).toMatchObject({ lines: 2, kept: 2, malformed: { count: 0 } });
  });

  it('lists the first ten malformed lines and counts them all', async () => {
    const bad = Array.from({ length: 12 }, () => 'short');
    const { account } = await readDataset(await file([HEADER, GOOD, ...bad]), { maxMalformedShare: 1 });
    expect(account.malformed.count).toBe(12);
    expect(account.malformed.first.map(({ line }) => line)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('gives a product its most frequent description, white space collapsed, ties in alphabetical order', async () => {
    const named = (code: string, name: string) => GOOD.replace('85123A', code).replace('HEART', name);
    const path = await file([
      HEADER,
      ...[named('10001', 'WRONG'), named('10001', ' RED  MUG'), named('10001', 'RED MUG ')],
      ...[named('10002', 'ZEBRA'), named('10002', 'APE')],
      named('10003', '  '),
    ]);
    const { interactions } = await readDataset(path);
    expect(interactions.items).toEqual(['10001', '10002', '10003']);
    expect(interactions.names).toEqual(['RED MUG', 'APE', '10003']);
  });

  it('gives the same interactions for the same lines in another order, gzipped or not', async () => {
    const lines = [GOOD, GOOD.replace('85123A', '10001'), GOOD.replace('17850.0', '12346').replace('2010', '2011')];
    const one = await readDataset(await file([HEADER, ...lines]));
    const zipped = gzipSync([HEADER, ...lines.reverse()].join('\r\n'));
    const other = await readDataset(await file(zipped, 'reversed.bin'));
    expect(other.interactions).toEqual(one.interactions);
    expect(other.sha256).not.toBe(one.sha256);
  });
});

describe('readDataset fails with one clear line when', () => {
  it.each([
    [
      'more lines are malformed than allowed',
      [HEADER, GOOD, 'short'],
      /1 of 2 lines are malformed, more than the 1 % /,
    ],
    ['nothing is left', [HEADER, GOOD.replace('17850.0', '')], /none of its 1 lines is a sale of a product/],
    ['the header is another', ['id,name', '1,2'], /starts with "id,name"; expected the header InvoiceNo,/],
    ['the first line never ends', Buffer.alloc(2_000_000, 'x'), /starts with "x{80}…"; expected the header InvoiceNo,/],
    ['it is no text', Buffer.from(Array.from({ length: 512 }, (_, i) => i % 256)), /expected the header InvoiceNo,/],
    ['the file is empty', Buffer.alloc(0), /is empty; expected CSV with the header InvoiceNo,/],
    [
      'a gzip file is cut short',
      gzipSync([HEADER, GOOD].join('\n')).subarray(0, 60),
      /is damaged or cut short: .*copy/,
    ],
  ])('%s', async (_case, content, message) => {
    const error = await readDataset(await file(content)).catch((caught) => caught);
    expect(error).toBeInstanceOf(DataError);
    expect(error.message).toMatch(message);
    expect(error.message).not.toContain('\n');
  });

  it('the file is missing or a folder', async () => {
    await expect(readDataset(join(folder, 'nowhere.csv'))).rejects.toThrow(/nowhere\.csv does not exist/);
    await expect(readDataset(folder)).rejects.toThrow(/is a folder/);
  });
});

it("gives each customer's distinct items with the last purchase, oldest first", async () => {
  const on = (day: string, code: string) => GOOD.replace('2010-12-01', day).replace('85123A', code);
  const { interactions } = await readDataset(
    await file([HEADER, on('2011-03-01', '10001'), on('2011-02-01', '10002'), on('2011-01-01', '10001')]),
  );
  expect([...histories(interactions)]).toEqual([
    {
      user: '17850',
      events: [
        { item: '10002', at: '2011-02-01T08:26:00.000Z' },
        { item: '10001', at: '2011-03-01T08:26:00.000Z' },
      ],
    },
  ]);
});
