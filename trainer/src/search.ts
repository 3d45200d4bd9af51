import type { Weighting } from '@cdktf-recommender/model-registry';
import { Ease, type EaseSettings } from './algorithms/ease';
import { LinearModel } from './algorithms/linear-model';
import { type TrendSettings, trendFactors } from './algorithms/trend';
import { readDataset } from './data/dataset';
import { mean } from './evaluation/bootstrap';
import { answerAll, scoresBy } from './evaluation/evaluate';
import { splitAt, type TemporalSplit } from './evaluation/split';
import { type OnProgress, Steps } from './progress';
import { startOfDay, VALIDATION_PERIODS } from './protocol';

/** Every combination is tried. */
const GRID = {
  lambda: [100, 200, 300, 400],
  trainingHalfLifeDays: [60, 120, 240, 480],
  weighting: [
    { kind: 'binary' },
    { kind: 'exponential', halfLifeDays: 120 },
    { kind: 'exponential', halfLifeDays: 240 },
    { kind: 'exponential', halfLifeDays: 480 },
  ] satisfies Weighting[],
  trend: [
    undefined,
    ...[14, 28].flatMap((windowDays) => [0.3, 0.6, 0.9, 1.2].map((exponent) => ({ windowDays, exponent }))),
  ] satisfies (TrendSettings | undefined)[],
};

export interface SearchOptions {
  /** Transactions, CSV, plain or gzipped. */
  readonly data: string;
}

/** One combination of settings and its NDCG@20. */
export interface Trial {
  settings: EaseSettings;
  /** Mean over the validation periods, by which trials are ordered. */
  ndcg: number;
  /** In the order of `periods`. */
  ndcgByPeriod: number[];
}

export interface SearchResult {
  dataset: { sha256: string };
  periods: { from: string; until: string; customers: number }[];
  /** Best first. */
  trials: Trial[];
  seconds: number;
}

/** Tries EASE's settings on validation periods before the test's cut. Takes minutes. */
export async function search({ data }: SearchOptions, onProgress?: OnProgress): Promise<SearchResult> {
  const steps = new Steps(onProgress);
  const { interactions, sha256 } = await steps.run('read', () => readDataset(data));
  const ndcgs = new Map<string, { settings: EaseSettings; ndcgByPeriod: number[] }>();
  const periods: SearchResult['periods'] = [];
  for (const { from, until } of VALIDATION_PERIODS) {
    const split = splitAt(interactions, startOfDay(from), startOfDay(until));
    periods.push({ from, until, customers: split.customers.length });
    for (const lambda of GRID.lambda) {
      for (const trainingHalfLifeDays of GRID.trainingHalfLifeDays) {
        await steps.run(`${from}: λ ${lambda}, half-life ${trainingHalfLifeDays} days`, async () => {
          for (const { settings, ndcg } of await tryInputs(split, { lambda, trainingHalfLifeDays })) {
            const key = JSON.stringify(settings);
            const trial = ndcgs.get(key) ?? { settings, ndcgByPeriod: [] };
            trial.ndcgByPeriod.push(ndcg);
            ndcgs.set(key, trial);
          }
        });
      }
    }
  }
  const trials = [...ndcgs.values()].map((trial) => ({ ...trial, ndcg: mean(Float64Array.from(trial.ndcgByPeriod)) }));
  trials.sort((a, b) => b.ndcg - a.ndcg);
  const seconds = Object.values(steps.timings).reduce((sum, one) => sum + one, 0);
  return { dataset: { sha256 }, periods, trials, seconds };
}

/** The settings that need no new fit: weights of the input, and the trend, which scales finished scores. */
async function tryInputs(split: TemporalSplit, fitted: Pick<EaseSettings, 'lambda' | 'trainingHalfLifeDays'>) {
  const { size, weights } = await new Ease({ ...fitted, weighting: { kind: 'binary' } }).fit(split.train);
  const trends = GRID.trend.map((trend) => ({ trend, factors: trend && trendFactors(split.train, trend) }));
  const results: { settings: EaseSettings; ndcg: number }[] = [];
  for (const weighting of GRID.weighting) {
    const scores = split.customers.map((_, position) =>
      scoresBy(new LinearModel(size, weights, weighting), split)(position),
    );
    for (const { trend, factors } of trends) {
      const scoresOf = (position: number): Float64Array => {
        const unscaled = scores[position] as Float64Array;
        return factors ? unscaled.map((score, item) => score * (factors[item] as number)) : unscaled;
      };
      const ndcg = mean(Float64Array.from(answerAll(scoresOf, split), (answer) => answer.ndcg));
      results.push({ settings: { ...fitted, ...(trend && { trend }), weighting }, ndcg });
    }
  }
  return results;
}
