import { SERVER_LABELS, SERVER_METRICS } from '../../../src';
import { PROMETHEUS_URL } from '../prometheus-url';
import type { ScaleTarget } from './autoscaling';

interface TriggerSpec {
  readonly type: string;
  readonly metricType?: 'AverageValue' | 'Utilization';
  readonly metadata: Readonly<Record<string, string>>;
}

interface PrometheusQuery {
  readonly query: string;
  readonly perReplica: number;
  readonly prometheusUrl?: string;
}

/** A reason for replicas. With several, the one that asks for the most decides. */
export class KedaTrigger {
  /** CPU that replicas use, in percent of what they request. */
  static cpu({ targetPercent }: { readonly targetPercent: number }): KedaTrigger {
    return new KedaTrigger(() => ({ type: 'cpu', metricType: 'Utilization', metadata: { value: `${targetPercent}` } }));
  }

  /**
   * Requests a second to the API of the scaled pods, as Prometheus counts them over the last minute.
   *
   * @param perReplica requests a second that one replica is to answer
   * @param prometheusUrl of another Prometheus than the `ObservabilityStack`'s
   */
  static requestsPerSecond(options: { readonly perReplica: number; readonly prometheusUrl?: string }): KedaTrigger {
    return new KedaTrigger(({ name, namespaceName }) => {
      // By the pods, because a new version that is tried beside the promoted one takes a share of the requests only:
      // Flagger puts the promoted Deployment's name where this one's is.
      const pods = `namespace="${namespaceName}",pod=~"${name}-[0-9a-z]+-[0-9a-z]+"`;
      const query = `sum(rate(${SERVER_METRICS.requests}{${pods},${SERVER_LABELS.route}=~"/v1/.*"}[1m]))`;
      return prometheusTrigger({ query, ...options });
    });
  }

  /**
   * What any query of Prometheus answers, one number.
   *
   * @param perReplica how much of it one replica takes
   */
  static prometheus(options: PrometheusQuery): KedaTrigger {
    return new KedaTrigger(() => prometheusTrigger(options));
  }

  /**
   * Messages of a Kafka topic that a consumer group has not taken yet.
   *
   * @param perReplica messages that may wait for each replica
   */
  static kafkaLag(options: {
    readonly bootstrapServers: string;
    readonly topic: string;
    readonly consumerGroup: string;
    readonly perReplica: number;
  }): KedaTrigger {
    const { bootstrapServers, topic, consumerGroup, perReplica } = options;
    return new KedaTrigger(() => ({
      type: 'kafka',
      metadata: { bootstrapServers, topic, consumerGroup, lagThreshold: `${perReplica}` },
    }));
  }

  /**
   * Replicas at fixed times, such as before a sale.
   *
   * @param start in cron's format: `0 18 * * 5`
   * @param end likewise
   * @param timezone of the IANA database: `Europe/Berlin`
   */
  static cron(options: {
    readonly start: string;
    readonly end: string;
    readonly timezone: string;
    readonly replicas: number;
  }): KedaTrigger {
    const { start, end, timezone, replicas } = options;
    return new KedaTrigger(() => ({
      type: 'cron',
      metadata: { timezone, start, end, desiredReplicas: `${replicas}` },
    }));
  }

  private constructor(
    /** As a ScaledObject has it. */
    readonly specFor: (target: Pick<ScaleTarget, 'name' | 'namespaceName'>) => TriggerSpec,
  ) {}
}

function prometheusTrigger({ query, perReplica, prometheusUrl = PROMETHEUS_URL }: PrometheusQuery): TriggerSpec {
  return {
    type: 'prometheus',
    metricType: 'AverageValue',
    metadata: { serverAddress: prometheusUrl, query, threshold: `${perReplica}`, ignoreNullValues: 'false' },
  };
}
