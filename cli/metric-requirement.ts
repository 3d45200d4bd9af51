import type { Manifest } from '@cdktf-recommender/model-registry';
import { InvalidArgumentError, Option } from 'commander';
import { RequirementError } from './failure';

/** The least that a metric of a version must be. */
export interface MetricRequirement {
  readonly metric: string;
  readonly least: number;
}

export const requireOption = () =>
  new Option('--require <metric=value>', 'least value of a metric, for promoting; can be repeated')
    .argParser(requirement)
    .default([], 'none');

/**
 * Holds a version against what is required before a channel points to it, by the lower end of each metric's interval:
 * a version that may be worse is not promoted.
 *
 * @throws RequirementError naming the metric, what it is and what was required
 */
export function checkRequirements(
  version: string,
  { metrics }: Manifest,
  required: readonly MetricRequirement[],
): void {
  for (const { metric, least } of required) {
    const found = metrics[metric];
    const hint = `It is registered; its metrics are ${Object.keys(metrics).join(', ')}. 'recommender model show ${version.slice(0, 12)}' prints them.`;
    if (!found) throw new RequirementError(`version ${version.slice(0, 12)} has no metric ${metric}`, hint);
    if (found.low < least) {
      throw new RequirementError(
        `version ${version.slice(0, 12)} is not promoted: ${metric} is ${found.value.toFixed(4)}, maybe as low as ${found.low.toFixed(4)}, and ${least} is required`,
        hint,
      );
    }
  }
}

function requirement(text: string, before: readonly MetricRequirement[]): readonly MetricRequirement[] {
  const [, metric, least] = /^([a-z][\w@-]*)=(\d+(?:\.\d+)?)$/.exec(text) ?? [];
  if (metric === undefined) throw new InvalidArgumentError('allowed is metric=value, such as ndcg@20=0.05.');
  return [...before, { metric, least: Number(least) }];
}
