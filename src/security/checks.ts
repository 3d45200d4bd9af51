import { type Block, isUnknown } from './block';
import type { Problem } from './rule';

type Check = (block: Block) => Problem;

/** `storage_encrypted is false`, `storage_encrypted isn't set` */
export function found(path: string, value: unknown): string {
  return value === undefined ? `${path} isn't set` : `${path} is ${JSON.stringify(value)}`;
}

/** Must be said to be on. */
export const on =
  (path: string): Check =>
  (block) =>
    block.isOff(path, false) ? found(path, block.get(path)) : undefined;

/** Is on unless it is said to be off. */
export const notOff =
  (path: string): Check =>
  (block) =>
    block.isOff(path, true) ? found(path, block.get(path)) : undefined;

/** Is off unless it is said to be on. */
export const notOn =
  (path: string): Check =>
  (block) =>
    block.get(path) === true || block.get(path) === 'true' ? found(path, block.get(path)) : undefined;

/** Must be said, whatever it is. */
export const given =
  (path: string): Check =>
  (block) =>
    block.has(path) ? undefined : found(path, undefined);

/** Must be one of some values; a value that isn't said is the service's default. */
export const oneOf =
  (path: string, values: readonly unknown[], byDefault?: unknown): Check =>
  (block) => {
    const value = block.get(path) ?? byDefault;
    return isUnknown(value) || values.includes(value) ? undefined : found(path, value);
  };

export const atLeast =
  (path: string, least: number, byDefault?: number): Check =>
  (block) => {
    if (block.isUnknown(path)) return undefined;
    const value = block.number(path) ?? byDefault;
    return value !== undefined && value >= least ? undefined : `${found(path, value)}, less than ${least}`;
  };

/** Each of the blocks at a path; the first problem is told. */
export const each =
  (path: string, check: Check): Check =>
  (block) =>
    firstOf(block.all(path), check);

export const allOf =
  (...checks: readonly Check[]): Check =>
  (block) =>
    firstOf(checks, (check) => check(block));

export function firstOf<T>(all: readonly T[], check: (one: T) => Problem): Problem {
  for (const one of all) {
    const problem = check(one);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Keys that give access by themselves: AWS' access keys, tokens of GitHub and Slack, private keys. */
export const CREDENTIAL =
  /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36}|\bxox[abprs]-[A-Za-z0-9-]{20,}|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/;
