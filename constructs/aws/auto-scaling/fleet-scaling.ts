import type { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { AutoscalingPolicy } from '@cdktf/provider-aws/lib/autoscaling-policy';
import { AutoscalingSchedule } from '@cdktf/provider-aws/lib/autoscaling-schedule';
import type { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { Construct } from 'constructs';
import type { CapacityPlan, OpeningHours } from '../../../src';
import { scalingTargets } from '../compute/scaling-targets';
import type { ApplicationLoadBalancer } from '../load-balancer/application-load-balancer';

export interface FleetScalingProps {
  readonly group: AutoscalingGroup;
  readonly loadBalancer: ApplicationLoadBalancer;
  /** Whose requests count. */
  readonly targetGroup: LbTargetGroup;
  readonly capacity: CapacityPlan;
  readonly openingHours?: OpeningHours;
}

/** How many machines run: as many as requests and CPU need, within the plan's bounds, and fewer out of hours. */
export class FleetScaling extends Construct {
  readonly requests: AutoscalingPolicy;
  readonly cpu: AutoscalingPolicy;
  private readonly autoscalingGroupName: string;

  constructor(scope: Construct, id: string, props: FleetScalingProps) {
    super(scope, id);
    const { group, loadBalancer, targetGroup, capacity, openingHours } = props;
    this.autoscalingGroupName = group.name;
    const { requestsPerMinute, cpuPercent } = scalingTargets(capacity);
    this.requests = this.addPolicy('Requests', 'requests', requestsPerMinute, {
      predefinedMetricType: 'ALBRequestCountPerTarget',
      resourceLabel: `${loadBalancer.resource.arnSuffix}/${targetGroup.arnSuffix}`,
    });
    this.cpu = this.addPolicy('Cpu', 'cpu', cpuPercent, { predefinedMetricType: 'ASGAverageCPUUtilization' });
    if (openingHours) this.addHours(openingHours, capacity);
  }

  private addPolicy(
    id: string,
    name: string,
    targetValue: number,
    predefinedMetricSpecification: { readonly predefinedMetricType: string; readonly resourceLabel?: string },
  ): AutoscalingPolicy {
    return new AutoscalingPolicy(this, id, {
      name,
      autoscalingGroupName: this.autoscalingGroupName,
      policyType: 'TargetTrackingScaling',
      targetTrackingConfiguration: { targetValue, predefinedMetricSpecification },
    });
  }

  private addHours(hours: OpeningHours, { minReplicas, maxReplicas }: CapacityPlan): void {
    const schedule = (id: string, scheduledActionName: string, hour: number, minSize: number, maxSize: number) =>
      new AutoscalingSchedule(this, id, {
        scheduledActionName,
        autoscalingGroupName: this.autoscalingGroupName,
        timeZone: hours.timezone,
        recurrence: `0 ${hour} * * ${hours.days.join('-')}`,
        minSize,
        maxSize,
        desiredCapacity: minSize,
      });
    schedule('Open', 'open', hours.fromHour, minReplicas, maxReplicas);
    schedule('Close', 'close', hours.toHour, hours.replicasWhenClosed, hours.replicasWhenClosed);
  }
}
