import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';

/** A model to train: its name in the run, and the trainer's settings. */
export interface RetrainingCandidate {
  /** Lowercase letters, digits and hyphens. */
  readonly name: string;
  /** L2 regularization. */
  readonly lambda: number;
  /**
   * Days after which a purchase counts half in training.
   * @default - every purchase counts the same
   */
  readonly trainingHalfLifeDays?: number;
  /**
   * How much an item's latest sales scale its scores: days of the window, and the exponent.
   * @default - scores stay as they are
   */
  readonly trend?: { readonly windowDays: number; readonly exponent: number };
  /**
   * Days after which an item of a customer's history counts half.
   * @default - every item counts the same
   */
  readonly historyHalfLifeDays?: number;
}

/** The published model's settings, and with more and with less regularization. */
export const DEFAULT_RETRAINING_CANDIDATES: readonly RetrainingCandidate[] = [100, 200, 400].map((lambda) => ({
  name: `lambda-${lambda}`,
  lambda,
  trainingHalfLifeDays: 240,
  trend: { windowDays: 28, exponent: 0.9 },
  historyHalfLifeDays: 240,
}));

/** Refuses a run without a model to train, or with two of a name. */
export function checkCandidates(candidates: readonly RetrainingCandidate[], scope: Construct): void {
  const names = candidates.map(({ name }) => name);
  if (names.length === 0) {
    throw new ConfigError('candidates is empty; name at least one model to train.', scope);
  }
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) {
    throw new ConfigError(`candidates has two named ${twice}; each needs a name of its own.`, scope);
  }
}
