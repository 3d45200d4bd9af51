import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import type { Lb } from '@cdktf/provider-aws/lib/lb';
import { Construct } from 'constructs';
import type { ServiceLevelObjective } from '../../../src';
import { burnsErrorBudget, MINUTE, slowerThanPromised } from './rollback-alarm';

export interface RollbackAlarmsProps {
  readonly serviceName: string;
  readonly loadBalancer: Lb;
  readonly slo: ServiceLevelObjective;
}

/**
 * Alarms that take a rollout back: as many errors as use up the budget at the pace somebody is paged for, or answers
 * slower than promised. Measured at the load balancer, where both versions' answers and its own are counted.
 */
export class RollbackAlarms extends Construct {
  readonly errorRate: CloudwatchMetricAlarm;
  readonly latency: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: RollbackAlarmsProps) {
    super(scope, id);
    this.errorRate = this.addErrorRate(props);
    this.latency = this.addLatency(props);
  }

  get alarmNames(): string[] {
    return [this.errorRate.alarmName, this.latency.alarmName];
  }

  private addErrorRate({ serviceName, loadBalancer, slo }: RollbackAlarmsProps): CloudwatchMetricAlarm {
    const count = (id: string, metricName: string) => ({
      id,
      metric: {
        namespace: 'AWS/ApplicationELB',
        metricName,
        period: MINUTE,
        stat: 'Sum',
        dimensions: { LoadBalancer: loadBalancer.arnSuffix },
      },
    });
    return new CloudwatchMetricAlarm(this, 'ErrorRate', {
      alarmName: `${serviceName}-error-rate`,
      ...burnsErrorBudget(slo, 'requests'),
      metricQuery: [
        count('requests', 'RequestCount'),
        count('servers', 'HTTPCode_Target_5XX_Count'),
        count('balancer', 'HTTPCode_ELB_5XX_Count'),
        {
          id: 'share',
          label: 'Share of requests that fail',
          // CloudWatch has no count of what didn't happen; RequestCount leaves out what no server was there for.
          expression: '(FILL(servers, 0) + FILL(balancer, 0)) / (FILL(requests, 0) + FILL(balancer, 0))',
          returnData: true,
        },
      ],
    });
  }

  private addLatency({ serviceName, loadBalancer, slo }: RollbackAlarmsProps): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(this, 'Latency', {
      alarmName: `${serviceName}-latency-p99`,
      // The metric is in seconds.
      ...slowerThanPromised(slo, 1 / 1000),
      namespace: 'AWS/ApplicationELB',
      metricName: 'TargetResponseTime',
      dimensions: { LoadBalancer: loadBalancer.arnSuffix },
    });
  }
}
