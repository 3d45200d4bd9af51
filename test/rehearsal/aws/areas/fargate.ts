import { FargateService, Peer } from '../../../../constructs/aws';
import { OpeningHours } from '../../../../src';
import type { Area } from '../area';
import { serverProps } from '../parts/server';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const service = new FargateService(stack, 'Service', {
      ...serverProps(stack, 'shop-prod', protection),
      onDemandTasks: 2,
      taskSize: { vcpus: 2, memoryGib: 4 },
      openingHours: new OpeningHours({ timezone: 'Europe/Berlin', fromHour: 6, toHour: 22 }),
    });
    service.loadBalancer.allowCallsFrom(Peer.anywhere(), 'Customers of the shop');
  },
};
