import { TerraformOutput } from 'cdktf';
import {
  ClusterCompute,
  EndpointAccess,
  Karpenter,
  Network,
  RecommenderCluster,
  StorageClass,
} from '../../../../constructs/aws';
import { CapacityPlan } from '../../../../src';
import { addKubernetesProviders } from '../../../../stacks/kubernetes-providers';
import { type Area, TAGS } from '../area';
import { needTimeProvider } from '../parts/time-provider';

const VERSION = 'v1.20.4-eksbuild.2';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    needTimeProvider(stack);
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const cluster = new RecommenderCluster(stack, 'Cluster', {
      clusterName: 'shop-prod',
      network,
      endpointAccess: EndpointAccess.public({ cidrs: ['203.0.113.0/24'] }),
      adminPrincipalArns: ['arn:aws:iam::123456789012:role/deploy'],
      viewerPrincipalArns: ['arn:aws:iam::123456789012:role/people/analysts'],
      capacity: new CapacityPlan(),
      kubernetesVersion: '1.35',
      compute: ClusterCompute.nodeGroups({
        instanceType: 'm7g.large',
        image: 'bottlerocket',
        spot: { instanceTypes: ['m7g.large', 'm7g.xlarge'] },
        addOnVersions: { 'vpc-cni': VERSION, 'kube-proxy': VERSION, coredns: VERSION, 'metrics-server': VERSION },
      }),
      protection,
      tags: TAGS,
    });
    addKubernetesProviders(stack, cluster.connection);
    new StorageClass(stack, 'StorageClass', { cluster });
    cluster.addWorkloadIdentity('Reader', { namespace: 'shop', serviceAccountName: 'reader' });
    const karpenter = new Karpenter(stack, 'Karpenter', {
      cluster,
      network,
      image: 'bottlerocket@v1.50.0',
      maxVcpus: 64,
      tags: TAGS,
    });
    const outputs = {
      subnet_arn: network.privateSubnets[0]?.arn,
      public_subnet_arn: network.publicSubnets[0]?.arn,
      security_group_id: cluster.connections.securityGroupId,
      key_arn: cluster.key.keyArn,
      queue_url: karpenter.queue.resource.url,
    };
    for (const [name, value] of Object.entries(outputs)) new TerraformOutput(stack, name, { value });
  },
};
