import { createHash } from 'node:crypto';
import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { DeploymentV1, type DeploymentV1SpecTemplateSpec } from '@cdktf/provider-kubernetes/lib/deployment-v1';
import { ServiceAccountV1 } from '@cdktf/provider-kubernetes/lib/service-account-v1';
import { ServiceV1 } from '@cdktf/provider-kubernetes/lib/service-v1';
import { Fn, Token } from 'cdktf';
import { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { IWorkloadIdentity } from '../../contracts';
import { checkIdentity } from '../check-identity';
import { Connections } from '../connections';
import { containerSize, containerSizesIn, resourcesOf } from '../container-sizes';
import { NetworkPeer } from '../network-peer';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../pod-security';
import { HEALTH_PORT } from './collector-config';
import { OTLP_PORT, TRACE_COLLECTOR_NAME, TRACE_COLLECTOR_SERVICE_ACCOUNT } from './tracing-environment';

/** The collector with the parts that sample whole traces, in the version that the tests run. */
export const TRACE_COLLECTOR_IMAGE = 'docker.io/otel/opentelemetry-collector-contrib:0.150.0';

const LABELS = { 'app.kubernetes.io/name': TRACE_COLLECTOR_NAME };
const FOLDER = '/etc/otelcol';
const FILE = 'config.yaml';

export interface TraceCollectorProps {
  readonly namespaceName: string;
  readonly image: string;
  /** As the collector takes it. */
  readonly config: object;
  /**
   * Cloud identity that it sends traces by.
   * @default - none: it sends them inside the cluster
   */
  readonly identity?: IWorkloadIdentity;
}

/** An OpenTelemetry collector. One replica: all spans of a trace have to come to the same. */
export class TraceCollector extends Construct {
  readonly settings: ConfigMapV1;
  readonly deployment: DeploymentV1;
  readonly service: ServiceV1;
  /** Nobody may send it spans, and it may send them nowhere, until they say so. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: TraceCollectorProps) {
    super(scope, id);
    const metadata = { name: TRACE_COLLECTOR_NAME, namespace: props.namespaceName, labels: LABELS };
    const config = stringify(props.config);
    this.settings = new ConfigMapV1(this, 'Settings', { metadata, data: { [FILE]: config } });
    const account = props.identity && this.addServiceAccount(props.identity, props.namespaceName);
    this.deployment = new DeploymentV1(this, 'Resource', {
      metadata,
      spec: {
        replicas: '1',
        selector: { matchLabels: LABELS },
        template: {
          // It reads its configuration when it starts; another one makes another pod.
          metadata: {
            labels: { ...LABELS, ...props.identity?.podLabels },
            annotations: { 'recommender/config-sha256': this.sha256(config) },
          },
          spec: { ...this.pod(props), serviceAccountName: account?.metadata.name },
        },
      },
      dependsOn: props.identity?.ready,
    });
    this.service = new ServiceV1(this, 'Service', {
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: LABELS,
        port: [{ name: 'otlp-http', port: OTLP_PORT, targetPort: 'otlp-http' }],
      },
    });
    this.connections = new Connections(this, 'Connections', {
      name: TRACE_COLLECTOR_NAME,
      namespaceName: props.namespaceName,
      podLabels: LABELS,
    });
    if (props.identity) this.connectToCloud(props.identity);
  }

  private addServiceAccount(identity: IWorkloadIdentity, namespace: string): ServiceAccountV1 {
    const expected = TRACE_COLLECTOR_SERVICE_ACCOUNT;
    checkIdentity(this, { identity, expected, constant: 'TRACE_COLLECTOR_SERVICE_ACCOUNT' });
    const { serviceAccountName: name } = expected;
    return new ServiceAccountV1(this, 'ServiceAccount', {
      metadata: { name, namespace, annotations: identity.serviceAccountAnnotations },
      automountServiceAccountToken: false,
    });
  }

  private connectToCloud({ credentialSources }: IWorkloadIdentity): void {
    // Stores and token services have public addresses that change.
    this.connections.allowTo(NetworkPeer.anywhere(), [{ port: 443 }], "It keeps traces in the cloud's store");
    for (const { cidr, port } of credentialSources) {
      this.connections.allowTo(NetworkPeer.addresses(cidr), [{ port }], 'It gets the credentials of its identity');
    }
  }

  private pod({ image }: TraceCollectorProps): DeploymentV1SpecTemplateSpec {
    const { memoryMib } = containerSize('traceCollector', containerSizesIn(this));
    const probe = { httpGet: { path: '/', port: 'health' }, periodSeconds: 10 };
    return {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: RESTRICTED_POD,
      container: [
        {
          name: TRACE_COLLECTOR_NAME,
          image,
          args: [`--config=${FOLDER}/${FILE}`],
          // The garbage collector works harder before the limiter has to refuse spans.
          env: [{ name: 'GOMEMLIMIT', value: `${Math.floor(memoryMib * 0.75)}MiB` }],
          port: [
            { name: 'otlp-http', containerPort: OTLP_PORT, protocol: 'TCP' },
            { name: 'health', containerPort: HEALTH_PORT, protocol: 'TCP' },
          ],
          resources: resourcesOf(this, 'traceCollector'),
          securityContext: RESTRICTED_CONTAINER,
          volumeMount: [{ name: 'config', mountPath: FOLDER, readOnly: true }],
          readinessProbe: probe,
          livenessProbe: { ...probe, failureThreshold: 6 },
        },
      ],
      volume: [{ name: 'config', configMap: { name: this.settings.metadata.name } }],
    };
  }

  /** What is known only when it is deployed, such as a region, is hashed by Terraform. */
  private sha256(config: string): string {
    if (Token.isUnresolved(config)) return Fn.sha256(Fn.lookup(this.settings.data, FILE));
    return createHash('sha256').update(config).digest('hex');
  }
}
