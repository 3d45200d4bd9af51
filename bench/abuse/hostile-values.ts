import { gzipSync } from 'node:zlib';
import fc from 'fast-check';

/** Bytes as text, one character each, so that a failing input prints readably. */
export type Latin1 = string;

const POLLUTION = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then', 'length', '$where'];

/** Names that object code trips over, beside those that are known. */
export function hostileKey(known: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...known, 'items') },
    { weight: 2, arbitrary: fc.constantFrom(...POLLUTION) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        'constructor[prototype][polluted]',
        '__proto__[polluted]',
        'a[b][c][d][e][f][g]',
        'items[]',
        'items[0]',
        '',
      ),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
  );
}

/** Text for a path's parameter or a query: unescaped, any code point, lone surrogates too. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.array(fc.integer({ min: 0xd7f0, max: 0xe00f }), { maxLength: 6 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    '.',
    '..',
    '../../etc/passwd',
    '..\\..',
    '\0',
    ' ',
    '\r\nX: y',
    '%',
    'null',
    'undefined',
    'NaN',
    '[object Object]',
    '-1',
    '0',
    '1e999',
    '9'.repeat(400),
    '0x10',
    '１０',
    'true',
    "' OR 1=1 --",
    '<script>',
    '\u202e',
    '\ufeff',
    '\u{1f600}',
  ),
  fc.integer({ min: 100, max: 8000 }).map((length) => 'x'.repeat(length)),
  fc.integer().map(String),
  fc.double().map(String),
);

/** JSON text, valid or not quite, of a value of any type. */
const hostileJsonValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.json({ maxDepth: 4 }) },
  { weight: 2, arbitrary: hostileText.map((text) => JSON.stringify(text)) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ...[
        'null',
        'true',
        '{}',
        '[]',
        '[[]]',
        '1e999',
        '-1e999',
        '1e-999',
        '-0',
        '9'.repeat(400),
        '01',
        'NaN',
        'Infinity',
      ],
      ...[
        '"\\ud800"',
        '["\\udc00\\ud800"]',
        '"\\u0000"',
        '"\0"',
        "'single'",
        '[1,]',
        '{"a":1,}',
        '{"__proto__":{"polluted":1}}',
      ],
      ...[
        '{"length":1e9}',
        '{"toString":1}',
        '{"toJSON":null}',
        `["${'x'.repeat(50_000)}"]`,
        `[${'"a",'.repeat(5000)}"a"]`,
      ],
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 20_000 }).map((depth) => '['.repeat(depth) + ']'.repeat(depth)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 15_000 }).map((depth) => `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`),
  },
);

/** An object's JSON text: right fields and wrong ones, in any number, also twice. */
export function hostileObject(fields: Readonly<Record<string, readonly unknown[]>>): fc.Arbitrary<string> {
  const known = Object.keys(fields);
  const right = Object.entries(fields).map(([key, values]) =>
    fc.constantFrom(...values).map((value) => `${JSON.stringify(key)}:${JSON.stringify(value)}`),
  );
  const wrong = fc.tuple(hostileKey(known), hostileJsonValue).map(([key, value]) => `${JSON.stringify(key)}:${value}`);
  const entries = fc.tuple(...right.map((entry) => fc.option(entry)), fc.array(wrong, { maxLength: 4 }));
  return entries.map(
    (parts) =>
      `{${parts
        .flat()
        .filter((part) => part !== null)
        .join(',')}}`,
  );
}

/** 20 MB of one field in 20 kB, and the same cut off. */
const BOMB: Latin1 = gzipSync(`{"items":["${'a'.repeat(20e6)}"]}`).toString('latin1');
const ONE_ITEM = '{"items":["item-0"]}';

/** Bodies whose bytes or encoding are wrong, whatever they say. */
export const hostileBytes: fc.Arbitrary<{ readonly bytes: Latin1; readonly encoding?: string }> = fc.oneof(
  fc.constantFrom(
    { bytes: BOMB, encoding: 'gzip' },
    { bytes: BOMB.slice(0, 5000), encoding: 'gzip' },
    { bytes: gzipSync(ONE_ITEM).toString('latin1'), encoding: 'gzip' },
    { bytes: gzipSync(ONE_ITEM).toString('latin1'), encoding: 'gzip, gzip' },
    { bytes: gzipSync(ONE_ITEM).toString('latin1'), encoding: 'deflate' },
    { bytes: gzipSync(ONE_ITEM).toString('latin1'), encoding: 'br' },
    { bytes: ONE_ITEM, encoding: 'gzip' },
    { bytes: ONE_ITEM, encoding: 'zstd' },
    { bytes: ONE_ITEM, encoding: 'identity' },
    { bytes: '' },
    { bytes: '\xef\xbb\xbf{"items":["item-0"]}' },
    { bytes: '\xff\xfe{\0"\0' },
    { bytes: '{"items":["\xff\xc0\x80"]}' },
    { bytes: `{"items":["${'x'.repeat(100_000)}"]}` },
    { bytes: `${' '.repeat(99_000)}${ONE_ITEM}` },
  ),
  fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ bytes: Buffer.from(bytes).toString('latin1') })),
  fc
    .tuple(hostileJsonValue, fc.nat())
    .map(([text, cut]) => ({ bytes: text.slice(0, cut % (text.length + 1)) }))
    .map(({ bytes }) => ({ bytes: Buffer.from(bytes).toString('latin1') })),
);
