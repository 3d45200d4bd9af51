import { canonicalJson, sha256 } from '@cdktf-recommender/model-registry';

describe('canonicalJson', () => {
  // The example of RFC 8785, section 3.2.3 (sorting) and of its appendix B (numbers).
  test('sorts keys by UTF-16 code unit, as RFC 8785 says', () => {
    const value = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const order = [
      ...canonicalJson(value)
        .toString()
        .matchAll(/:"([^"]*)"/g),
    ].map((match) => match[1]);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test.each([
    [-0, '0'],
    [5e-324, '5e-324'],
    [1.7976931348623157e308, '1.7976931348623157e+308'],
    [9007199254740992, '9007199254740992'],
    [1e21, '1e+21'],
    [999999999999999900000, '999999999999999900000'],
    [1e-7, '1e-7'],
    [0.000001, '0.000001'],
    [Number('333333333.33333329'), '333333333.3333333'],
    [1424953923781206.2, '1424953923781206.2'],
  ])('writes the number %p as RFC 8785 does', (number, text) => {
    expect(canonicalJson(number).toString()).toBe(text);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, { a: [Number.NEGATIVE_INFINITY] }])('refuses %p', (value) => {
    expect(() => canonicalJson(value)).toThrow('Non-finite number');
  });

  test('gives equal bytes for equal values in any order, without white space', () => {
    const bytes = canonicalJson({ b: [1, { d: null, c: 'ö' }], a: true });
    expect(bytes.toString()).toBe('{"a":true,"b":[1,{"c":"ö","d":null}]}');
    expect(canonicalJson({ a: true, b: [1, { c: 'ö', d: null }] }).equals(bytes)).toBe(true);
  });
});

test('sha256 is the lowercase hex digest of FIPS 180-2', () => {
  expect(sha256(Buffer.from('abc'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
