import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { usdPerMonth } from '../../../src/cost/list-prices';

/** Graviton nodes of ElastiCache. */
export const CACHE_NODE_TYPES = {
  'cache.t4g.micro': { memoryGib: 0.5 },
  'cache.t4g.small': { memoryGib: 1.37 },
  'cache.t4g.medium': { memoryGib: 3.09 },
} as const;

export type CacheNodeType = keyof typeof CACHE_NODE_TYPES;

/** How many nodes a cache has, and who of them has which keys. */
export class CacheShape {
  /** One node: while AWS replaces it, there is no cache, and what was written since its last snapshot is gone. */
  static single(): CacheShape {
    return new CacheShape(false, 1, 0);
  }

  /**
   * A primary with replicas in other zones, one of which takes over when it fails.
   *
   * @param replicas 1 to 5
   */
  static replicated({ replicas = 1 }: { replicas?: number } = {}): CacheShape {
    return new CacheShape(false, 1, replicas);
  }

  /**
   * Cluster mode: shards share the keys among them, and can become more later; each has replicas in other zones.
   *
   * @param shards 1 to 90
   * @param replicas of each shard, 1 to 5
   */
  static sharded({ shards, replicas = 1 }: { shards: number; replicas?: number }): CacheShape {
    return new CacheShape(true, shards, replicas);
  }

  private constructor(
    /** Whether clients speak the protocol of a cluster. */
    readonly clustered: boolean,
    readonly shards: number,
    /** Of each shard. */
    readonly replicas: number,
  ) {}

  get nodes(): number {
    return this.shards * (1 + this.replicas);
  }

  /** Whether another node takes over when a primary fails. */
  get failsOver(): boolean {
    return this.replicas > 0;
  }

  usdPerMonth(nodeType: CacheNodeType): number {
    return Math.round(this.nodes * usdPerMonth(`aws/elasticache/valkey/${nodeType}`) * 100) / 100;
  }

  /** @throws ConfigError when ElastiCache has no such shape */
  check(scope: Construct): void {
    const within = (value: number, least: number, most: number) =>
      Number.isInteger(value) && value >= least && value <= most;
    if (!within(this.replicas, this.clustered ? 1 : 0, 5)) {
      throw new ConfigError(
        `shape has ${this.replicas} replicas; ElastiCache takes 1 to 5. For none, use CacheShape.single().`,
        scope,
      );
    }
    if (!within(this.shards, 1, 90) || this.nodes > 90) {
      throw new ConfigError(
        `shape has ${this.shards} shards of ${1 + this.replicas} nodes; an account may have 90 nodes in a cache.`,
        scope,
      );
    }
  }
}
