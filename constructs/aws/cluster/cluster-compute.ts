import type { EksAddOnName } from './add-on-versions';
import type { NodeCount, NodeImage } from './node-size';

/** Nodes that AWS may take back at two minutes' notice, for about a third of the price. */
export interface SpotNodes {
  /** At least two, of one processor architecture: what one lacks, another has. */
  readonly instanceTypes: readonly string[];
  /**
   * Nodes that AWS can't take back, of the cluster's own instance type; the rest of the count are spot nodes.
   * @default - one for each zone, so that a volume finds a node in its own
   */
  readonly onDemandFloor?: number;
}

export interface NodeGroupsProps {
  /**
   * Instance type of the nodes. Graviton types run arm64 images, the others x86-64.
   * @default 't4g.large'
   */
  readonly instanceType?: string;
  /**
   * Fewest and most nodes, spot nodes among them.
   * @default - derived from `capacity` and `instanceType`
   */
  readonly count?: NodeCount;
  /**
   * Bottlerocket has no shell and no package manager, and a root file system that can't be changed.
   * @default 'amazon-linux-2023'
   */
  readonly image?: NodeImage;
  /** @default - all nodes are on demand */
  readonly spot?: SpotNodes;
  /**
   * Versions of add-ons: `{ coredns: 'v1.12.1-eksbuild.2' }`.
   * @default - what EKS defaults to when the add-on is made
   */
  readonly addOnVersions?: Readonly<Partial<Record<EksAddOnName, string>>>;
}

/** Pools of nodes that EKS Auto Mode brings: for anything, and for what is critical to the cluster. */
export type AutoModePool = 'general-purpose' | 'system';

export interface AutoModeProps {
  /** @default ['general-purpose', 'system'] */
  readonly pools?: readonly [AutoModePool, ...AutoModePool[]];
  /**
   * The one add-on that Auto Mode doesn't have built in.
   * @default - what EKS defaults to when it is made
   */
  readonly addOnVersions?: Readonly<Partial<Record<'metrics-server', string>>>;
}

/** What a cluster's pods run on. */
export class ClusterCompute {
  /** Groups of nodes that EKS keeps, and its add-ons on them. */
  static nodeGroups(props: NodeGroupsProps = {}): ClusterCompute {
    return new ClusterCompute({ kind: 'node-groups', ...props });
  }

  /**
   * EKS Auto Mode: AWS picks, patches and replaces instances as pods ask for them, each for about 12 % on top of its
   * price. Network, proxy, names, volumes and load balancers are built in, so there are no add-ons to choose for them.
   * Source: EKS user guide, "Automate cluster infrastructure with EKS Auto Mode", and EKS pricing.
   */
  static autoMode(props: AutoModeProps = {}): ClusterCompute {
    return new ClusterCompute({ kind: 'auto-mode', ...props });
  }

  private constructor(
    readonly choice:
      | ({ readonly kind: 'node-groups' } & NodeGroupsProps)
      | ({ readonly kind: 'auto-mode' } & AutoModeProps),
  ) {}
}
