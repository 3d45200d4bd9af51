import { ModelStore, Network, RealTimeEndpoint } from '../../../../constructs/aws';
import { CapacityPlan, ServiceLevelObjective } from '../../../../src';
import { ACCOUNT_ID, type Area, type AreaOptions } from '../area';
import { IMAGE } from '../parts/server';

/** An endpoint with the version of the model that it is asked for. */
export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, options) => {
    const { protection, modelVersion } = options as AreaOptions & { readonly modelVersion?: string };
    new RealTimeEndpoint(stack, 'Endpoint', {
      endpointName: 'shop-prod',
      network: new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' }),
      image: IMAGE,
      modelStore: new ModelStore(stack, 'ModelStore', { bucketName: `shop-prod-models-${ACCOUNT_ID}`, protection }),
      modelVersion,
      slo: new ServiceLevelObjective(),
      capacity: new CapacityPlan(),
      protection,
    });
  },
};
