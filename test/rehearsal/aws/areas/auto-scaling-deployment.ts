import { AutoScalingDeployment, AutoScalingService, FunctionKey, TrafficShift } from '../../../../constructs/aws';
import { type Area, TAGS } from '../area';
import { serverProps } from '../parts/server';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    new AutoScalingDeployment(stack, 'Deployment', {
      deploymentName: 'shop-prod-deployment',
      service: new AutoScalingService(stack, 'Service', {
        ...serverProps(stack, 'shop-prod', protection),
        rollout: 'blue-green',
        onDemandMachines: 2,
        tags: TAGS,
      }),
      key: new FunctionKey(stack, 'Key', { keyName: 'shop-prod', protection }),
      traffic: TrafficShift.linear({ percent: 20, minutes: 5 }),
      terminationWaitMinutes: 60,
    });
  },
};
