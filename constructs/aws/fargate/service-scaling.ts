import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingScheduledAction } from '@cdktf/provider-aws/lib/appautoscaling-scheduled-action';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import type { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { Construct } from 'constructs';
import type { CapacityPlan, OpeningHours } from '../../../src';
import { scalingTargets } from '../compute/scaling-targets';
import type { ApplicationLoadBalancer } from '../load-balancer/application-load-balancer';

export interface ServiceScalingProps {
  readonly clusterName: string;
  readonly service: EcsService;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly capacity: CapacityPlan;
  /** Whether requests go from one target group to the other with each deployment. */
  readonly shiftsTargetGroups: boolean;
  readonly openingHours?: OpeningHours;
}

/** How many tasks run: as many as requests and CPU need, within the plan's bounds, and fewer out of hours. */
export class ServiceScaling extends Construct {
  readonly target: AppautoscalingTarget;
  readonly requests: AppautoscalingPolicy;
  readonly cpu: AppautoscalingPolicy;

  constructor(scope: Construct, id: string, props: ServiceScalingProps) {
    super(scope, id);
    const { capacity, openingHours } = props;
    this.target = new AppautoscalingTarget(this, 'Target', {
      serviceNamespace: 'ecs',
      scalableDimension: 'ecs:service:DesiredCount',
      resourceId: `service/${props.clusterName}/${props.service.name}`,
      minCapacity: capacity.minReplicas,
      maxCapacity: capacity.maxReplicas,
      // The hours move them.
      ...(openingHours && { lifecycle: { ignoreChanges: ['min_capacity', 'max_capacity'] } }),
    });
    const { requestsPerMinute, cpuPercent } = scalingTargets(capacity);
    this.requests = this.addPolicy('Requests', 'requests', {
      targetValue: requestsPerMinute,
      ...requestsOfOneTarget(props),
    });
    this.cpu = this.addPolicy('Cpu', 'cpu', {
      targetValue: cpuPercent,
      predefinedMetricSpecification: { predefinedMetricType: 'ECSServiceAverageCPUUtilization' },
    });
    if (openingHours) this.addHours(openingHours, capacity);
  }

  private addPolicy(
    id: string,
    name: string,
    tracking: NonNullable<AppautoscalingPolicy['targetTrackingScalingPolicyConfigurationInput']>,
  ): AppautoscalingPolicy {
    return new AppautoscalingPolicy(this, id, {
      name,
      policyType: 'TargetTrackingScaling',
      ...this.subject,
      targetTrackingScalingPolicyConfiguration: {
        // Up at once, down when it has been quiet for a while: an answer that nobody computes costs more than a task.
        scaleOutCooldown: 30,
        scaleInCooldown: 300,
        ...tracking,
      },
    });
  }

  private addHours(hours: OpeningHours, { minReplicas, maxReplicas }: CapacityPlan): void {
    const days = hours.days.join('-');
    const action = (id: string, name: string, hour: number, min: number, max: number) =>
      new AppautoscalingScheduledAction(this, id, {
        name,
        ...this.subject,
        timezone: hours.timezone,
        schedule: `cron(0 ${hour} ? * ${days} *)`,
        scalableTargetAction: { minCapacity: `${min}`, maxCapacity: `${max}` },
      });
    action('Open', 'open', hours.fromHour, minReplicas, maxReplicas);
    action('Close', 'close', hours.toHour, hours.replicasWhenClosed, hours.replicasWhenClosed);
  }

  private get subject() {
    const { serviceNamespace, scalableDimension, resourceId } = this.target;
    return { serviceNamespace, scalableDimension, resourceId };
  }
}

/** Requests a minute that a task gets. */
function requestsOfOneTarget({ loadBalancer, shiftsTargetGroups }: ServiceScalingProps) {
  const { resource, targetGroups } = loadBalancer;
  const { blue, green } = targetGroups;
  if (!shiftsTargetGroups) {
    return {
      predefinedMetricSpecification: {
        predefinedMetricType: 'ALBRequestCountPerTarget',
        resourceLabel: `${resource.arnSuffix}/${blue.arnSuffix}`,
      },
    };
  }
  // The ready-made metric is of one target group, and so of none that serves after every other deployment.
  const of = (id: string, { arnSuffix }: typeof blue) => ({
    id,
    returnData: false,
    metricStat: {
      stat: 'Sum',
      metric: {
        namespace: 'AWS/ApplicationELB',
        metricName: 'RequestCountPerTarget',
        dimensions: [
          { name: 'LoadBalancer', value: resource.arnSuffix },
          { name: 'TargetGroup', value: arnSuffix },
        ],
      },
    },
  });
  return {
    customizedMetricSpecification: {
      metrics: [
        of('blue', blue),
        of('green', green),
        { id: 'requests', expression: 'FILL(blue, 0) + FILL(green, 0)', label: 'Requests of a task', returnData: true },
      ],
    },
  };
}
