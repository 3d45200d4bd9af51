import { StorageClassV1 } from '@cdktf/provider-kubernetes/lib/storage-class-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';

/** The storage class that clusters of this folder name; a name of our own, so that an existing cluster has no other. */
export const STORAGE_CLASS_NAME = 'recommender-gp3';

/** What makes volumes: the add-on, or what EKS Auto Mode has built in. */
export type StorageProvisioner = 'ebs.csi.aws.com' | 'ebs.csi.eks.amazonaws.com';
export const EBS_DRIVER: StorageProvisioner = 'ebs.csi.aws.com';

export interface StorageClassProps {
  readonly cluster: Pick<IRecommenderCluster, 'ready' | 'storageClassName'> & {
    /** @default EBS_DRIVER */
    readonly storageProvisioner?: StorageProvisioner;
  };
}

/**
 * Volumes on encrypted gp3 disks, made in the zone of the pod that asks. It is an object in the cluster, so a stack
 * without workloads leaves it out. Its stack needs the Kubernetes provider.
 */
export class StorageClass extends Construct {
  readonly resource: StorageClassV1;

  constructor(scope: Construct, id: string, { cluster }: StorageClassProps) {
    super(scope, id);
    this.resource = new StorageClassV1(this, 'Resource', {
      metadata: { name: cluster.storageClassName },
      storageProvisioner: cluster.storageProvisioner ?? EBS_DRIVER,
      volumeBindingMode: 'WaitForFirstConsumer',
      reclaimPolicy: 'Delete',
      allowVolumeExpansion: true,
      parameters: { type: 'gp3', encrypted: 'true' },
      dependsOn: cluster.ready,
    });
  }
}
