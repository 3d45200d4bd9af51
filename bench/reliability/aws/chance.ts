import { createHash } from 'node:crypto';

/** A number from 0 to below 1 that is the same for the same seed and purpose. */
export function chance(seed: number, purpose: string): number {
  return createHash('sha256').update(`${seed} ${purpose}`).digest().readUInt32BE() / 2 ** 32;
}
