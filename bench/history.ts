import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Conditions } from './conditions';
import { type Curve, type Figure, median } from './figures';

/** A run of the benchmark: a line of docs/results/benchmark.jsonl. */
export interface BenchRun {
  /** ISO 8601. */
  readonly at: string;
  readonly conditions: Conditions;
  readonly scenarios: readonly ScenarioResult[];
}

export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly curves?: readonly Curve[];
  readonly missing?: string;
}

export interface Regression {
  readonly id: string;
  readonly title: string;
  readonly unit: string;
  readonly value: number;
  /** Median of the earlier runs. */
  readonly baseline: number;
  /** What a value may be off by, in the unit. */
  readonly noise: number;
}

/** Earlier runs that count. */
const RUNS = 10;
/** Least share of a value that counts as noise: what rounds on one quiet machine differ by from day to day. */
const LEAST_NOISE = 0.05;
/** Off the median of runs that differ by chance, the median of their distances times this is three standard deviations. */
const MAD_TO_THREE_SIGMA = 3 * 1.4826;

export function readHistory(path: string): BenchRun[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line) as BenchRun);
}

export function appendHistory(path: string, run: BenchRun): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(run)}\n`);
}

/**
 * What a run does worse than the last {@link RUNS} earlier runs on the same processor model, number of cores and Node
 * major version.
 *
 * A figure regresses when it is worse than the earlier runs' median by more than its noise, which is the largest of:
 * 5 % of that median; half the range of this run's rounds; the median of the earlier runs' own half ranges; and, from
 * three earlier runs on, three standard deviations of these, estimated by the median absolute deviation (times 1.4826,
 * as for a normal distribution), which one odd run doesn't move.
 */
export function regressions(run: BenchRun, history: readonly BenchRun[]): Regression[] {
  const comparable = history.filter(({ conditions }) => sameMachine(conditions, run.conditions));
  return figuresOf(run).flatMap((figure) => {
    const earlier = comparable.flatMap((past) => figuresOf(past).filter(({ id }) => id === figure.id)).slice(-RUNS);
    if (!figure.better || earlier.length === 0) return [];
    const values = earlier.map(({ value }) => value);
    const baseline = median(values);
    const deviation = values.length < 3 ? 0 : median(values.map((value) => Math.abs(value - baseline)));
    const noise = Math.max(
      LEAST_NOISE * Math.abs(baseline),
      figure.spread ?? 0,
      median(earlier.map(({ spread = 0 }) => spread)),
      MAD_TO_THREE_SIGMA * deviation,
    );
    const worse = figure.better === 'higher' ? baseline - figure.value : figure.value - baseline;
    const { id, title, unit, value } = figure;
    return worse > noise ? [{ id, title, unit, value, baseline, noise }] : [];
  });
}

export function figuresOf(run: BenchRun): readonly Figure[] {
  return run.scenarios.flatMap(({ figures }) => figures);
}

export function sameMachine(one: Conditions, other: Conditions): boolean {
  const major = ({ node }: Conditions) => node.split('.')[0];
  return one.cpu === other.cpu && one.cores === other.cores && major(one) === major(other);
}
