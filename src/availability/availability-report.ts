import type { ServiceLevelObjective } from '../declarations/service-level-objective';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { availabilityOf, lossesOf } from './availability-of';
import type { Graph } from './graph';
import { type RequestPathOptions, requestPath } from './request-path';
import type { ServiceLevel } from './service-levels';
import { simulate } from './simulate';
import type { SoftDependency } from './soft-dependencies';

export interface AvailabilityOptions extends RequestPathOptions {
  readonly slo: ServiceLevelObjective;
  /**
   * How often each stack is played; 0 leaves the simulation out.
   * @default 100000
   */
  readonly trials?: number;
}

export interface Downtime {
  /** Share of the time that a request is answered, in percent. */
  readonly percent: number;
  /** Without an answer, in 30 days. */
  readonly minutesAMonth: number;
}

/** Something that a request passes. */
export interface PartReport {
  readonly name: string;
  readonly path: string;
  /** What is promised of it, and by whom. */
  readonly level?: ServiceLevel;
  /** Minutes of 30 days that there would be fewer without an answer if it never failed. */
  readonly minutesAMonth: number;
  readonly fix?: string;
}

export interface StackAvailability extends Downtime {
  readonly stack: string;
  /** What a request passes, the weakest link first. */
  readonly parts: readonly PartReport[];
  /** What it does without. */
  readonly soft: readonly SoftDependency[];
  /** The same, played instead of worked out; absent without trials. */
  readonly simulated?: {
    readonly trials: number;
    readonly percent: number;
    /** Of that percentage, one standard deviation. */
    readonly standardErrorPercent: number;
  };
}

/** Plain data, for guards and for people. */
export interface AvailabilityReport {
  readonly promised: Downtime;
  /** Each on its own. */
  readonly stacks: readonly StackAvailability[];
  /** When callers go to another stack while one does not answer; absent for less than two. */
  readonly together?: Downtime;
}

const MINUTES_A_MONTH = 30 * 24 * 60;
const SEED = 1;

/** What the clouds' promises for what a request passes come to. Stacks in which nothing answers requests are left out. */
export function availabilityReport(
  stacks: readonly SynthesizedStack[],
  options: AvailabilityOptions,
): AvailabilityReport {
  const { slo, trials = 100_000 } = options;
  const paths = stacks.flatMap((stack) => {
    const path = requestPath(stack, options);
    return path ? [{ stack: stack.name, ...path }] : [];
  });
  return {
    promised: downtime(slo.availabilityPercent / 100),
    stacks: paths.map(({ stack, graph, soft }) => ({
      stack,
      ...downtime(availabilityOf(graph)),
      parts: lossesOf(graph).map(({ part: { name, path = stack, level, fix }, share }) => ({
        // Without what tells it from others of its kind.
        name: name.slice(name.lastIndexOf(': ') + 1).trim(),
        path,
        ...(level && { level }),
        minutesAMonth: rounded(share * MINUTES_A_MONTH),
        ...(fix && { fix }),
      })),
      soft,
      ...(trials > 0 && { simulated: simulated(graph, trials) }),
    })),
    ...(paths.length > 1 && {
      together: downtime(1 - paths.reduce((none, { graph }) => none * (1 - availabilityOf(graph)), 1)),
    }),
  };
}

function downtime(availability: number): Downtime {
  return { percent: rounded(availability * 100), minutesAMonth: rounded((1 - availability) * MINUTES_A_MONTH) };
}

function simulated(graph: Graph, trials: number): StackAvailability['simulated'] {
  const { availability, standardError } = simulate(graph, SEED, trials);
  return { trials, percent: rounded(availability * 100), standardErrorPercent: rounded(standardError * 100) };
}

/** As fine as two clouds together want it. */
const rounded = (number: number) => Number(number.toFixed(9));
