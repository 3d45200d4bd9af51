import type { EksClusterConfig } from '@cdktf/provider-aws/lib/eks-cluster';
import { Construct } from 'constructs';
import type { AutoModeProps } from './cluster-compute';
import { addNodeRole } from './node-role';

/** Adds to `scope` the role of the nodes that EKS makes; answers what turns Auto Mode on, which EKS takes whole only. */
export function addAutoMode(
  scope: Construct,
  clusterName: string,
  { pools = ['general-purpose', 'system'] }: AutoModeProps,
): Pick<EksClusterConfig, 'computeConfig' | 'storageConfig' | 'kubernetesNetworkConfig'> {
  const { role } = addNodeRole(new Construct(scope, 'AutoModeNodes'), `${clusterName}-node`, 'auto-mode');
  return {
    computeConfig: { enabled: true, nodePools: [...pools], nodeRoleArn: role.arn },
    storageConfig: { blockStorage: { enabled: true } },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
  };
}
