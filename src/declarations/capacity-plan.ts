import { ConfigError } from '../errors';

export interface CapacityPlanProps {
  /**
   * People using the shop at the same time.
   * @default 10000
   */
  readonly concurrentUsers?: number;
  /**
   * Mean time between two requests of one person, in seconds.
   * @default 10
   */
  readonly thinkTimeSeconds?: number;
  /**
   * How many times as much is asked at the busiest moments as by `concurrentUsers` on average: 3 for a sale that triples
   * the traffic.
   * @default 1
   */
  readonly peakFactor?: number;
  /**
   * Requests a second that one replica is planned to answer, well under what it can do.
   * @default 600
   */
  readonly requestsPerSecondPerReplica?: number;
  /**
   * Requests a second that one core was measured to answer within the objective's latency.
   * @default 4500 - of docs/benchmark.md, with histories as long as real ones
   */
  readonly requestsPerSecondPerCore?: number;
  /**
   * Fewest replicas of the model server.
   * @default 2
   */
  readonly minReplicas?: number;
  /**
   * Most replicas of the model server.
   * @default 50
   */
  readonly maxReplicas?: number;
}

const POSITIVE = [
  'concurrentUsers',
  'thinkTimeSeconds',
  'peakFactor',
  'requestsPerSecondPerReplica',
  'requestsPerSecondPerCore',
] as const;

/** What one replica asks of a node. */
export interface ReplicaSize {
  /** Requested CPU, in millicores. */
  readonly cpuMillis: number;
  /** Requested memory, in MiB. */
  readonly memoryMib: number;
}

/** What a node offers to pods, after what the system and the add-ons keep for themselves. */
export interface NodeSize {
  readonly cpuMillis: number;
  readonly memoryMib: number;
}

/** Share of a core that is planned with: what the autoscaler keeps replicas at, because nothing runs well at its limit. */
const UTILISATION = 0.6;

/** How much traffic the service is built for. The autoscaler's bounds and the node pool's size derive from it. */
export class CapacityPlan {
  readonly concurrentUsers: number;
  readonly thinkTimeSeconds: number;
  readonly peakFactor: number;
  readonly requestsPerSecondPerReplica: number;
  readonly requestsPerSecondPerCore: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;

  constructor(props: CapacityPlanProps = {}) {
    this.concurrentUsers = props.concurrentUsers ?? 10_000;
    this.thinkTimeSeconds = props.thinkTimeSeconds ?? 10;
    this.peakFactor = props.peakFactor ?? 1;
    this.requestsPerSecondPerReplica = props.requestsPerSecondPerReplica ?? 600;
    this.requestsPerSecondPerCore = props.requestsPerSecondPerCore ?? 4500;
    this.minReplicas = props.minReplicas ?? 2;
    this.maxReplicas = props.maxReplicas ?? 50;
    for (const key of POSITIVE) {
      if (!(this[key] > 0 && Number.isFinite(this[key]))) {
        throw new ConfigError(`capacity.${key} is ${this[key]}; it must be a number above 0.`);
      }
    }
    if (this.peakFactor < 1) {
      throw new ConfigError(`capacity.peakFactor is ${this.peakFactor}; it must be a number from 1.`);
    }
    if (!(Number.isInteger(this.minReplicas) && this.minReplicas >= 1)) {
      throw new ConfigError(`capacity.minReplicas is ${this.minReplicas}; it must be a whole number from 1.`);
    }
    if (!(Number.isInteger(this.maxReplicas) && this.maxReplicas >= this.minReplicas && this.maxReplicas <= 1000)) {
      throw new ConfigError(
        `capacity.maxReplicas is ${this.maxReplicas}; it must be a whole number from minReplicas (${this.minReplicas}) to 1000.`,
      );
    }
    if (this.replicasAtPeak > this.maxReplicas) {
      throw new ConfigError(
        `capacity.maxReplicas is ${this.maxReplicas}, and the peak of ${Math.ceil(this.peakRequestsPerSecond)} requests a second needs ${this.replicasAtPeak} replicas of capacity.requestsPerSecondPerReplica, ${this.requestsPerSecondPerReplica}; raise one of them, or plan for less.`,
      );
    }
  }

  /**
   * Requests a second at the busiest moments. By Little's law N people ask N / (Z + R) times a second on average; their
   * think time Z is so much longer than the response time R that R is left out, which is on the safe side.
   */
  get peakRequestsPerSecond(): number {
    return (this.concurrentUsers / this.thinkTimeSeconds) * this.peakFactor;
  }

  /** Requests a second that a replica with so much CPU of its own answers, at 60 % of what was measured. */
  requestsPerSecondOf({ cpuMillis }: Pick<ReplicaSize, 'cpuMillis'>): number {
    return (this.requestsPerSecondPerCore * UTILISATION * cpuMillis) / 1000;
  }

  /** CPU of its own that a replica needs to answer what is planned of it, in millicores. */
  get leastCpuMillis(): number {
    return (this.requestsPerSecondPerReplica / this.requestsPerSecondOf({ cpuMillis: 1000 })) * 1000;
  }

  /** Replicas that answer the peak when there are no more to be had, such as when a zone is lost. */
  leastReplicas(replica: Pick<ReplicaSize, 'cpuMillis'>): number {
    return Math.ceil(this.peakRequestsPerSecond / this.requestsPerSecondOf(replica));
  }

  /** Replicas that the peak is planned with. */
  get replicasAtPeak(): number {
    return Math.ceil(this.peakRequestsPerSecond / this.requestsPerSecondPerReplica);
  }

  /** Replicas to start with, before an autoscaler has measured anything: what the peak needs, and no fewer than may be. */
  get initialReplicas(): number {
    return Math.max(this.minReplicas, this.replicasAtPeak);
  }

  /** Nodes that hold `replicas` of the given size, by the scarcer of CPU and memory. */
  nodesFor(replicas: number, replica: ReplicaSize, node: NodeSize): number {
    const perNode = Math.floor(Math.min(node.cpuMillis / replica.cpuMillis, node.memoryMib / replica.memoryMib));
    if (perNode < 1) {
      throw new ConfigError(
        `a replica of ${replica.cpuMillis}m CPU and ${replica.memoryMib} MiB does not fit a node that offers ${node.cpuMillis}m and ${node.memoryMib} MiB; choose a larger node size.`,
      );
    }
    return Math.ceil(replicas / perNode);
  }
}
