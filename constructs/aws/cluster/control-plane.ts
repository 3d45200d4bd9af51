import type { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { EksCluster } from '@cdktf/provider-aws/lib/eks-cluster';
import type { Construct } from 'constructs';
import type { EndpointAccess } from '../../contracts';
import type { EncryptionKey } from '../encryption-key';
import type { Network } from '../network/network';
import { addAutoMode } from './auto-mode';
import type { AutoModeProps } from './cluster-compute';
import { addClusterRole } from './cluster-role';
import type { KubernetesVersion } from './kubernetes-version';

interface ControlPlaneProps {
  readonly clusterName: string;
  readonly kubernetesVersion: KubernetesVersion;
  readonly network: Network;
  readonly endpointAccess: EndpointAccess;
  /** Encrypts the cluster's secrets. */
  readonly key: EncryptionKey;
  /** Its own, made before it. */
  readonly logGroup: CloudwatchLogGroup;
  readonly autoMode?: AutoModeProps;
  readonly protection?: boolean;
}

/** Adds the EKS cluster itself, with the role that it acts as. */
export function addControlPlane(scope: Construct, props: ControlPlaneProps): EksCluster {
  const { clusterName, endpointAccess, network, key, autoMode, protection = true } = props;
  const { role, permissions } = addClusterRole(scope, {
    clusterName,
    keyArn: key.keyArn,
    autoMode: autoMode !== undefined,
  });
  return new EksCluster(scope, 'Resource', {
    name: clusterName,
    version: props.kubernetesVersion,
    roleArn: role.arn,
    // The add-ons that `ClusterAddOns` adds are the only ones, so that Terraform knows all that runs.
    bootstrapSelfManagedAddons: false,
    accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
    // Beyond standard support a cluster costs $438 a month instead of $73; AWS upgrades it before that.
    upgradePolicy: { supportType: 'STANDARD' },
    encryptionConfig: { resources: ['secrets'], provider: { keyArn: key.keyArn } },
    enabledClusterLogTypes: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
    vpcConfig: {
      subnetIds: network.privateSubnets.map((subnet) => subnet.id),
      endpointPrivateAccess: true,
      endpointPublicAccess: endpointAccess.isPublic,
      publicAccessCidrs: endpointAccess.isPublic ? [...endpointAccess.publicCidrs] : undefined,
    },
    ...(autoMode && addAutoMode(scope, clusterName, autoMode)),
    lifecycle: {
      preventDestroy: protection,
      // They count when a cluster is made, and EKS doesn't tell them later: one that is imported would be replaced.
      ignoreChanges: ['bootstrap_self_managed_addons', 'access_config[0].bootstrap_cluster_creator_admin_permissions'],
    },
    dependsOn: [...permissions, props.logGroup],
  });
}
