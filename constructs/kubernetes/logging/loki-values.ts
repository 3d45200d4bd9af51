import type { Construct } from 'constructs';
import { resourcesOf } from '../container-sizes';
import { GRAFANA_DATA_SOURCES } from '../dashboards/grafana-data-sources';
import type { FluentBitOutput } from './fluent-bit-config';

const HOST = 'loki.monitoring.svc';
const PORT = 3100;

/** Where Loki answers inside the cluster. */
export const LOKI_URL = `http://${HOST}:${PORT}`;

/** Grafana's settings: the trace id of a line leads to its trace. */
export const LOKI_DATA_SOURCE = {
  derivedFields: [
    {
      name: 'Trace',
      matcherType: 'label',
      matcherRegex: 'trace_id',
      datasourceUid: GRAFANA_DATA_SOURCES.tempo,
      // The dollars are doubled for Grafana, which takes single ones for environment variables.
      url: '$${__value.raw}',
    },
  ],
};

interface LokiValuesProps {
  readonly retentionDays: number;
  readonly volumeGib: number;
  readonly storageClassName: string;
}

const OFF = { enabled: false };

/**
 * One process with everything, on a volume. What the chart has beside it (a gateway, caches of gigabytes, a canary on
 * every node, a sidecar for rules) is off.
 */
export function lokiValues(scope: Construct, { retentionDays, volumeGib, storageClassName }: LokiValuesProps) {
  return {
    deploymentMode: 'Monolithic',
    loki: {
      // One tenant. Who may reach it is the network's matter.
      auth_enabled: false,
      commonConfig: { replication_factor: 1 },
      storage: { type: 'filesystem' },
      schemaConfig: {
        configs: [
          {
            from: '2026-01-01',
            store: 'tsdb',
            object_store: 'filesystem',
            schema: 'v13',
            index: { prefix: 'index_', period: '24h' },
          },
        ],
      },
      limits_config: { retention_period: `${retentionDays * 24}h`, allow_structured_metadata: true },
      // Without it nothing is ever deleted.
      compactor: { retention_enabled: true, delete_request_store: 'filesystem' },
      analytics: { reporting_enabled: false },
    },
    singleBinary: {
      replicas: 1,
      resources: resourcesOf(scope, 'loki'),
      persistence: {
        enabled: true,
        storageClass: storageClassName,
        size: `${volumeGib}Gi`,
        // Without it a destroy leaves the disk behind, and its bill.
        enableStatefulSetAutoDeletePVC: true,
        whenDeleted: 'Delete',
      },
    },
    read: { replicas: 0 },
    write: { replicas: 0 },
    backend: { replicas: 0 },
    gateway: OFF,
    chunksCache: OFF,
    resultsCache: OFF,
    lokiCanary: OFF,
    test: OFF,
    sidecar: { rules: OFF },
  };
}

/**
 * Labels are few, because each combination of them is a stream of its own; what has many values (pod, trace) is
 * metadata of the line.
 */
export function lokiOutput(): FluentBitOutput {
  return {
    Name: 'loki',
    Host: HOST,
    Port: `${PORT}`,
    Labels: "namespace=$kubernetes['namespace_name'],container=$kubernetes['container_name'],stream=$stream",
    Structured_Metadata: "pod=$kubernetes['pod_name'],trace_id=$trace_id",
    Remove_Keys: 'kubernetes,stream',
    Line_Format: 'json',
    Compress: 'gzip',
  };
}
