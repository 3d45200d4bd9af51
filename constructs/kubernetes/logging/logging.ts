import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { CustomResources } from '../custom-resources';
import { type ObservabilityStack, TAKEN_BY_PROMETHEUS } from '../observability-stack';
import { podSecurityLabels } from '../pod-security';
import { fluentBitValues } from './fluent-bit-values';
import { type BoundLogStore, LogStore } from './log-store';
import { loggingRules } from './logging-rules';

export interface LoggingProps {
  /** The cluster it is in. Logs are kept on volumes of the cluster's storage class. */
  readonly cluster: Pick<IRecommenderCluster, 'ready' | 'storageClassName'>;
  /** Its Grafana shows them, and its Prometheus counts what Fluent Bit could not hand on. */
  readonly observability: Pick<ObservabilityStack, 'namespace' | 'release'>;
  /**
   * Where they are kept.
   * @default LogStore.loki()
   */
  readonly store?: LogStore;
  /**
   * Where the runbooks are read: a page of your own, or their folder in this repository.
   * @default 'docs/runbooks'
   */
  readonly runbooksUrl?: string;
  /**
   * Values of Fluent Bit's chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** The logs of every container: read on each node by Fluent Bit, and kept in Loki or Elasticsearch. */
export class Logging extends Construct {
  readonly namespace: NamespaceV1;
  readonly store: BoundLogStore;
  /** Fluent Bit's. */
  readonly release: Release;
  /** What is alerted on. */
  readonly rules: CustomResources;

  constructor(scope: Construct, id: string, props: LoggingProps) {
    super(scope, id);
    this.namespace = this.addNamespace(props);
    this.store = this.addStore(props);
    this.release = this.addFluentBit(props);
    this.rules = this.addRules(props);
  }

  private addNamespace({ cluster }: LoggingProps): NamespaceV1 {
    return new NamespaceV1(this, 'Namespace', {
      // Fluent Bit reads the node's files and writes its own there, as its root: "baseline" refuses both.
      metadata: { name: 'logging', labels: podSecurityLabels('privileged') },
      dependsOn: cluster.ready,
    });
  }

  private addStore({ observability, cluster, store = LogStore.loki() }: LoggingProps): BoundLogStore {
    const namespaceName = this.namespace.metadata.name;
    return store.bind(this, { observability, namespaceName, storageClassName: cluster.storageClassName });
  }

  private addFluentBit({ observability, values }: LoggingProps): Release {
    return chartRelease(this, {
      chart: CHARTS.fluentBit,
      name: 'fluent-bit',
      namespaceName: this.namespace.metadata.name,
      values: fluentBitValues(this, this.store),
      userValues: values,
      // Its ServiceMonitor is of a kind that the other brings.
      dependsOn: [observability.release, ...this.store.ready],
    });
  }

  private addRules({ observability, runbooksUrl = 'docs/runbooks' }: LoggingProps): CustomResources {
    return new CustomResources(this, 'Rules', {
      releaseName: 'logging-rules',
      namespaceName: this.namespace.metadata.name,
      objects: [
        {
          apiVersion: 'monitoring.coreos.com/v1',
          kind: 'PrometheusRule',
          metadata: { name: 'logging', labels: TAKEN_BY_PROMETHEUS },
          spec: { groups: [loggingRules((alert) => `${runbooksUrl}/${alert}.md`)] },
        },
      ],
      // It brings their kind.
      dependsOn: [observability.release],
    });
  }
}
