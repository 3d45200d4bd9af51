import type { CapacityPlan } from '../../../src';

/** What an autoscaler holds each replica to: the requests it was measured with, and CPU for those that cost more. */
export function scalingTargets({ requestsPerSecondPerReplica }: CapacityPlan) {
  return { requestsPerMinute: requestsPerSecondPerReplica * 60, cpuPercent: 60 };
}
