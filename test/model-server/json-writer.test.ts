import fc from 'fast-check';
import { JsonWriter, SLICE_PADDING } from '../../model-server/src/json-writer';

function written(write: (writer: JsonWriter) => void): string {
  const writer = new JsonWriter();
  write(writer);
  return writer.take().toString();
}

describe('JsonWriter', () => {
  it.each([
    [0, '0'],
    [-0.0000001, '0'],
    [1, '1'],
    [-12, '-12'],
    [0.5, '0.500000'],
    [-3.0000005, '-3.000001'],
    [-78285.3984375, '-78285.398438'],
    [123456.000001, '123456.000001'],
    [9.9999999, '10'],
    [1e20, '100000000000000000000'],
  ])('writes %d as %s', (value, text) => {
    expect(written((writer) => writer.decimal(value))).toBe(text);
  });

  it('writes what JSON reads as the number rounded to 6 decimals', () => {
    fc.assert(
      fc.property(fc.float({ noNaN: true, noDefaultInfinity: true }), (value) => {
        const read = JSON.parse(written((writer) => writer.decimal(value)));
        // Halves away from zero, as above; Math.round takes those of negative numbers up.
        const rounded = (Math.sign(value) * Math.round(Math.abs(value) * 1e6)) / 1e6;
        expect(Math.abs(read - rounded)).toBeLessThanOrEqual(Math.abs(value) * 1e-12);
      }),
    );
  });

  it('puts texts and bytes together in their order, beyond the memory it began with', () => {
    const piece = 'naïve 名 𝄞 '.repeat(300);
    const text = written((writer) => {
      for (let i = 0; i < 20; i++) {
        writer.text(piece);
        writer.bytes(Buffer.from(piece));
      }
    });
    expect(text).toBe(piece.repeat(40));
  });

  it('gives its bytes as characters of Latin-1, which are sent as the same bytes', () => {
    const piece = 'naïve 名 𝄞 ';
    const writer = new JsonWriter();
    writer.text(piece);
    const { buffer, byteOffset } = Buffer.from(`-${piece}${' '.repeat(SLICE_PADDING)}`);
    writer.slice(new DataView(buffer, byteOffset), 1, 1 + Buffer.byteLength(piece));
    expect(Buffer.from(writer.takeLatin1(), 'latin1').toString()).toBe(piece.repeat(2));
  });

  it('begins anew after each take, which nothing changes any more', () => {
    const writer = new JsonWriter();
    writer.text('first');
    const first = writer.take();
    writer.text('second');
    expect([first.toString(), writer.take().toString()]).toEqual(['first', 'second']);
  });
});
