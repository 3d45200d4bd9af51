import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { Construct } from 'constructs';
import { stringify } from 'yaml';
import { literal } from '../literal';
import type { ObservabilityStack } from '../observability-stack';
import { GRAFANA_SIDECAR_LABELS } from './grafana-data-sources';

export interface GrafanaDataSourceProps {
  readonly observability: Pick<ObservabilityStack, 'namespace'>;
  readonly uid: string;
  /** As people see it. */
  readonly name: string;
  /** `loki` */
  readonly type: string;
  /** Where Grafana reaches it. */
  readonly url: string;
  /** Settings of its kind. */
  readonly settings: object;
}

/** Where Grafana finds more than metrics, as a ConfigMap that its sidecar loads. */
export class GrafanaDataSource extends Construct {
  readonly resource: ConfigMapV1;

  constructor(scope: Construct, id: string, { observability, settings, ...source }: GrafanaDataSourceProps) {
    super(scope, id);
    const datasources = [{ ...source, access: 'proxy', editable: false, jsonData: settings }];
    this.resource = new ConfigMapV1(this, 'Resource', {
      metadata: {
        name: `data-source-${source.uid}`,
        namespace: observability.namespace.metadata.name,
        labels: GRAFANA_SIDECAR_LABELS.dataSource,
      },
      data: { [`${source.uid}.yaml`]: literal(stringify({ apiVersion: 1, datasources })) },
    });
  }
}
