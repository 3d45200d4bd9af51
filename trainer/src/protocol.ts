import type { EaseSettings } from './algorithms/ease';
import { TrainerError } from './errors';

/** The time of the test: what was bought before it trains, what was bought after it tests. */
export const CUT = '2011-10-01';

/** What the figures of a manifest mean. */
export const PROTOCOL =
  'Trained on purchases before the cut; asked for each customer with purchases before it and new ones after it. ' +
  'Targets: distinct items bought after the cut and not before it, among items known at the cut. Answers: 20 items, ' +
  'none bought before. Binary relevance, log2 discount, ideal DCG over min(20, targets); 95 % bootstrap intervals over ' +
  'customers. The published model has the same settings, fitted again on all purchases.';

/** Validation periods of the search, `[from, until)`; each trains on what is before `from`. All lie before {@link CUT}. */
export const VALIDATION_PERIODS = [
  { from: '2011-08-01', until: '2011-09-01' },
  { from: '2011-09-01', until: '2011-10-01' },
] as const;

/** Chosen by the search on {@link VALIDATION_PERIODS}; all its trials are in docs/results/2026-11-21-ease-search.jsonl. */
export const DEFAULT_SETTINGS: EaseSettings = {
  lambda: 200,
  trainingHalfLifeDays: 240,
  trend: { windowDays: 28, exponent: 0.9 },
  weighting: { kind: 'exponential', halfLifeDays: 240 },
};

/** Window of popular.json, and of the stronger popularity baseline. */
export const POPULAR_WINDOW_DAYS = 28;

const DAY_MS = 86_400_000;

/**
 * First day of a test period at the end of the data.
 *
 * @param lastAt when the last purchase was, ISO 8601, as the cleaning's account has it
 * @param testDays how many days, the last one included
 */
export function cutBefore(lastAt: string, testDays: number): string {
  const lastDay = startOfDay(lastAt.slice(0, 10));
  return new Date(lastDay - (testDays - 1) * DAY_MS).toISOString().slice(0, 10);
}

/**
 * Midnight of a day, as the data's local time is read, in epoch milliseconds.
 *
 * @throws TrainerError when there is no such day
 */
export function startOfDay(day: string): number {
  const at = /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(`${day}T00:00:00.000Z`) : Number.NaN;
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day) {
    throw new TrainerError(`"${day}" is not a day of the form YYYY-MM-DD`);
  }
  return at;
}
