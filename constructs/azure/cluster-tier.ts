import type { ServiceLevelObjective } from '../../src';

/** Tiers of the AKS control plane: `Standard` has a financially backed SLA and costs $73 a month, `Free` has neither. */
export type ClusterTier = 'Free' | 'Standard';

/** What Microsoft aims for, without a promise, on the Free tier (AKS documentation, "Uptime SLA"). */
const FREE_TIER_OBJECTIVE_PERCENT = 99.5;

/**
 * The cheapest tier that a promise can stand on. Requests don't pass the API server, but scaling, rescheduling after a
 * node's loss and rollouts do, so a service can't promise more than its control plane does.
 */
export function clusterTierFor(slo: ServiceLevelObjective): ClusterTier {
  return slo.availabilityPercent > FREE_TIER_OBJECTIVE_PERCENT ? 'Standard' : 'Free';
}
