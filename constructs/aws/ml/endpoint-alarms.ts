import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { Construct } from 'constructs';
import type { ServiceLevelObjective } from '../../../src';
import { VARIANT_NAME } from './endpoint';

export interface EndpointAlarmsProps {
  readonly endpointName: string;
  readonly slo: ServiceLevelObjective;
}

const MINUTE = 60;

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
    const burnRate = Math.max(...slo.burnRateAlerts.map(({ factor }) => factor));
    const threshold = Number((slo.errorBudget * burnRate).toFixed(6));
    const sum = (id: string, metricName: string) => ({
      id,
      metric: { ...ofEndpoint(endpointName), metricName, period: MINUTE, stat: 'Sum' },
    });
    return new CloudwatchMetricAlarm(this, 'ErrorRate', {
      alarmName: `${endpointName}-endpoint-error-rate`,
      alarmDescription: `More than ${Number((threshold * 100).toFixed(4))} % of invocations fail`,
      comparisonOperator: 'GreaterThanThreshold',
      threshold,
      evaluationPeriods: 5,
      datapointsToAlarm: 2,
      // Nobody invokes: nothing fails.
      treatMissingData: 'notBreaching',
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
      alarmDescription: `One answer of a hundred takes longer than ${slo.latencyP99Ms} ms`,
      ...ofEndpoint(endpointName),
      metricName: 'ModelLatency',
      extendedStatistic: 'p99',
      period: MINUTE,
      comparisonOperator: 'GreaterThanThreshold',
      // Microseconds. Source: SageMaker developer guide, "Amazon SageMaker AI metrics in Amazon CloudWatch".
      threshold: slo.latencyP99Ms * 1000,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      // Of a handful of requests a percentile says nothing.
      evaluateLowSampleCountPercentiles: 'ignore',
      treatMissingData: 'notBreaching',
    });
  }
}

function ofEndpoint(endpointName: string) {
  return { namespace: 'AWS/SageMaker', dimensions: { EndpointName: endpointName, VariantName: VARIANT_NAME } };
}
