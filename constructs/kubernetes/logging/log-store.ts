import type { Release } from '@cdktf/provider-helm/lib/release';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { resourcesOf } from '../container-sizes';
import { CustomResources } from '../custom-resources';
import { GrafanaDataSource } from '../dashboards/grafana-data-source';
import { GRAFANA_DATA_SOURCES } from '../dashboards/grafana-data-sources';
import { implyVolumes } from '../implied-volume';
import type { ObservabilityStack } from '../observability-stack';
import { ELASTIC_AUTHORITY, ELASTIC_PASSWORD, elasticObjects, elasticOutput } from './elastic-objects';
import type { FluentBitOutput } from './fluent-bit-config';
import { LOKI_DATA_SOURCE, LOKI_URL, lokiOutput, lokiValues } from './loki-values';

/** Where logs are kept from. */
export interface LogStoreTarget {
  readonly observability: Pick<ObservabilityStack, 'namespace' | 'release'>;
  /** Of Fluent Bit, and of what shares a secret with it. */
  readonly namespaceName: string;
  readonly storageClassName: string;
}

/** A store, as Fluent Bit needs to know it. */
export interface BoundLogStore {
  readonly output: FluentBitOutput;
  /** Environment variables of Fluent Bit, as a container has them. */
  readonly environment: readonly object[];
  /** Secrets in its namespace that it finds as files. */
  readonly secrets: readonly { readonly secretName: string; readonly mountPath: string }[];
  /** What must be there before it. */
  readonly ready: readonly ITerraformDependable[];
}

export interface LokiProps {
  /** @default 14 */
  readonly retentionDays?: number;
  /** Size of its volume, in GiB. @default 20 */
  readonly volumeGib?: number;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

export interface ElasticsearchProps {
  /** Of Elasticsearch and Kibana, one of those that the operator knows. @default '9.2.0' */
  readonly version?: string;
  /** @default 1 */
  readonly nodes?: number;
  /** Size of each node's volume, in GiB. @default 20 */
  readonly volumeGib?: number;
  /**
   * Values of the operator's chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Where logs are kept: in Loki or in Elasticsearch, never in both. */
export abstract class LogStore {
  /** Loki as one process with a volume, read in Grafana. */
  static loki(props: LokiProps = {}): LogStore {
    return new LokiLogStore(props);
  }

  /** Elasticsearch and Kibana by the operator ECK, read in Kibana. It takes four times the memory of Loki. */
  static elasticsearch(props: ElasticsearchProps = {}): LogStore {
    return new ElasticsearchLogStore(props);
  }

  /** Makes the store, called `Store` in `scope`. */
  abstract bind(scope: Construct, target: LogStoreTarget): BoundLogStore;
}

class LokiLogStore extends LogStore {
  constructor(private readonly props: LokiProps) {
    super();
  }

  bind(scope: Construct, { observability, storageClassName }: LogStoreTarget): BoundLogStore {
    const { retentionDays = 14, volumeGib = 20, values } = this.props;
    checkWhole(scope, { retentionDays, volumeGib });
    const store = new Construct(scope, 'Store');
    implyVolumes(store, { storageClassName, gib: volumeGib, madeBy: 'Loki' });
    const release = chartRelease(store, {
      chart: CHARTS.loki,
      name: 'loki',
      namespaceName: observability.namespace.metadata.name,
      values: lokiValues(store, { retentionDays, volumeGib, storageClassName }),
      userValues: values,
    });
    new GrafanaDataSource(store, 'DataSource', {
      observability,
      uid: GRAFANA_DATA_SOURCES.loki,
      name: 'Loki',
      type: 'loki',
      url: LOKI_URL,
      settings: LOKI_DATA_SOURCE,
    });
    return { output: lokiOutput(), environment: [], secrets: [], ready: [release] };
  }
}

class ElasticsearchLogStore extends LogStore {
  constructor(private readonly props: ElasticsearchProps) {
    super();
  }

  bind(scope: Construct, { namespaceName, storageClassName }: LogStoreTarget): BoundLogStore {
    const { version = '9.2.0', nodes = 1, volumeGib = 20 } = this.props;
    checkWhole(scope, { nodes, volumeGib });
    const store = new Construct(scope, 'Store');
    implyVolumes(store, { storageClassName, gib: volumeGib, count: nodes, madeBy: 'Elasticsearch' });
    const objects = new CustomResources(store, 'Objects', {
      releaseName: 'elastic-stack',
      namespaceName,
      objects: elasticObjects(store, { version, nodes, volumeGib, storageClassName }),
      dependsOn: [this.addOperator(store, namespaceName)],
    });
    return {
      output: elasticOutput(),
      environment: [ELASTIC_PASSWORD],
      secrets: [ELASTIC_AUTHORITY],
      ready: [objects.release],
    };
  }

  private addOperator(store: Construct, namespaceName: string): Release {
    return chartRelease(store, {
      chart: CHARTS.eckOperator,
      name: 'elastic-operator',
      namespaceName,
      // It needs no more than the namespace that it is in.
      values: { managedNamespaces: [namespaceName], resources: resourcesOf(store, 'elasticOperator') },
      userValues: this.props.values,
    });
  }
}

function checkWhole(scope: Construct, numbers: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (Number.isInteger(value) && value >= 1) continue;
    throw new ConfigError(`${name} is ${value}; allowed are whole numbers from 1.`, scope);
  }
}
