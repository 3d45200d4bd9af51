import type { Release } from '@cdktf/provider-helm/lib/release';
import { Construct } from 'constructs';
import { ConfigError, type ServiceLevelObjective } from '../../../src';
import type { IRecommenderCluster, ITraceDestination } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { GrafanaDataSource } from '../dashboards/grafana-data-source';
import { GRAFANA_DATA_SOURCES } from '../dashboards/grafana-data-sources';
import { implyVolumes } from '../implied-volume';
import type { ModelServer } from '../model-server';
import { NetworkPeer } from '../network-peer';
import type { ObservabilityStack } from '../observability-stack';
import { collectorConfig } from './collector-config';
import { TEMPO_NAME, TEMPO_URL, tempoValues } from './tempo-values';
import { TRACE_COLLECTOR_IMAGE, TraceCollector } from './trace-collector';
import { OTLP_PORT, TRACE_COLLECTOR_NAME } from './tracing-environment';

export interface TracingProps {
  /** Traces are kept on a volume of its storage class. */
  readonly cluster: Pick<IRecommenderCluster, 'storageClassName'>;
  /** Its Grafana shows them. */
  readonly observability: Pick<ObservabilityStack, 'namespace'>;
  /** What sends them; told where by `tracingEnvironment`. */
  readonly modelServer: Pick<ModelServer, 'connections' | 'scrapeTarget'>;
  /** A trace that takes longer than its latency is kept. */
  readonly slo: ServiceLevelObjective;
  /**
   * A cloud's own store that gets what Tempo gets, sent as {@link TRACE_COLLECTOR_SERVICE_ACCOUNT}'s identity.
   * @default - Tempo only
   */
  readonly destination?: ITraceDestination;
  /**
   * Share of the traces that are neither slow nor failed which is kept, in percent.
   * @default 10
   */
  readonly keptPercent?: number;
  /** @default 7 */
  readonly retentionDays?: number;
  /** Size of the volume, in GiB. @default 10 */
  readonly volumeGib?: number;
  /**
   * The collector's, where yours comes from a registry of your own.
   * @default TRACE_COLLECTOR_IMAGE
   */
  readonly collectorImage?: string;
  /**
   * Values of Tempo's chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Traces: an OpenTelemetry collector that keeps the slow and the failed ones, and Tempo, which Grafana reads. */
export class Tracing extends Construct {
  /** Tempo's. */
  readonly release: Release;
  readonly collector: TraceCollector;

  constructor(scope: Construct, id: string, props: TracingProps) {
    super(scope, id);
    this.check(props);
    this.release = this.addTempo(props);
    this.collector = this.addCollector(props);
    this.connect(props);
    this.addDataSource(props);
  }

  private addTempo(props: TracingProps): Release {
    const { observability, cluster, retentionDays = 7, volumeGib = 10, values } = props;
    const { storageClassName } = cluster;
    implyVolumes(this, { storageClassName, gib: volumeGib, madeBy: 'Tempo' });
    return chartRelease(this, {
      chart: CHARTS.tempo,
      name: TEMPO_NAME,
      namespaceName: observability.namespace.metadata.name,
      values: tempoValues(this, { retentionDays, volumeGib, storageClassName }),
      userValues: values,
    });
  }

  private addCollector(props: TracingProps): TraceCollector {
    const { observability, slo, destination, keptPercent = 10, collectorImage } = props;
    return new TraceCollector(this, 'Collector', {
      namespaceName: observability.namespace.metadata.name,
      image: collectorImage ?? TRACE_COLLECTOR_IMAGE,
      config: collectorConfig({
        slowMs: slo.latency.serverThresholdMs,
        keptPercent,
        exportTo: `http://${TEMPO_NAME}:${OTLP_PORT}`,
        destination,
      }),
      identity: destination?.identity,
    });
  }

  private connect({ observability, modelServer }: TracingProps): void {
    const { name: monitoring } = observability.namespace.metadata;
    const { namespaceName, podLabels } = modelServer.scrapeTarget;
    const otlp = [{ port: OTLP_PORT }];
    const collector = NetworkPeer.pods(monitoring, { 'app.kubernetes.io/name': TRACE_COLLECTOR_NAME });
    modelServer.connections.allowTo(collector, otlp, 'It hands on its traces');
    const { connections } = this.collector;
    connections.allowFrom(NetworkPeer.pods(namespaceName, podLabels), otlp, 'The model server hands on its traces');
    const tempo = NetworkPeer.pods(monitoring, { 'app.kubernetes.io/name': TEMPO_NAME });
    connections.allowTo(tempo, otlp, 'It keeps traces in Tempo');
  }

  private addDataSource({ observability }: TracingProps): void {
    new GrafanaDataSource(this, 'DataSource', {
      observability,
      uid: GRAFANA_DATA_SOURCES.tempo,
      name: 'Tempo',
      type: 'tempo',
      url: TEMPO_URL,
      settings: {
        tracesToLogsV2: {
          datasourceUid: GRAFANA_DATA_SOURCES.loki,
          // The server's `service.name` is its container's.
          tags: [{ key: 'service.name', value: 'container' }],
          filterByTraceID: true,
          spanStartTimeShift: '-5m',
          spanEndTimeShift: '5m',
        },
      },
    });
  }

  private check({ keptPercent = 10, retentionDays = 7, volumeGib = 10 }: TracingProps): void {
    if (!(keptPercent >= 0 && keptPercent <= 100)) {
      throw new ConfigError(`keptPercent is ${keptPercent}; allowed is 0 to 100.`, this);
    }
    for (const [name, value] of Object.entries({ retentionDays, volumeGib })) {
      if (Number.isInteger(value) && value >= 1) continue;
      throw new ConfigError(`${name} is ${value}; allowed are whole numbers from 1.`, this);
    }
  }
}
