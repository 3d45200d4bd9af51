import type { ReplicaSize } from '../declarations/capacity-plan';
import type { Quantiles } from './quantiles';

/** What a container of a workload asked for and used. */
export interface ContainerUsage {
  readonly namespace: string;
  /** `Deployment/grafana` */
  readonly workload: string;
  readonly container: string;
  /** Its pods that run now. */
  readonly pods: number;
  /** What one pod's requests; what it has no request for is left out. */
  readonly requested: Partial<ReplicaSize>;
  /** Of all its pods, those that are gone included; undefined where nothing was measured. */
  readonly cpuMillis?: Quantiles;
  readonly memoryMib?: Quantiles;
  /** Between the first and the last measurement. */
  readonly hours: number;
  /** Share of its scheduling periods in which its limit stopped it; undefined without a limit. */
  readonly throttledPercent?: number;
  /** Whether one of its pods was killed for its memory. */
  readonly outOfMemory: boolean;
  /** Whether its replicas follow the share of the requested CPU that they use. */
  readonly scaledByCpu: boolean;
}

/**
 * How the recommender of the Vertical Pod Autoscaler is set by default, but for memory: that takes the 90th percentile of
 * days' peaks, this the highest of all. Its least sizes (25m, 250 MiB a pod) are above what small containers ask for.
 * Source: https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/flags.md
 */
export const SIZING_RULE = {
  /** `recommendation-margin-fraction` */
  margin: 0.15,
  /** `oom-bump-up-ratio`, `oom-min-bump-up-bytes` */
  outOfMemory: { ratio: 1.2, leastMib: 100 },
  /** `pod-update-threshold`: a change by a smaller share isn't worth a restart. */
  leastChange: 0.1,
  /** A day, with its night. */
  leastHours: 24,
  floor: { cpuMillis: 10, memoryMib: 32 },
  roundedTo: { cpuMillis: 5, memoryMib: 16 },
} as const;

/** What bounds a recommendation from outside. */
export interface SizeBounds {
  /** CPU that it needs for what it is planned for, whatever it used, in millicores. @default 0 */
  readonly leastCpuMillis?: number;
  /** Whether it takes what memory it gets, so that its use says nothing of its need. @default false */
  readonly fillsMemory?: boolean;
}

/** What a container is to request. What is kept as it is, or can't be told, is as requested. */
export interface RecommendedSize extends Partial<ReplicaSize> {
  /** Why it isn't what its use says. */
  readonly notes: readonly string[];
}

/** CPU: the 90th percentile and 15 %. Memory: the highest and 15 %. */
export function recommendedSize(usage: ContainerUsage, bounds: SizeBounds = {}): RecommendedSize {
  const { requested, hours } = usage;
  if (!usage.cpuMillis && !usage.memoryMib) return { ...requested, notes: ['nothing was measured'] };
  if (hours < SIZING_RULE.leastHours) {
    return { ...requested, notes: [`measured for ${Math.floor(hours)} h; a day is needed`] };
  }
  const cpu = recommendedCpu(usage, bounds);
  const memory = recommendedMemory(usage, bounds);
  return { cpuMillis: cpu.size, memoryMib: memory.size, notes: [...cpu.notes, ...memory.notes] };
}

interface Recommended {
  readonly size?: number;
  readonly notes: readonly string[];
}

function recommendedCpu(
  { cpuMillis, requested, scaledByCpu, throttledPercent = 0 }: ContainerUsage,
  { leastCpuMillis = 0 }: SizeBounds,
): Recommended {
  const throttled =
    throttledPercent >= 1 ? [`its limit stopped it in ${Math.round(throttledPercent)} % of periods`] : [];
  if (scaledByCpu) {
    return {
      size: requested.cpuMillis,
      notes: ['its replicas follow the share of its CPU, which is kept', ...throttled],
    };
  }
  if (!cpuMillis) return { size: requested.cpuMillis, notes: throttled };
  const used = cpuMillis.p90 * (1 + SIZING_RULE.margin);
  const planned = leastCpuMillis > used ? ['held at what the plan needs of a replica'] : [];
  const size = rounded('cpuMillis', Math.max(used, leastCpuMillis));
  return { size: kept(requested.cpuMillis, size), notes: [...planned, ...throttled] };
}

function recommendedMemory(
  { memoryMib, requested, outOfMemory }: ContainerUsage,
  { fillsMemory = false }: SizeBounds,
): Recommended {
  if (outOfMemory) {
    const { ratio, leastMib } = SIZING_RULE.outOfMemory;
    const had = Math.max(requested.memoryMib ?? 0, memoryMib?.max ?? 0);
    return {
      size: rounded('memoryMib', Math.max(had * ratio, had + leastMib)),
      notes: ['was killed for its memory, so it gets more than it had'],
    };
  }
  if (fillsMemory) return { size: requested.memoryMib, notes: ['fills the memory that it gets, which is kept'] };
  if (!memoryMib) return { size: requested.memoryMib, notes: [] };
  const size = rounded('memoryMib', memoryMib.max * (1 + SIZING_RULE.margin));
  return { size: kept(requested.memoryMib, size), notes: [] };
}

function rounded(what: keyof ReplicaSize, value: number): number {
  const step = SIZING_RULE.roundedTo[what];
  // Without the noise of binary fractions, which would round 115.00000000000001 up.
  return Math.max(SIZING_RULE.floor[what], Math.ceil(Number((value / step).toFixed(6))) * step);
}

function kept(requested: number | undefined, size: number): number {
  if (requested === undefined) return size;
  return Math.abs(size - requested) < requested * SIZING_RULE.leastChange ? requested : size;
}
