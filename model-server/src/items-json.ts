import type { JsonWriter } from './json-writer';

/** The end of the item before. */
const BETWEEN = '},';

/**
 * The items of a model as an answer's JSON has them, up to their scores. One piece of memory holds them all: of pieces
 * of their own, each item's would be four reads all over the memory, which took 10 µs of an answer with 20.
 */
export class ItemsJson {
  private readonly bytes: Uint8Array;
  /** Where each item begins; the next one's beginning is its end. */
  private readonly offsets: Uint32Array;

  constructor(items: readonly { readonly id: string; readonly name: string }[]) {
    const texts = items.map(
      ({ id, name }) => `${BETWEEN}{"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"score":`,
    );
    this.bytes = Buffer.from(texts.join(''));
    this.offsets = new Uint32Array(items.length + 1);
    texts.forEach((text, index) => {
      this.offsets[index + 1] = (this.offsets[index] as number) + Buffer.byteLength(text);
    });
  }

  /** Writes items with their scores, as a list. */
  write(indices: Int32Array, scores: Float32Array, writer: JsonWriter): void {
    writer.text('[');
    for (let rank = 0; rank < indices.length; rank++) {
      const index = indices[rank] as number;
      const start = this.offsets[index] as number;
      writer.slice(this.bytes, rank === 0 ? start + BETWEEN.length : start, this.offsets[index + 1] as number);
      writer.decimal(scores[rank] as number);
    }
    writer.text(indices.length === 0 ? ']' : '}]');
  }
}
