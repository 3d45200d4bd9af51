import type { CloudwatchMetricAlarmMetricQueryMetric } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';

/** A metric of CloudWatch, without the statistic and the period that it is asked by. */
export interface CloudWatchMetric {
  /** e.g. `AWS/ApplicationELB` */
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** What a source says of a service: how many requests there were, how many failed, how long each took. */
export interface MetricSourceProps {
  /** Counts requests; added up. */
  readonly requests: CloudWatchMetric;
  /** Counts those that the service failed to answer; added up. */
  readonly errors: readonly CloudWatchMetric[];
  readonly latency: CloudWatchMetric & { readonly unit: 'seconds' | 'milliseconds' };
}

/**
 * Where the objective's numbers come from. There is none of a network load balancer: it sees connections, not requests,
 * and a service that answers 500 looks healthy to it.
 */
export class MetricSource {
  /** An application load balancer: errors are the targets' 5xx and its own, e.g. for want of a healthy target. */
  static loadBalancer({ arnSuffix }: { readonly arnSuffix: string }): MetricSource {
    const metric = (metricName: string) => ({
      namespace: 'AWS/ApplicationELB',
      metricName,
      dimensions: { LoadBalancer: arnSuffix },
    });
    return new MetricSource({
      requests: metric('RequestCount'),
      errors: [metric('HTTPCode_Target_5XX_Count'), metric('HTTPCode_ELB_5XX_Count')],
      latency: { ...metric('TargetResponseTime'), unit: 'seconds' },
    });
  }

  /** A stage of an HTTP API of API Gateway. Latency is the caller's, with what API Gateway adds. */
  static httpApi({ apiId, stage }: { readonly apiId: string; readonly stage: string }): MetricSource {
    const metric = (metricName: string) => ({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensions: { ApiId: apiId, Stage: stage },
    });
    return new MetricSource({
      requests: metric('Count'),
      errors: [metric('5xx')],
      latency: { ...metric('Latency'), unit: 'milliseconds' },
    });
  }

  /** A stage of a REST API of API Gateway, which names its metrics and dimensions otherwise. */
  static restApi({ apiName, stage }: { readonly apiName: string; readonly stage: string }): MetricSource {
    const metric = (metricName: string) => ({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensions: { ApiName: apiName, Stage: stage },
    });
    return new MetricSource({
      requests: metric('Count'),
      errors: [metric('5XXError')],
      latency: { ...metric('Latency'), unit: 'milliseconds' },
    });
  }

  /** Metrics that the service sends itself, e.g. in the embedded metric format. */
  static custom(props: MetricSourceProps): MetricSource {
    return new MetricSource(props);
  }

  readonly requests: CloudWatchMetric;
  readonly errors: readonly CloudWatchMetric[];
  readonly latency: MetricSourceProps['latency'];

  private constructor({ requests, errors, latency }: MetricSourceProps) {
    this.requests = requests;
    this.errors = errors;
    this.latency = latency;
  }

  /** Statistic that answers the share of requests, in percent, that took at most so long: a percentile rank. */
  withinStatistic(milliseconds: number): string {
    return `PR(:${this.latency.unit === 'seconds' ? milliseconds / 1000 : milliseconds})`;
  }
}

/** A metric as an alarm's query asks for it. */
export function metricQuery(
  { namespace, metricName, dimensions }: CloudWatchMetric,
  stat: string,
  period: number,
): CloudwatchMetricAlarmMetricQueryMetric {
  return { namespace, metricName, dimensions: { ...dimensions }, stat, period };
}
