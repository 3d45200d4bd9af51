import { CapacityPlan, type Config, ConfigError, type EnvironmentName, ServiceLevelObjective } from '../../src';
import { ConfigSchema } from '../../src/config/schema';
import { billOf } from '../../src/cost/bill';
import { AvailabilityGuard } from '../../src/guards/availability-guard';
import { BoundedStateGuard } from '../../src/guards/bounded-state-guard';
import { CapacityGuard } from '../../src/guards/capacity-guard';
import { SecurityGuard } from '../../src/guards/security-guard';
import type { SynthesizedStack } from '../../src/synthesized/synthesized-stack';
import { type CheaperSetting, cheaperSettings } from './cheaper-settings';
import { gatherGroups, type SynthesizedGroup } from './gather';

/** A setting that lowers the bill of an environment, and that the guards let through. */
export interface Recommendation extends CheaperSetting {
  /** USD a month that are expected to be saved. */
  readonly expected: number;
  /** USD that a month at the most replicas would cost less. */
  readonly ceiling: number;
}

/** USD a month from which on a change is worth a word. */
const LEAST_USD = 1;

/**
 * What to change in the settings of an environment to pay less, what saves most first. Each change is synthesized, held
 * to the guards and counted by itself: two of them may save less together.
 */
export function recommendations(config: Config, { name, stacks }: SynthesizedGroup): Recommendation[] {
  const environment = config.environments[name as EnvironmentName];
  if (!environment) return [];
  const options = { capacity: new CapacityPlan(config.capacity), ...config.cost };
  const now = billOf(stacks, options).usd;
  const refusedNow = refusals(stacks, config);
  return cheaperSettings(environment)
    .flatMap((setting) => {
      const variant = withSetting(config, name as EnvironmentName, setting);
      const changed = variant && synthesized(variant);
      if (!changed) return [];
      const usd = billOf(changed.stacks, options).usd;
      const saved = { expected: now.expected - usd.expected, ceiling: now.ceiling - usd.ceiling };
      if (saved.expected < LEAST_USD && (saved.expected < 0 || saved.ceiling < LEAST_USD)) return [];
      return refusals(changed.stacks, config) > refusedNow ? [] : [{ ...setting, ...saved }];
    })
    .sort((a, b) => b.expected - a.expected || b.ceiling - a.ceiling);
}

/** Undefined where the constructs refuse it, such as nodes of a size that isn't known. */
function synthesized(variant: Config): SynthesizedGroup | undefined {
  try {
    return gatherGroups(variant, [])[0];
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** The config of one environment with a setting changed; undefined where that goes with others not. */
export function withSetting(
  config: Config,
  name: EnvironmentName,
  { path, value }: Pick<CheaperSetting, 'path' | 'value'>,
): Config | undefined {
  const environment = replaced(config.environments[name], path, value);
  const { data } = ConfigSchema.safeParse({ ...config, environments: { [name]: environment }, local: undefined });
  return data;
}

function replaced(settings: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const fields = (settings ?? {}) as Readonly<Record<string, unknown>>;
  return { ...fields, [key]: replaced(fields[key], rest, value) };
}

/** How much of stacks the guards refuse, what they cost apart. */
function refusals(stacks: readonly SynthesizedStack[], config: Config): number {
  const capacity = new CapacityPlan(config.capacity);
  const guards = [
    new AvailabilityGuard({ slo: new ServiceLevelObjective(config.slo), capacity }),
    new BoundedStateGuard(),
    new CapacityGuard({ capacity }),
    new SecurityGuard(config.security),
  ];
  return guards.flatMap((guard) => guard.check(stacks)).filter(({ severity }) => severity === 'error').length;
}
