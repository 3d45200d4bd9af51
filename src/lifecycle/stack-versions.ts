import { type Fields, walk } from '../synthesized/stack-json';
import type { SynthesizedResource, SynthesizedStack } from '../synthesized/synthesized-stack';
import { AKS, EKS, ELASTICACHE_REDIS, POSTGRESQL, RDS_POSTGRESQL, type SupportCalendar } from './supported-versions';

/** A version that a resource asks for. */
export interface AskedVersion {
  readonly resource: SynthesizedResource;
  /** The argument that says it. */
  readonly argument: string;
  /** As the calendar has it: `1.35`, `17`. */
  readonly version: string;
  readonly calendar: SupportCalendar;
}

interface Versioned {
  readonly argument: string;
  readonly calendar: SupportCalendar;
  /** The part of a version that the calendar goes by. */
  readonly level: 'major' | 'minor';
  /** Whether it is this engine's. */
  readonly isOf?: (block: Fields) => boolean;
}

const engine = (name: string) => (block: Fields) => block.engine === name;

/** Where resources say their version. */
const VERSIONED: Readonly<Record<string, Versioned>> = {
  aws_db_instance: {
    argument: 'engine_version',
    calendar: RDS_POSTGRESQL,
    level: 'major',
    isOf: engine('postgres'),
  },
  aws_eks_cluster: { argument: 'version', calendar: EKS, level: 'minor' },
  aws_eks_node_group: { argument: 'version', calendar: EKS, level: 'minor' },
  aws_elasticache_cluster: {
    argument: 'engine_version',
    calendar: ELASTICACHE_REDIS,
    level: 'major',
    isOf: engine('redis'),
  },
  aws_elasticache_replication_group: {
    argument: 'engine_version',
    calendar: ELASTICACHE_REDIS,
    level: 'major',
    isOf: ({ engine = 'redis' }) => engine === 'redis',
  },
  aws_rds_cluster: {
    argument: 'engine_version',
    calendar: RDS_POSTGRESQL,
    level: 'major',
    isOf: engine('aurora-postgresql'),
  },
  azurerm_kubernetes_cluster: { argument: 'kubernetes_version', calendar: AKS, level: 'minor' },
  azurerm_kubernetes_cluster_node_pool: { argument: 'orchestrator_version', calendar: AKS, level: 'minor' },
  azurerm_postgresql_flexible_server: { argument: 'version', calendar: POSTGRESQL, level: 'major' },
};

/** The versions that a stack asks for, as far as it says them. */
export function askedVersions(stack: SynthesizedStack): AskedVersion[] {
  return stack.resources.flatMap((resource) => {
    const versioned = VERSIONED[resource.type];
    if (!versioned || versioned.isOf?.(resource.block) === false) return [];
    const { argument, calendar, level } = versioned;
    const [major, minor] =
      /^(\d+)(?:\.(\d+))?/.exec(String(stack.known(walk(resource.block, [argument])) ?? ''))?.slice(1) ?? [];
    if (major === undefined) return [];
    const version = level === 'major' || minor === undefined ? major : `${major}.${minor}`;
    return [{ resource, argument, version, calendar }];
  });
}
