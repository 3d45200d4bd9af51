import { EndpointAccess, Network, RecommenderCluster } from '../../../../constructs/aws';
import { CapacityPlan } from '../../../../src';
import { type Area, TAGS } from '../area';
import { needTimeProvider } from '../parts/time-provider';

/** A cluster as it is without options, and nothing of what waits for long. */
export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    needTimeProvider(stack);
    new RecommenderCluster(stack, 'Cluster', {
      clusterName: 'shop-prod',
      network: new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
      endpointAccess: EndpointAccess.public({ cidrs: ['203.0.113.0/24'] }),
      adminPrincipalArns: ['arn:aws:iam::123456789012:role/deploy'],
      capacity: new CapacityPlan(),
      protection,
      tags: TAGS,
    });
  },
};
