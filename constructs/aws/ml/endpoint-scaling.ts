import { AppautoscalingPolicy } from '@cdktf/provider-aws/lib/appautoscaling-policy';
import { AppautoscalingTarget } from '@cdktf/provider-aws/lib/appautoscaling-target';
import type { SagemakerEndpoint } from '@cdktf/provider-aws/lib/sagemaker-endpoint';
import { Construct } from 'constructs';
import type { CapacityPlan } from '../../../src';
import { VARIANT_NAME } from './endpoint';

export interface EndpointScalingProps {
  readonly endpoint: SagemakerEndpoint;
  readonly capacity: CapacityPlan;
}

/** How many instances an endpoint has: as many as its invocations need, within the plan's bounds. */
export class EndpointScaling extends Construct {
  readonly target: AppautoscalingTarget;
  readonly invocations: AppautoscalingPolicy;

  constructor(scope: Construct, id: string, { endpoint, capacity }: EndpointScalingProps) {
    super(scope, id);
    this.target = new AppautoscalingTarget(this, 'Target', {
      serviceNamespace: 'sagemaker',
      scalableDimension: 'sagemaker:variant:DesiredInstanceCount',
      resourceId: `endpoint/${endpoint.name}/variant/${VARIANT_NAME}`,
      minCapacity: capacity.minReplicas,
      maxCapacity: capacity.maxReplicas,
    });
    this.invocations = new AppautoscalingPolicy(this, 'Invocations', {
      name: 'invocations',
      policyType: 'TargetTrackingScaling',
      serviceNamespace: this.target.serviceNamespace,
      scalableDimension: this.target.scalableDimension,
      resourceId: this.target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        // Of one instance in a minute.
        predefinedMetricSpecification: { predefinedMetricType: 'SageMakerVariantInvocationsPerInstance' },
        targetValue: capacity.requestsPerSecondPerReplica * 60,
        // An instance takes minutes to come: the next one is asked for only then.
        scaleOutCooldown: 300,
        scaleInCooldown: 600,
      },
    });
  }
}
