import { EksAccessEntry } from '@cdktf/provider-aws/lib/eks-access-entry';
import { IamInstanceProfile } from '@cdktf/provider-aws/lib/iam-instance-profile';
import type { Release } from '@cdktf/provider-helm/lib/release';
import { Construct } from 'constructs';
import { ConfigError } from '../../../../src';
import { chartRelease } from '../../../kubernetes/chart-release';
import { CHARTS } from '../../../kubernetes/charts';
import { CustomResources } from '../../../kubernetes/custom-resources';
import { containerResources, KARPENTER_SIZE } from '../../../kubernetes/workload-sizes';
import { AwsAccount } from '../../aws-account';
import type { Network } from '../../network/network';
import type { PodIdentity } from '../../pod-identity';
import { addNodeRole, type NodeRole } from '../node-role';
import type { RecommenderCluster } from '../recommender-cluster';
import { type KarpenterCapacity, type KarpenterImage, nodeClass, nodePool } from './karpenter-objects';
import { karpenterPermissions } from './karpenter-permissions';
import { KarpenterQueue } from './karpenter-queue';

export interface KarpenterProps {
  /** A cluster with node groups: Karpenter runs on their nodes. In Auto Mode AWS runs it. */
  readonly cluster: RecommenderCluster;
  /** The cluster's. Nodes come in its private subnets. */
  readonly network: Network;
  /** Image of the nodes with its release, such as `bottlerocket@v1.50.0`. A later one replaces them, a tenth at a time. */
  readonly image: KarpenterImage;
  /** Most virtual processors of its nodes together: what a runaway can cost. */
  readonly maxVcpus: number;
  /**
   * Most memory of its nodes together, in GiB.
   * @default - four for each processor
   */
  readonly maxMemoryGib?: number;
  /**
   * What nodes are taken: the cheapest that there is of these, so spot nodes while there are some.
   * @default ['spot', 'on-demand']
   */
  readonly capacity?: readonly [KarpenterCapacity, ...KarpenterCapacity[]];
  /** @default 'arm64' */
  readonly architecture?: 'arm64' | 'x86-64';
  /**
   * Tags of the instances and their disks, which the provider's default tags don't reach.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Where Karpenter's documentation has it: its requests to the API server are served first there. */
const SERVICE_ACCOUNT = { namespace: 'kube-system', serviceAccountName: 'karpenter' };

/**
 * Karpenter: nodes that come when pods wait for one, of the cheapest type that holds them, and go when they are not
 * needed. Its stack needs the Helm provider.
 */
export class Karpenter extends Construct {
  readonly identity: PodIdentity;
  readonly nodeRole: NodeRole;
  readonly instanceProfile: IamInstanceProfile;
  /** By which its nodes may join the cluster. */
  readonly accessEntry: EksAccessEntry;
  readonly queue: KarpenterQueue;
  readonly crds: Release;
  readonly release: Release;
  readonly objects: CustomResources;

  constructor(scope: Construct, id: string, props: KarpenterProps) {
    super(scope, id);
    const { cluster } = props;
    this.check(props);
    this.nodeRole = addNodeRole(this, `${cluster.name}-karpenter-node`);
    const { role } = this.nodeRole;
    this.instanceProfile = new IamInstanceProfile(this, 'InstanceProfile', { name: role.name, role: role.name });
    this.accessEntry = new EksAccessEntry(this, 'AccessEntry', {
      clusterName: cluster.clusterName,
      principalArn: role.arn,
      type: 'EC2_LINUX',
    });
    this.queue = new KarpenterQueue(this, 'Queue', { queueName: `${cluster.name}-karpenter` });
    this.identity = this.addIdentity(props);
    this.crds = this.addCrds(props);
    this.release = this.addRelease(props);
    this.objects = this.addObjects(props);
  }

  private check({ cluster, maxVcpus }: KarpenterProps): void {
    if (cluster.nodeGroups.length === 0) {
      throw new ConfigError('cluster is in Auto Mode, where AWS runs Karpenter; leave this one out.', this);
    }
    if (!Number.isInteger(maxVcpus) || maxVcpus < 1) {
      throw new ConfigError(`maxVcpus is ${maxVcpus}; it must be a whole number of at least 1.`, this);
    }
  }

  private addIdentity({ cluster, network }: KarpenterProps): PodIdentity {
    const identity = cluster.addWorkloadIdentity('KarpenterIdentity', SERVICE_ACCOUNT);
    const account = AwsAccount.of(this);
    identity.addPolicy(
      'karpenter',
      karpenterPermissions(this, {
        clusterName: cluster.name,
        clusterArn: cluster.resource.arn,
        subnetArns: network.privateSubnets.map(({ arn }) => arn),
        securityGroupArn: account.arn('ec2', `security-group/${cluster.connections.securityGroupId}`),
        nodeRoleArn: this.nodeRole.role.arn,
        instanceProfileArn: this.instanceProfile.arn,
        queueArn: this.queue.resource.arn,
      }),
    );
    return identity;
  }

  /** Apart from the controller's chart: Helm never changes kinds that it installed beside a chart. */
  private addCrds({ cluster }: KarpenterProps): Release {
    return chartRelease(new Construct(this, 'Crds'), {
      chart: CHARTS.karpenterCrd,
      name: 'karpenter-crd',
      namespaceName: SERVICE_ACCOUNT.namespace,
      values: {},
      dependsOn: cluster.ready,
    });
  }

  private addRelease({ cluster, network, values }: KarpenterProps): Release {
    const release = chartRelease(this, {
      chart: CHARTS.karpenter,
      name: 'karpenter',
      namespaceName: SERVICE_ACCOUNT.namespace,
      values: {
        serviceAccount: { name: SERVICE_ACCOUNT.serviceAccountName },
        settings: {
          clusterName: cluster.clusterName,
          interruptionQueue: this.queue.resource.name,
          // Prices are asked of a service that has no endpoint.
          isolatedVPC: network.natGateways.length === 0,
        },
        // Two, because without one no node comes.
        replicas: 2,
        controller: { resources: containerResources(KARPENTER_SIZE) },
      },
      userValues: values,
      dependsOn: [
        this.crds,
        this.accessEntry,
        ...this.identity.ready,
        ...this.nodeRole.permissions,
        ...this.queue.ready,
      ],
    });
    release.skipCrds = true;
    return release;
  }

  private addObjects(props: KarpenterProps): CustomResources {
    const { cluster, network, image, maxVcpus, tags = {} } = props;
    const { capacity = ['spot', 'on-demand'], architecture = 'arm64', maxMemoryGib = 4 * maxVcpus } = props;
    return new CustomResources(this, 'Nodes', {
      releaseName: 'karpenter-nodes',
      namespaceName: SERVICE_ACCOUNT.namespace,
      objects: [
        nodeClass({
          image,
          instanceProfile: this.instanceProfile.name,
          subnetIds: network.privateSubnets.map(({ id }) => id),
          securityGroupId: cluster.connections.securityGroupId,
          tags: { ...tags, Name: `${cluster.name}-karpenter-node` },
        }),
        nodePool({ architecture, capacity, maxVcpus, maxMemoryGib }),
      ],
      dependsOn: [this.release],
    });
  }
}
