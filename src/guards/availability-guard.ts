import {
  type AvailabilityOptions,
  type AvailabilityReport,
  availabilityReport,
  type StackAvailability,
} from '../availability/availability-report';
import { CapacityPlan } from '../declarations/capacity-plan';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Finding, Guard } from './guard';

export interface AvailabilityGuardProps extends Omit<AvailabilityOptions, 'capacity' | 'trials'> {
  /**
   * How many nodes have to be there follows from it.
   * @default new CapacityPlan()
   */
  readonly capacity?: CapacityPlan;
}

/**
 * Holds each stack to the objective by what the clouds promise: of all that a request passes, and that no rung of the
 * ladder stands in for. Each stands for itself, because nothing leads callers from one to the other yet.
 */
export class AvailabilityGuard implements Guard {
  private readonly options: AvailabilityOptions;

  constructor(props: AvailabilityGuardProps) {
    this.options = { ...props, capacity: props.capacity ?? new CapacityPlan(), trials: 0 };
  }

  check(stacks: readonly SynthesizedStack[]): Finding[] {
    const report = availabilityReport(stacks, this.options);
    return report.stacks
      .filter(({ percent }) => percent < report.promised.percent)
      .map((stack) => tooLow(stack, report));
  }
}

function tooLow(stack: StackAvailability, { promised, together }: AvailabilityReport): Finding {
  const [weakest] = stack.parts;
  const { name, level } = weakest ?? {};
  const promise = level && (level.service === name ? `${level.percent} %` : `${level.service}: ${level.percent} %`);
  const source = level ? ` (${promise}, ${level.url})` : '';
  const other = together
    ? ` All stacks together would come to ${percent(together.percent)}, if callers changed over.`
    : '';
  return {
    severity: 'error',
    path: weakest?.path ?? stack.stack,
    message: `by the clouds' promises requests are answered ${percent(stack.percent)} of the time, ${minutes(stack.minutesAMonth)} a month without an answer; slo.availabilityPercent is ${promised.percent}, ${minutes(promised.minutesAMonth)}. The weakest link is ${name}${source}, ${minutes(weakest?.minutesAMonth ?? 0)} of them. ${weakest?.fix ?? 'Put another beside it, or promise less'}.${other}`,
  };
}

/** Never rounded up to what was promised. */
const percent = (value: number) => `${(Math.floor(value * 10_000) / 10_000).toFixed(4)} %`;
const minutes = (value: number) => `${value.toFixed(1)} minutes`;
