import { randomFillSync } from 'node:crypto';

const BYTES = Buffer.alloc(12_288);

let digits = '';
let used = 0;

/**
 * Random hexadecimal digits, as W3C trace context wants its ids: 32 for a trace, 16 for a span. They are made in bulk,
 * because asking the generator costs the same for sixteen bytes as for thousands.
 */
export function randomHex(length: number): string {
  if (used + length > digits.length) {
    digits = randomFillSync(BYTES).toString('hex');
    used = 0;
  }
  used += length;
  return digits.slice(used - length, used);
}
