import { AutoScalingService, Peer } from '../../../../constructs/aws';
import { OpeningHours } from '../../../../src';
import { type Area, TAGS } from '../area';
import { serverProps } from '../parts/server';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const service = new AutoScalingService(stack, 'Service', {
      ...serverProps(stack, 'shop-prod', protection),
      onDemandMachines: 2,
      instanceTypes: ['c7g.medium', 'c6g.medium', 't4g.small'],
      openingHours: new OpeningHours({ timezone: 'Europe/Berlin', fromHour: 6, toHour: 22, replicasWhenClosed: 1 }),
      tags: TAGS,
    });
    service.loadBalancer.allowCallsFrom(Peer.anywhere(), 'Customers of the shop');
  },
};
