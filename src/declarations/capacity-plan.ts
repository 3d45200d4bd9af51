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
   * Requests a second that one replica is planned to answer, well under what it can do.
   * @default 600
   */
  readonly requestsPerSecondPerReplica?: number;
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

/** How much traffic the service is built for. The autoscaler's bounds and the node pool's size derive from it. */
export class CapacityPlan {
  readonly concurrentUsers: number;
  readonly thinkTimeSeconds: number;
  readonly requestsPerSecondPerReplica: number;
  readonly minReplicas: number;
  readonly maxReplicas: number;

  constructor(props: CapacityPlanProps = {}) {
    this.concurrentUsers = props.concurrentUsers ?? 10_000;
    this.thinkTimeSeconds = props.thinkTimeSeconds ?? 10;
    this.requestsPerSecondPerReplica = props.requestsPerSecondPerReplica ?? 600;
    this.minReplicas = props.minReplicas ?? 2;
    this.maxReplicas = props.maxReplicas ?? 50;
    for (const key of ['concurrentUsers', 'thinkTimeSeconds', 'requestsPerSecondPerReplica'] as const) {
      if (!(this[key] > 0 && Number.isFinite(this[key]))) {
        throw new ConfigError(`capacity.${key} is ${this[key]}; it must be a number above 0.`);
      }
    }
    if (!(Number.isInteger(this.minReplicas) && this.minReplicas >= 1)) {
      throw new ConfigError(`capacity.minReplicas is ${this.minReplicas}; it must be a whole number from 1.`);
    }
    if (!(Number.isInteger(this.maxReplicas) && this.maxReplicas >= this.minReplicas && this.maxReplicas <= 1000)) {
      throw new ConfigError(
        `capacity.maxReplicas is ${this.maxReplicas}; it must be a whole number from minReplicas (${this.minReplicas}) to 1000.`,
      );
    }
  }

  /** Requests a second when everybody is there: N / Z, for a response time that is small beside the think time. */
  get peakRequestsPerSecond(): number {
    return this.concurrentUsers / this.thinkTimeSeconds;
  }

  /** Replicas the peak needs, before the bounds. */
  get replicasAtPeak(): number {
    return Math.ceil(this.peakRequestsPerSecond / this.requestsPerSecondPerReplica);
  }

  /** Replicas to start with, before an autoscaler has measured anything: what the peak needs, within the bounds. */
  get initialReplicas(): number {
    return Math.min(this.maxReplicas, Math.max(this.minReplicas, this.replicasAtPeak));
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
