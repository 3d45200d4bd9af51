import type { Bench } from './bench';
import type { Measurement } from './figures';
import { measureAuthentication } from './scenarios/authentication';
import { measureBatching, measureLoneClient } from './scenarios/batching';
import { measureCapacity, measureOtherHistories } from './scenarios/capacity';
import { measureCluster } from './scenarios/cluster';
import { measureDeadRedis } from './scenarios/dead-redis';
import { measureHeadroom } from './scenarios/headroom';
import { measureMemory } from './scenarios/memory';
import { measureObservability } from './scenarios/observability';
import { measureProcessorTime } from './scenarios/processor-time';
import { measureResultCache } from './scenarios/result-cache';
import { measureStart } from './scenarios/start';

export interface Scenario {
  /** For `--only`. */
  readonly name: string;
  readonly title: string;
  measure(bench: Bench): Promise<Measurement>;
}

/** In the order in which they run; bars are in the figures of each. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'capacity',
    title: 'Highest rate with p99 < 100 ms at 10,000 connections, open loop, one core',
    measure: measureCapacity,
  },
  { name: 'histories', title: 'The same with other histories', measure: measureOtherHistories },
  { name: 'headroom', title: "The generator's headroom, 10,000 connections", measure: measureHeadroom },
  { name: 'cpu', title: 'Processor time per request, 500 connections, closed loop', measure: measureProcessorTime },
  { name: 'batching', title: 'Batching, 100 connections, closed loop', measure: measureBatching },
  { name: 'lone-client', title: 'Batching, one connection', measure: measureLoneClient },
  {
    name: 'observability',
    title: 'Logs and sampled tracing, 100 connections, closed loop',
    measure: measureObservability,
  },
  {
    name: 'authentication',
    title: 'Authentication by JWT, 100 connections, closed loop',
    measure: measureAuthentication,
  },
  { name: 'result-cache', title: 'Result cache, 100 connections, closed loop', measure: measureResultCache },
  { name: 'dead-redis', title: 'A Redis that hangs under the result cache', measure: measureDeadRedis },
  { name: 'cluster', title: 'Two workers on two cores, 200 connections, closed loop', measure: measureCluster },
  { name: 'memory', title: 'Memory, 10,000 connections', measure: measureMemory },
  { name: 'start', title: 'From start to ready', measure: measureStart },
];
