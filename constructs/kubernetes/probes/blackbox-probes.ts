import type { Release } from '@cdktf/provider-helm/lib/release';
import { Construct } from 'constructs';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { resourcesOf } from '../container-sizes';
import { type CustomResource, CustomResources } from '../custom-resources';
import type { Gateway } from '../gateway/gateway';
import type { ModelServer } from '../model-server';
import { NetworkPeer } from '../network-peer';
import { type ObservabilityStack, TAKEN_BY_PROMETHEUS } from '../observability-stack';
import { BLACKBOX_CONFIG, PROBE_MODULES } from './blackbox-config';
import { PROBES_JOB, probeRules } from './probe-rules';

const NAME = 'blackbox-exporter';
const PORT = 9115;

export interface BlackboxProbesProps {
  /** Its Prometheus has the probes made, and keeps and alerts on what they see. */
  readonly observability: Pick<ObservabilityStack, 'namespace' | 'release'>;
  /** What is asked whether it is ready, by its Service. */
  readonly modelServer: Pick<ModelServer, 'connections' | 'scrapeTarget' | 'serviceName' | 'portName'>;
  /**
   * What is asked by its name, as customers' shops do.
   * @default - only the Service is asked
   */
  readonly gateway?: Pick<Gateway, 'hostname'>;
  /**
   * Where the runbooks are read: a page of your own, or their folder in this repository.
   * @default 'docs/runbooks'
   */
  readonly runbooksUrl?: string;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Asks the service from outside of it, as a caller would, by the blackbox exporter, and alerts when it does not answer. */
export class BlackboxProbes extends Construct {
  readonly release: Release;
  /** The probes and their alerts. */
  readonly objects: CustomResources;

  constructor(scope: Construct, id: string, props: BlackboxProbesProps) {
    super(scope, id);
    const { observability, modelServer, values } = props;
    const { name: namespaceName } = observability.namespace.metadata;
    this.release = chartRelease(this, {
      chart: CHARTS.blackboxExporter,
      name: NAME,
      namespaceName,
      values: {
        fullnameOverride: NAME,
        config: BLACKBOX_CONFIG,
        resources: resourcesOf(this, 'blackboxExporter'),
      },
      userValues: values,
    });
    this.objects = new CustomResources(this, 'Objects', {
      releaseName: 'probes',
      namespaceName,
      objects: probeObjects(props),
      // The first brings their kinds.
      dependsOn: [observability.release, this.release],
    });
    modelServer.connections.allowFrom(
      NetworkPeer.pods(namespaceName, { 'app.kubernetes.io/name': 'prometheus-blackbox-exporter' }),
      [{ port: modelServer.portName }],
      'It is asked whether it is ready, as a caller would ask',
    );
  }
}

function probeObjects({ modelServer, gateway, runbooksUrl = 'docs/runbooks' }: BlackboxProbesProps): CustomResource[] {
  const { serviceName, scrapeTarget } = modelServer;
  const group = probeRules((alert) => `${runbooksUrl}/${alert}.md`);
  return [
    probe('model-server', PROBE_MODULES.ready, `http://${serviceName}.${scrapeTarget.namespaceName}.svc/readyz`),
    ...(gateway ? [probe('gateway', PROBE_MODULES.gateway, `https://${gateway.hostname}/v1/model`)] : []),
    {
      apiVersion: 'monitoring.coreos.com/v1',
      kind: 'PrometheusRule',
      metadata: { name: 'probes', labels: TAKEN_BY_PROMETHEUS },
      spec: { groups: [group] },
    },
  ];
}

function probe(name: string, module: string, url: string): CustomResource {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'Probe',
    metadata: { name, labels: TAKEN_BY_PROMETHEUS },
    spec: {
      jobName: PROBES_JOB,
      interval: '15s',
      module,
      prober: { url: `${NAME}.monitoring.svc:${PORT}` },
      targets: { staticConfig: { static: [url] } },
    },
  };
}
