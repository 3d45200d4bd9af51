import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import { findViolations, type Unread, type Violation } from './find-violations';
import type { SecurityRule } from './rule';
import { covers, isPast, type Suppression } from './suppression';

/** How stacks keep the rules. All of it can be written as JSON. */
export interface SecurityReport {
  /** What fails the synth, or is warned of. */
  readonly violations: readonly Violation[];
  /** What would, were it not suppressed. */
  readonly suppressed: readonly { readonly violation: Violation; readonly suppression: Suppression }[];
  /** Suppressions whose last day has gone by: they suppress nothing any more. */
  readonly past: readonly Suppression[];
  /** Suppressions of what isn't there. */
  readonly unused: readonly Suppression[];
  /** Resources of a cluster that couldn't be read, so that no rule was held against them. */
  readonly unread: readonly Unread[];
}

export interface SecurityReportOptions {
  readonly rules: readonly SecurityRule[];
  readonly suppressions: readonly Suppression[];
  readonly today: Date;
}

/** Holds stacks against rules. */
export function securityReport(
  stacks: readonly SynthesizedStack[],
  { rules, suppressions, today }: SecurityReportOptions,
): SecurityReport {
  const found = stacks.map((stack) => findViolations(stack, rules));
  const all = found.flatMap(({ violations }) => violations);
  const inForce = suppressions.filter((suppression) => !isPast(suppression, today));
  const suppressed = all.flatMap((violation) => {
    const suppression = inForce.find((one) => covers(one, violation));
    return suppression ? [{ violation, suppression }] : [];
  });
  return {
    violations: all.filter((violation) => !suppressed.some((one) => one.violation === violation)),
    suppressed,
    past: suppressions.filter((suppression) => isPast(suppression, today)),
    unused: inForce.filter((suppression) => !all.some((violation) => covers(suppression, violation))),
    unread: found.flatMap(({ unread }) => unread),
  };
}
