import type { EaseSettings } from '../algorithms/ease';
import { TrainerError } from '../errors';
import { DEFAULT_SETTINGS } from '../protocol';
import type { TrainOptions } from '../train';

/** What a training job is told, each a text: SageMaker knows no other type. */
export const HYPERPARAMETERS = [
  'model',
  'cut',
  'testDays',
  'lambda',
  'trainingHalfLifeDays',
  'trendWindowDays',
  'trendExponent',
  'historyHalfLifeDays',
] as const;
export type Hyperparameter = (typeof HYPERPARAMETERS)[number];

/**
 * The trainer's options from a job's hyperparameters. What is left out is as in the published model; `none` leaves out
 * what a setting adds.
 *
 * @throws TrainerError naming the hyperparameter, its value and what is allowed
 */
export function optionsOf(given: Readonly<Record<string, unknown>>): Omit<TrainOptions, 'data'> {
  const unknown = Object.keys(given).filter((name) => !(HYPERPARAMETERS as readonly string[]).includes(name));
  if (unknown.length > 0) {
    throw new TrainerError(
      `hyperparameter ${unknown.join(', ')} is not known; there are ${HYPERPARAMETERS.join(', ')}`,
    );
  }
  const text = (name: Hyperparameter): string | undefined => (given[name] === undefined ? undefined : `${given[name]}`);
  /** @param fallback `undefined` where the setting may be left out */
  const number = <F extends number | undefined>(name: Hyperparameter, fallback: F): number | F | undefined => {
    const value = text(name);
    if (value === undefined) return fallback;
    if (value === 'none' && name !== 'lambda') return undefined;
    if (value.trim() !== '' && Number.isFinite(Number(value))) return Number(value);
    throw new TrainerError(
      `hyperparameter ${name} is "${value}"; allowed is a number${name === 'lambda' ? '' : ', or none'}`,
    );
  };
  const { lambda, trainingHalfLifeDays, trend } = DEFAULT_SETTINGS;
  const windowDays = number('trendWindowDays', trend?.windowDays);
  const exponent = number('trendExponent', trend?.exponent);
  const historyDays = number('historyHalfLifeDays', HISTORY_HALF_LIFE_DAYS);
  const trainingDays = number('trainingHalfLifeDays', trainingHalfLifeDays);
  const settings: EaseSettings = {
    lambda: number('lambda', lambda) ?? lambda,
    ...(trainingDays !== undefined && { trainingHalfLifeDays: trainingDays }),
    ...(windowDays !== undefined && exponent !== undefined && { trend: { windowDays, exponent } }),
    weighting: historyDays === undefined ? { kind: 'binary' } : { kind: 'exponential', halfLifeDays: historyDays },
  };
  const testDays = number('testDays', undefined);
  if (testDays !== undefined && !(Number.isInteger(testDays) && testDays >= 1)) {
    throw new TrainerError(`hyperparameter testDays is "${testDays}"; allowed is a whole number from 1`);
  }
  return { model: text('model'), cut: text('cut'), testDays, settings };
}

const HISTORY_HALF_LIFE_DAYS =
  DEFAULT_SETTINGS.weighting.kind === 'exponential' ? DEFAULT_SETTINGS.weighting.halfLifeDays : undefined;
