import type { Release } from '@cdktf/provider-helm/lib/release';
import { ClusterRoleV1 } from '@cdktf/provider-kubernetes/lib/cluster-role-v1';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster, IWorkloadIdentity, WorkloadIdentityProps } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { checkIdentity } from '../check-identity';
import { CustomResources } from '../custom-resources';
import { checkImageDigest } from '../image-digest';
import { podSecurityLabels } from '../pod-security';
import { veleroObjects, veleroValues } from './velero-values';

/** Service account of Velero, which writes the backups. */
export const VELERO_SERVICE_ACCOUNT: WorkloadIdentityProps = { namespace: 'velero', serviceAccountName: 'velero' };

/** Where backups are kept, as a plugin of Velero knows it. */
export interface BackupLocation {
  /** `aws` for a bucket of S3, `azure` for a container of Blob Storage. */
  readonly provider: 'aws' | 'azure';
  /** Name of the bucket or container. */
  readonly bucket: string;
  /** What the provider's plugin needs beside: `{ region }`, or `{ storageAccount, resourceGroup, subscriptionId, useAAD: 'true' }`. */
  readonly config: Readonly<Record<string, string>>;
  /** The plugin's image by digest: `velero/velero-plugin-for-aws@sha256:…`. */
  readonly pluginImage: string;
}

export interface VeleroProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  readonly location: BackupLocation;
  /** Cloud identity of {@link VELERO_SERVICE_ACCOUNT}, which may read, write and delete in the location. */
  readonly identity: IWorkloadIdentity;
  /**
   * The driver whose volumes are snapshotted: `ebs.csi.aws.com` or `disk.csi.azure.com`. The cluster needs the kinds and
   * the controller of snapshots, which are an add-on of EKS and part of AKS.
   * @default - no volume is backed up
   */
  readonly snapshotDriver?: string;
  /**
   * Whether it may write anything in the cluster, which restoring needs.
   * @default false
   */
  readonly restores?: boolean;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/**
 * Velero by its chart in the namespace `velero`: it writes a namespace's objects, and snapshots of its volumes, to where
 * they outlive the cluster. Volumes are snapshotted by their driver, so no agent is on the nodes.
 */
export class Velero extends Construct {
  readonly namespace: NamespaceV1;
  readonly role: ClusterRoleV1;
  readonly release: Release;
  readonly resources: CustomResources;
  readonly snapshotsVolumes: boolean;

  constructor(scope: Construct, id: string, props: VeleroProps) {
    super(scope, id);
    const { cluster, identity, location } = props;
    checkIdentity(this, { identity, expected: VELERO_SERVICE_ACCOUNT, constant: 'VELERO_SERVICE_ACCOUNT' });
    checkImageDigest(location.pluginImage, this);
    this.snapshotsVolumes = props.snapshotDriver !== undefined;
    this.namespace = new NamespaceV1(this, 'Namespace', {
      // Velero's image doesn't say its user by number, which "restricted" would need.
      metadata: { name: VELERO_SERVICE_ACCOUNT.namespace, labels: podSecurityLabels('baseline') },
      dependsOn: cluster.ready,
    });
    this.role = this.addRole(props);
    this.release = this.addRelease(props);
    this.resources = new CustomResources(this, 'Resources', {
      releaseName: 'velero-location',
      namespaceName: this.namespace.metadata.name,
      objects: veleroObjects(props),
      dependsOn: [this.release],
    });
  }

  /** What Velero may do outside its own namespace, instead of all that the chart would let it. */
  private addRole({ restores = false, snapshotDriver }: VeleroProps): ClusterRoleV1 {
    // A backup is of every kind there is, so groups and kinds are named by *.
    const everything = { apiGroups: ['*'], resources: ['*'] };
    const snapshots = { apiGroups: ['snapshot.storage.k8s.io'], resources: ['*'], verbs: ['*'] };
    return new ClusterRoleV1(this, 'Role', {
      metadata: { name: 'velero-backup' },
      rule: [
        { ...everything, verbs: restores ? ['*'] : ['get', 'list', 'watch'] },
        ...(snapshotDriver && !restores ? [snapshots] : []),
      ],
    });
  }

  private addRelease(props: VeleroProps): Release {
    const { identity, values } = props;
    return chartRelease(this, {
      chart: CHARTS.velero,
      name: 'velero',
      namespaceName: this.namespace.metadata.name,
      values: veleroValues(props, this.role.metadata.name),
      userValues: values,
      dependsOn: identity.ready,
    });
  }
}
