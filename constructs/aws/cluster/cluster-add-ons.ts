import { EksAddon } from '@cdktf/provider-aws/lib/eks-addon';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { WorkloadIdentityProps } from '../../contracts';
import { AwsAccount } from '../aws-account';
import { PodIdentity } from '../pod-identity';
import type { EksAddOnName, EksAddOnVersions } from './add-on-versions';

export interface ClusterAddOnsProps {
  readonly clusterName: string;
  readonly clusterArn: string;
  /** Name of a service account's role. */
  readonly roleName: (serviceAccount: WorkloadIdentityProps) => string;
  /** Of those that are pinned. */
  readonly versions: EksAddOnVersions;
  /** Tags of the volumes that the EBS driver makes, which the provider's default tags don't reach. */
  readonly tags: Record<string, string>;
}

const CNI_SERVICE_ACCOUNT = { namespace: 'kube-system', serviceAccountName: 'aws-node' };
const EBS_SERVICE_ACCOUNT = { namespace: 'kube-system', serviceAccountName: 'ebs-csi-controller-sa' };

/**
 * EKS's own add-ons, each in the version that is pinned, or in what EKS defaults to for the cluster when it is made. An
 * upgrade is a choice: nothing moves an add-on by itself.
 */
export class ClusterAddOns extends Construct {
  readonly podIdentityAgent: EksAddon;
  readonly vpcCni: EksAddon;
  readonly kubeProxy: EksAddon;
  readonly cniIdentity: PodIdentity;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: ClusterAddOnsProps,
  ) {
    super(scope, id);
    this.podIdentityAgent = this.add('PodIdentityAgent', 'eks-pod-identity-agent');
    this.cniIdentity = this.addIdentity('VpcCniIdentity', CNI_SERVICE_ACCOUNT, 'AmazonEKS_CNI_Policy');
    this.vpcCni = this.add('VpcCni', 'vpc-cni', {
      // Else nothing enforces NetworkPolicies: https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy-configure.html
      configurationValues: JSON.stringify({ enableNetworkPolicy: 'true' }),
      dependsOn: [this.podIdentityAgent, ...this.cniIdentity.ready],
    });
    this.kubeProxy = this.add('KubeProxy', 'kube-proxy');
  }

  /** What a node needs before it can join. */
  get beforeNodes(): ITerraformDependable[] {
    return [this.podIdentityAgent, this.vpcCni, this.kubeProxy];
  }

  /** What becomes healthy on nodes only: name resolution, what the autoscaler measures by, and volumes. */
  addAfter(nodes: readonly ITerraformDependable[]): EksAddon[] {
    const identity = this.addIdentity('EbsCsiIdentity', EBS_SERVICE_ACCOUNT, 'service-role/AmazonEBSCSIDriverPolicy');
    return [
      this.add('CoreDns', 'coredns', { dependsOn: [...nodes] }),
      this.add('MetricsServer', 'metrics-server', { dependsOn: [...nodes] }),
      this.add('EbsCsiDriver', 'aws-ebs-csi-driver', {
        configurationValues: JSON.stringify({ controller: { extraVolumeTags: this.settings.tags } }),
        dependsOn: [...nodes, ...identity.ready],
      }),
    ];
  }

  private add(
    id: string,
    addonName: EksAddOnName,
    options: { configurationValues?: string; dependsOn?: ITerraformDependable[] } = {},
  ): EksAddon {
    return new EksAddon(this, id, {
      clusterName: this.settings.clusterName,
      addonName,
      addonVersion: this.settings.versions[addonName],
      resolveConflictsOnCreate: 'OVERWRITE',
      resolveConflictsOnUpdate: 'OVERWRITE',
      ...options,
    });
  }

  private addIdentity(id: string, serviceAccount: WorkloadIdentityProps, policy: string): PodIdentity {
    const identity = new PodIdentity(this, id, {
      ...serviceAccount,
      roleName: this.settings.roleName(serviceAccount),
      clusterName: this.settings.clusterName,
      clusterArn: this.settings.clusterArn,
    });
    identity.addManagedPolicy('ManagedPolicy', AwsAccount.of(this).managedPolicyArn(policy));
    return identity;
  }
}
