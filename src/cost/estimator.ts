import type { Address } from '../synthesized/expressions';
import { type Fields, walk } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { HOURS_A_MONTH, type PriceList } from './price-list';
import { flat, type Range, times } from './range';
import type { Usage } from './usage';

/** Something that a resource is billed for. */
export interface Charge {
  /** Id of its price. */
  readonly price: string;
  /** A month's amount, in what the price is per. */
  readonly quantity: Range;
  /** Id of a price that is a share of it: spot. */
  readonly share?: string;
  /** Whether it is what pods run on. */
  readonly node?: boolean;
  readonly note?: string;
}

export interface EstimateContext {
  readonly stack: SynthesizedStack;
  readonly usage: Usage;
  readonly prices: Pick<PriceList, 'find'>;
}

/** What a resource of one type is billed for. An empty list means that this one is free. */
export type Estimator = (block: Fields, context: EstimateContext, resource: SynthesizedResource) => readonly Charge[];

export type Estimators = Readonly<Record<string, Estimator>>;

/** So many of something that is billed by the hour, all month. */
export function hours(price: string, count: number | Range = 1, more: Omit<Charge, 'price' | 'quantity'> = {}): Charge {
  return { price, quantity: times(asRange(count), HOURS_A_MONTH), ...more };
}

/** An amount a month. */
export function amount(price: string, quantity: number | Range, more: Omit<Charge, 'price' | 'quantity'> = {}): Charge {
  return { price, quantity: asRange(quantity), ...more };
}

const asRange = (value: number | Range): Range => (typeof value === 'number' ? flat(value) : value);

/** A number of a block, or what counts where it says none, or nothing that is known before a deploy. */
export function numberAt(block: unknown, path: Address, fallback: number): number {
  const value = walk(block, path);
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? Math.max(0, number) : fallback;
}

export function textAt(block: unknown, path: Address, fallback = ''): string {
  const value = walk(block, path);
  return typeof value === 'string' ? value : fallback;
}

/** Blocks that may come more than once, or the one that came. */
export function listAt(block: unknown, path: Address): readonly unknown[] {
  const value = walk(block, path);
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

export const isTrue = (value: unknown): boolean => value === true || value === 'true';
