import type { Transaction } from './transaction';

/**
 * Why a well-formed line is dropped, in the order in which the reasons are tried: a line counts for the first one that
 * applies. The last one drops postage, samples, vouchers, manual corrections and the like.
 */
export const DROP_REASONS = {
  unknownCustomer: 'CustomerID is empty',
  cancellation: 'InvoiceNo starts with C',
  nonPositiveQuantity: 'Quantity is 0 or less',
  nonPositivePrice: 'UnitPrice is 0 or less',
  notAProduct: 'StockCode is not five digits and letters',
} as const;
export type DropReason = keyof typeof DROP_REASONS;

const PRODUCT_CODE = /^\d{5}[A-Za-z]*$/;

/** The reason to drop a line, or undefined to keep it. */
export function dropReason(line: Transaction): DropReason | undefined {
  if (line.customer === '') return 'unknownCustomer';
  if (line.invoice.startsWith('C')) return 'cancellation';
  if (line.quantity <= 0) return 'nonPositiveQuantity';
  if (line.unitPrice <= 0) return 'nonPositivePrice';
  if (!PRODUCT_CODE.test(line.stockCode)) return 'notAProduct';
  return undefined;
}

/** What became of each line. `lines = kept + malformed.count + Σ dropped`. */
export interface CleaningAccount {
  /** Lines read, without the header. */
  lines: number;
  kept: number;
  dropped: Record<DropReason, number>;
  /** Lines that can't be parsed, with the first few: `line` counts from 1, the header's line. */
  malformed: { count: number; first: { line: number; problem: string }[] };
  /** Distinct customers and items of the kept lines. */
  customers: number;
  items: number;
  /** First and last time of the kept lines, local, ISO 8601 without a zone. */
  from: string;
  to: string;
}
