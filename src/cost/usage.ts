import type { CapacityPlan } from '../declarations/capacity-plan';
import { HOURS_A_MONTH } from './price-list';
import { flat, map, type Range } from './range';

/**
 * What is assumed of a month where nothing is measured yet: the value, and what it is. Measured values replace them.
 * 5 % is 40 % of its busiest hour for a day's mean, and an eighth of the year's busiest day for an ordinary one.
 */
export const ASSUMPTIONS = {
  meanLoadPercent: [5, "A month's mean load, in percent of the peak that `capacity` is planned for."],
  responseKib: [2, 'An answer with its head and its share of TLS, in KiB; it leaves the cloud.'],
  eventsPercent: [5, 'Events for each hundred requests.'],
  natGb: [20, "GB through a stack's NAT gateways: images, and calls of what has no endpoint."],
  endpointGb: [5, 'GB through an interface endpoint.'],
  clusterLogGb: [5, "GB of lines of a cluster's control plane."],
  trailLogGb: [2, "GB of a trail's events that CloudWatch keeps too."],
  logGb: [0.5, 'GB of lines of any other log group.'],
  storedGb: [5, 'GB in a bucket, a registry, a table or an account.'],
  backupGb: [10, 'GB that a vault of backups keeps.'],
  functionCallsThousands: [10, 'Thousands of calls of a function.'],
  functionMilliseconds: [200, 'How long a call of a function takes.'],
  transitionsThousands: [1, 'Thousands of steps that a state machine takes.'],
  buildMinutes: [100, "Minutes of a pipeline's step."],
  notebookHours: [168, 'Hours that a notebook runs: eight on 21 days.'],
  queriedGb: [50, "GB that a workgroup's queries scan."],
  awsCallsMillions: [1, "Millions of calls of AWS' API in the account."],
  auditEventsMillions: [2, "Millions of events in a cluster's audit log."],
  objectEventsMillions: [0.5, 'Millions of recorded reads and writes of objects.'],
  configChangesThousands: [0.5, 'Thousands of changes that Config records.'],
  ruleLooksThousands: [0.1, 'Thousands of looks of one rule of Config.'],
  securityChecksThousands: [1, 'Thousands of checks of Security Hub.'],
  imageScans: [20, 'Images that Inspector looks at anew.'],
  messagesMillions: [0.01, 'Millions of messages of a topic, or of a queue for what failed.'],
  dnsMillions: [1, 'Millions of questions for the names of a zone.'],
  samplesMillions: [100, 'Millions of samples that a managed Prometheus takes in.'],
} as const satisfies Record<string, readonly [value: number, what: string]>;

export type Assumption = keyof typeof ASSUMPTIONS;

/** Values that replace {@link ASSUMPTIONS}. */
export type UsageAssumptions = { readonly [name in Assumption]?: number };

type Plan = Pick<CapacityPlan, 'peakRequestsPerSecond' | 'requestsPerSecondPerReplica' | 'minReplicas' | 'maxReplicas'>;

/** What a stack is used for in a month. */
export interface Usage extends Readonly<Record<Assumption, number>> {
  /** Requests, in millions. A stack has its share of those of all; at most it answers the peak, all month and alone. */
  readonly requestsMillions: Range;
  /** What leaves the cloud, in GB. */
  readonly egressGb: Range;
  /** Events, in millions. */
  readonly eventsMillions: Range;
  /** How far what scales is from its fewest on average, 0 to 1 of the way to its most. */
  readonly load: number;
}

const SECONDS_A_MONTH = HOURS_A_MONTH * 3600;

/** @param stacks among how many the requests are shared */
export function usageOf(plan: Plan, stacks: number, assumptions: UsageAssumptions = {}): Usage {
  const defaults = Object.fromEntries(Object.entries(ASSUMPTIONS).map(([name, [value]]) => [name, value]));
  const chosen = { ...(defaults as Record<Assumption, number>), ...assumptions };
  const meanRate = (plan.peakRequestsPerSecond * chosen.meanLoadPercent) / 100 / stacks;
  const rates: Range = { floor: 0, expected: meanRate, ceiling: Math.max(meanRate, plan.peakRequestsPerSecond) };
  const requestsMillions = map(rates, (rate) => (rate * SECONDS_A_MONTH) / 1e6);
  return {
    ...chosen,
    requestsMillions,
    egressGb: map(requestsMillions, (millions) => (millions * 1e6 * chosen.responseKib * 1024) / 1e9),
    eventsMillions: map(requestsMillions, (millions) => (millions * chosen.eventsPercent) / 100),
    load: loadOf(plan, meanRate),
  };
}

function loadOf({ requestsPerSecondPerReplica, minReplicas, maxReplicas }: Plan, rate: number): number {
  if (maxReplicas === minReplicas) return 0;
  const replicas = Math.min(maxReplicas, Math.max(minReplicas, Math.ceil(rate / requestsPerSecondPerReplica)));
  return (replicas - minReplicas) / (maxReplicas - minReplicas);
}

/** What scales between two bounds: how many there are at least, on average and at most. */
export function scaled(min: number, max: number, { load }: Pick<Usage, 'load'>): Range {
  const most = Math.max(min, max);
  return min === most ? flat(min) : { floor: min, expected: min + Math.ceil((most - min) * load), ceiling: most };
}
