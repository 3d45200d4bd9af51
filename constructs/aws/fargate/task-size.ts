/** vCPUs of a task, and the GiB of memory that Fargate sells with them. Source: ECS developer guide, "Task size". */
export type FargateTaskSize =
  | { readonly vcpus: 0.5; readonly memoryGib: 1 | 2 | 3 | 4 }
  | { readonly vcpus: 1; readonly memoryGib: 2 | 3 | 4 | 5 | 6 | 7 | 8 }
  | { readonly vcpus: 2; readonly memoryGib: 4 | 8 | 12 | 16 }
  | { readonly vcpus: 4; readonly memoryGib: 8 | 16 | 24 | 30 };

export const DEFAULT_TASK_SIZE: FargateTaskSize = { vcpus: 1, memoryGib: 2 };

/**
 * List prices of Linux on arm64 in us-east-1, in USD an hour; spot is up to 70 % less, and AWS changes it. Source: what
 * vantage.sh/blog/fargate-pricing quotes of aws.amazon.com/fargate/pricing, read in November 2026.
 */
const HOURLY_USD = { vcpu: 0.03238, gib: 0.00356 } as const;
const SPOT_DISCOUNT = 0.7;
const HOURS_A_MONTH = 730;

/** USD a month for one task of a size, always running; with `spot` at the lowest price that AWS names. */
export function fargateTaskMonthlyUsd({ vcpus, memoryGib }: FargateTaskSize, { spot = false } = {}): number {
  const hourly = vcpus * HOURLY_USD.vcpu + memoryGib * HOURLY_USD.gib;
  return Number((hourly * HOURS_A_MONTH * (spot ? 1 - SPOT_DISCOUNT : 1)).toFixed(2));
}
