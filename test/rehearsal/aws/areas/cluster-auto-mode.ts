import { TerraformOutput } from 'cdktf';
import { ClusterCompute, EndpointAccess, Network, RecommenderCluster } from '../../../../constructs/aws';
import { CapacityPlan } from '../../../../src';
import type { Area } from '../area';
import { needTimeProvider } from '../parts/time-provider';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    needTimeProvider(stack);
    const cluster = new RecommenderCluster(stack, 'Cluster', {
      clusterName: 'shop-prod-auto',
      network: new Network(stack, 'Network', { networkName: 'shop-prod-auto', cidr: '10.65.0.0/16' }),
      endpointAccess: EndpointAccess.private(),
      adminPrincipalArns: ['arn:aws:iam::123456789012:role/deploy'],
      capacity: new CapacityPlan(),
      compute: ClusterCompute.autoMode({ addOnVersions: { 'metrics-server': 'v0.8.0-eksbuild.2' } }),
      protection,
    });
    const existing = RecommenderCluster.fromExisting(stack, 'Existing', { clusterName: cluster.clusterName });
    new TerraformOutput(stack, 'issuer', { value: existing.oidcIssuerUrl });
    new TerraformOutput(stack, 'key_arn', { value: cluster.key.keyArn });
  },
};
