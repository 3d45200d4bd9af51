import type { Release } from '@cdktf/provider-helm/lib/release';
import { ConfigMapV1 } from '@cdktf/provider-kubernetes/lib/config-map-v1';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IDnsZone, IRecommenderCluster, IWorkloadIdentity, WorkloadIdentityProps } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { checkIdentity } from '../check-identity';
import { cloudConnections } from '../cloud-connections';
import type { Connections } from '../connections';
import { resourcesOf } from '../container-sizes';
import { podSecurityLabels, RESTRICTED_CONTAINER, RESTRICTED_POD_VALUES } from '../pod-security';
import type { Gateway } from './gateway';

const NAME = 'external-dns';

/** Service account of external-dns, the same in either cluster: what its cloud identity is bound to. */
export const EXTERNAL_DNS_SERVICE_ACCOUNT: WorkloadIdentityProps = { namespace: NAME, serviceAccountName: NAME };

const CONFIG_DIRECTORY = '/etc/external-dns';
const CONFIG_FILE = 'provider.json';

export interface ExternalDnsProps {
  /** The cluster it is in; records that it makes carry the cluster's name, and it touches no others. */
  readonly cluster: Pick<IRecommenderCluster, 'ready' | 'clusterName'>;
  /** Whose hostname is to lead to it. */
  readonly gateway: Pick<Gateway, 'hostname' | 'reference' | 'resources'>;
  /** Where the hostname is. */
  readonly zone: Omit<IDnsZone, 'grants'>;
  /** Cloud identity of the service account {@link EXTERNAL_DNS_SERVICE_ACCOUNT}, which may change the zone. */
  readonly identity: IWorkloadIdentity;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** external-dns by its chart in the namespace `external-dns`: the Gateway's hostname leads to its load balancer. */
export class ExternalDns extends Construct {
  readonly namespace: NamespaceV1;
  /** Absent where the provider needs no file. */
  readonly configuration?: ConfigMapV1;
  readonly release: Release;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: ExternalDnsProps) {
    super(scope, id);
    this.check(props);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: NAME, labels: podSecurityLabels('restricted') },
      dependsOn: props.cluster.ready,
    });
    this.configuration = this.addConfiguration(props);
    this.release = this.addRelease(props);
    this.connections = cloudConnections(this, {
      name: NAME,
      namespaceName: this.namespace.metadata.name,
      podLabels: { 'app.kubernetes.io/name': NAME },
      identity: props.identity,
      reason: 'It asks the API server for routes, and changes the zone',
    });
  }

  private addConfiguration({ zone }: ExternalDnsProps): ConfigMapV1 | undefined {
    const { configFile } = zone.externalDns;
    if (!configFile) return undefined;
    return new ConfigMapV1(this, 'Configuration', {
      metadata: { name: NAME, namespace: this.namespace.metadata.name },
      data: { [CONFIG_FILE]: configFile.content },
    });
  }

  private addRelease({ cluster, gateway, zone, identity, values }: ExternalDnsProps): Release {
    const { provider, args, environment, configFile } = zone.externalDns;
    return chartRelease(this, {
      chart: CHARTS.externalDns,
      name: NAME,
      namespaceName: this.namespace.metadata.name,
      values: {
        provider: { name: provider },
        sources: ['gateway-httproute'],
        gatewayNamespace: gateway.reference.namespace,
        domainFilters: [zone.domainName],
        // A record that outlives its load balancer leads to whoever has the address next.
        policy: 'sync',
        registry: 'txt',
        txtOwnerId: cluster.clusterName,
        extraArgs: { ...args, ...(configFile && { [configFile.flag]: `${CONFIG_DIRECTORY}/${CONFIG_FILE}` }) },
        env: Object.entries(environment).map(([name, value]) => ({ name, value })),
        ...(this.configuration && {
          extraVolumes: [{ name: 'configuration', configMap: { name: this.configuration.metadata.name } }],
          extraVolumeMounts: [{ name: 'configuration', mountPath: CONFIG_DIRECTORY, readOnly: true }],
        }),
        serviceAccount: { name: NAME, annotations: identity.serviceAccountAnnotations },
        podLabels: identity.podLabels,
        podSecurityContext: RESTRICTED_POD_VALUES,
        securityContext: RESTRICTED_CONTAINER,
        resources: resourcesOf(this, 'externalDns'),
      },
      userValues: values,
      dependsOn: [gateway.resources.release, ...identity.ready],
    });
  }

  private check({ gateway, zone, identity }: ExternalDnsProps): void {
    const expected = EXTERNAL_DNS_SERVICE_ACCOUNT;
    checkIdentity(this, { identity, expected, constant: 'EXTERNAL_DNS_SERVICE_ACCOUNT' });
    if (gateway.hostname === zone.domainName || gateway.hostname.endsWith(`.${zone.domainName}`)) return;
    throw new ConfigError(
      `gateway has the hostname ${gateway.hostname}, which is not in the zone ${zone.domainName}; allowed is ${zone.domainName} or a name that ends by .${zone.domainName}.`,
      this,
    );
  }
}
