import type {
  AutoscalingGroupInstanceRefresh,
  AutoscalingGroupMixedInstancesPolicy,
} from '@cdktf/provider-aws/lib/autoscaling-group';
import type { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../../src';
import { amiType } from '../cluster/node-size';
import type { RollbackAlarms } from '../compute/rollback-alarms';
import type { MachineTemplate } from './machine-template';

interface MachinesProps {
  readonly instanceTypes?: readonly string[];
  readonly onDemandMachines?: number;
  readonly capacity: CapacityPlan;
}

const INSTANCE_TYPES = ['c7g.medium', 'm7g.medium', 'c6g.medium', 'm6g.medium'];

/** Seconds from a machine's start until its server is ready, and its metrics count: system, image and model. */
export const WARM_UP_SECONDS = 180;

/** A machine is replaced once another one is ready. */
export const MAINTENANCE = { minHealthyPercentage: 100, maxHealthyPercentage: 150 } as const;

/** Refuses machines that the image doesn't run on, and more of one kind than there may be. */
export function checkMachines(scope: Construct, props: MachinesProps): void {
  const { instanceTypes = INSTANCE_TYPES, onDemandMachines, capacity } = props;
  const foreign = instanceTypes.find((type) => amiType(type) !== 'AL2023_ARM_64_STANDARD');
  if (instanceTypes.length === 0 || foreign !== undefined) {
    throw new ConfigError(
      `instanceTypes has ${foreign ?? 'nothing'}; allowed are types of Graviton, such as ${INSTANCE_TYPES.join(', ')}: the image is for arm64.`,
      scope,
    );
  }
  if (onDemandMachines === undefined) return;
  if (!(Number.isInteger(onDemandMachines) && onDemandMachines >= 0 && onDemandMachines <= capacity.maxReplicas)) {
    throw new ConfigError(
      `onDemandMachines is ${onDemandMachines}; it must be a whole number from 0 to capacity.maxReplicas, ${capacity.maxReplicas}.`,
      scope,
    );
  }
}

/** Which machines of the template there are: all on demand, or all above a base of spot capacity. */
export function mixedInstances(
  template: MachineTemplate,
  { instanceTypes = INSTANCE_TYPES, onDemandMachines }: MachinesProps,
) {
  return {
    instancesDistribution: {
      onDemandBaseCapacity: onDemandMachines ?? 0,
      onDemandPercentageAboveBaseCapacity: onDemandMachines === undefined ? 100 : 0,
      onDemandAllocationStrategy: 'prioritized',
      spotAllocationStrategy: 'price-capacity-optimized',
    },
    launchTemplate: {
      launchTemplateSpecification: { launchTemplateId: template.resource.id, version: template.latestVersion },
      override: instanceTypes.map((instanceType) => ({ instanceType })),
    },
  } satisfies AutoscalingGroupMixedInstancesPolicy;
}

type MixedInstances = ReturnType<typeof mixedInstances>;

/** The same as a request to EC2 Auto Scaling has it. */
export function mixedInstancesRequest({
  instancesDistribution,
  launchTemplate: { launchTemplateSpecification, override },
}: MixedInstances) {
  return {
    InstancesDistribution: {
      OnDemandBaseCapacity: instancesDistribution.onDemandBaseCapacity,
      OnDemandPercentageAboveBaseCapacity: instancesDistribution.onDemandPercentageAboveBaseCapacity,
      OnDemandAllocationStrategy: instancesDistribution.onDemandAllocationStrategy,
      SpotAllocationStrategy: instancesDistribution.spotAllocationStrategy,
    },
    LaunchTemplate: {
      LaunchTemplateSpecification: {
        LaunchTemplateId: launchTemplateSpecification.launchTemplateId,
        Version: launchTemplateSpecification.version,
      },
      Overrides: override.map(({ instanceType }) => ({ InstanceType: instanceType })),
    },
  };
}

/** A new template replaces the machines, a few at a time; when an alarm rings, the template before comes back. */
export function instanceRefresh({ alarmNames }: RollbackAlarms): AutoscalingGroupInstanceRefresh {
  return {
    strategy: 'Rolling',
    preferences: {
      ...MAINTENANCE,
      instanceWarmup: `${WARM_UP_SECONDS}`,
      skipMatching: true,
      autoRollback: true,
      alarmSpecification: { alarms: alarmNames },
    },
  };
}
