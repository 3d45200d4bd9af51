import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import type { ServiceLevelObjective } from '../../../src';
import { burnsErrorBudget, MINUTE, slowerThanPromised } from '../compute/rollback-alarm';
import { VARIANT_NAME } from './endpoint';

export interface EndpointAlarmsProps {
  readonly endpointName: string;
  readonly slo: ServiceLevelObjective;
}

/**
 * Alarms that take a change of an endpoint back: as many errors as use up the budget at the pace somebody is paged for,
 * or a model server slower than promised. SageMaker's own share of the time is not in it.
 */
export class EndpointAlarms extends Construct {
  readonly errorRate: CloudwatchMetricAlarm;
  readonly latency: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: EndpointAlarmsProps) {
    super(scope, id);
    this.errorRate = this.addErrorRate(props);
    this.latency = this.addLatency(props);
  }

  get alarmNames(): string[] {
    return [this.errorRate.alarmName, this.latency.alarmName];
  }

  private addErrorRate({ endpointName, slo }: EndpointAlarmsProps): CloudwatchMetricAlarm {
    const sum = (id: string, metricName: string) => ({
      id,
      metric: { ...ofEndpoint(endpointName), metricName, period: MINUTE, stat: 'Sum' },
    });
    return new CloudwatchMetricAlarm(this, 'ErrorRate', {
      alarmName: `${endpointName}-endpoint-error-rate`,
      ...burnsErrorBudget(slo, 'invocations'),
      metricQuery: [
        sum('invocations', 'Invocations'),
        sum('failures', 'Invocation5XXErrors'),
        {
          id: 'share',
          label: 'Share of invocations that fail',
          expression: 'FILL(failures, 0) / invocations',
          returnData: true,
        },
      ],
    });
  }

  private addLatency({ endpointName, slo }: EndpointAlarmsProps): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(this, 'Latency', {
      alarmName: `${endpointName}-endpoint-latency-p99`,
      // Microseconds. Source: SageMaker developer guide, "Amazon SageMaker AI metrics in Amazon CloudWatch".
      ...slowerThanPromised(slo, 1000),
      ...ofEndpoint(endpointName),
      metricName: 'ModelLatency',
    });
  }
}

function ofEndpoint(endpointName: string) {
  return { namespace: 'AWS/SageMaker', dimensions: { EndpointName: endpointName, VariantName: VARIANT_NAME } };
}
