/**
 * Where an answer can come from, best first: the customer's history, the items of the request, what many customers
 * bought, and a configured list that needs no model.
 */
export const RUNGS = ['personal', 'session', 'popular', 'static'] as const;
export type Rung = (typeof RUNGS)[number];

/**
 * Why an answer came from a lower rung than the request asked for.
 *
 * - `unknown-user` nothing is known of the customer
 * - `no-known-items` the model knows none of the items in the history or the request
 * - `user-store-deadline`, `user-store-error` the customer's history was not read in time, or not at all
 * - `model-busy` the model has so much to do that it would hardly answer in time
 * - `model-deadline`, `model-error` the model did not answer in time, or failed
 * - `no-model` no model is loaded
 */
export const FALLBACK_REASONS = [
  'unknown-user',
  'no-known-items',
  'user-store-deadline',
  'user-store-error',
  'model-busy',
  'model-deadline',
  'model-error',
  'no-model',
] as const;
export type FallbackReason = (typeof FALLBACK_REASONS)[number];

/** How an answer came about. */
export interface Outcome {
  /** `null` when no model is loaded. */
  readonly modelVersion: string | null;
  readonly rung: Rung;
  /** Why it is a lower rung than asked for; `null` when it is not. */
  readonly fallback: FallbackReason | null;
}
