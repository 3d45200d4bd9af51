import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1, type NamespaceV1Metadata } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Aspects, DefaultTokenResolver, StringConcat, TerraformStack, Tokenization } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { HTTP_PORT, METRICS_PORT } from '../../../src/model-server/serving';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { Connections } from '../connections';
import { CustomResources } from '../custom-resources';
import { HTTP_PORT_NAME, METRICS_PORT_NAME } from '../model-server-pod';
import { NetworkPeer } from '../network-peer';
import { podSecurityLabels } from '../pod-security';
import { containerResources, ISTIO_SIZES } from '../workload-sizes';
import { istioObjects } from './istio-objects';

const NAMESPACE = 'istio-system';
/** What Istio's network plugin looks for. */
const MEMBER = { 'istio.io/dataplane-mode': 'ambient' };
/** Where pods of the mesh take its tunnel: https://istio.io/latest/docs/ambient/usage/networkpolicy/ */
const TUNNEL = { port: 15008 };
/** Whom the kubelet's probes come from in a pod of the mesh; the same page. */
const PROBES = NetworkPeer.addresses('169.254.7.127/32');

/** Values that win over the construct's own, chart by chart. */
export interface IstioValues {
  readonly base?: object;
  readonly istiod?: object;
  readonly cni?: object;
  readonly ztunnel?: object;
}

export interface IstioAmbientProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /** @default {} */
  readonly values?: IstioValues;
}

export interface ProtectedWorkload {
  /** Namespace it is in. */
  readonly namespace: NamespaceV1;
  /** Who may call it. What is added later counts too. */
  readonly connections: Connections;
  /** Ports at which the kubelet probes it, by number or by the name that the pods have for them. */
  readonly probePorts: readonly (number | string)[];
  /**
   * Numbers of the ports that the connections call by name.
   * @default {}
   */
  readonly portNumbers?: Readonly<Record<string, number>>;
}

/**
 * Istio in ambient mode, without sidecars: what pods of the mesh send each other is encrypted, and each knows the other
 * by its certificate.
 */
export class IstioAmbient extends Construct {
  readonly namespace: NamespaceV1;
  readonly base: Release;
  readonly istiod: Release;
  readonly cni: Release;
  readonly ztunnel: Release;

  constructor(scope: Construct, id: string, { cluster, values = {} }: IstioAmbientProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      // The network plugin and the tunnel set up the network of every pod, from the node.
      metadata: { name: NAMESPACE, labels: podSecurityLabels('privileged') },
      dependsOn: cluster.ready,
    });
    const profile = 'ambient';
    const { istiod, cni, ztunnel } = ISTIO_SIZES;
    this.base = this.install('Base', 'istioBase', 'istio-base', {}, values.base);
    this.istiod = this.install(
      'Istiod',
      'istiod',
      'istiod',
      // Two, because without one no pod gets a certificate.
      { profile, resources: containerResources(istiod), autoscaleMin: 2 },
      values.istiod,
      [this.base],
    );
    this.cni = this.install(
      'Cni',
      'istioCni',
      'istio-cni',
      { profile, resources: containerResources(cni) },
      values.cni,
      [this.istiod],
    );
    this.ztunnel = this.install(
      'Ztunnel',
      'istioZtunnel',
      'ztunnel',
      { resources: containerResources(ztunnel) },
      values.ztunnel,
      [this.cni],
    );
  }

  /**
   * Takes the pods of a namespace into the mesh, those that are there too, with the policies of all `Connections` in it.
   * They still answer callers outside of it, but for what `protect` names.
   */
  enroll(namespace: NamespaceV1): void {
    const metadata = namespace.metadataInput as NamespaceV1Metadata | undefined;
    namespace.putMetadata({ ...metadata, labels: { ...metadata?.labels, ...MEMBER } });
    const stack = TerraformStack.of(namespace);
    const resolver = new DefaultTokenResolver(new StringConcat());
    const name = (text: string) => Tokenization.resolve(text, { scope: stack, resolver });
    Aspects.of(stack).add({
      // When all are made: pods that are made later are in the mesh too.
      visit: (node) => {
        if (!Connections.isConnections(node)) return;
        if (name(node.namespaceName) === name(namespace.metadata.name)) node.throughTunnel(TUNNEL);
      },
    });
  }

  /**
   * Takes a workload's namespace into the mesh, and lets the workload answer only callers of the mesh, from where its
   * connections say. The callers' namespaces have to be enrolled too, or they are refused.
   */
  protect(id: string, { namespace, connections, probePorts, portNumbers = {} }: ProtectedWorkload): CustomResources {
    this.enroll(namespace);
    if (probePorts.length > 0) {
      const ports = probePorts.map((port) => ({ port }));
      connections.allowFrom(PROBES, ports, 'The kubelet probes it, from this address in a mesh');
    }
    const name = connections.policyName;
    const numbers = { [HTTP_PORT_NAME]: HTTP_PORT, [METRICS_PORT_NAME]: METRICS_PORT, ...portNumbers };
    return new CustomResources(this, id, {
      releaseName: `${name}-mesh`,
      namespaceName: namespace.metadata.name,
      objects: () => {
        this.check(name, connections, numbers);
        return istioObjects({ name, connections, portNumbers: numbers });
      },
      dependsOn: [this.ztunnel],
    });
  }

  /** An authorization knows ports by number only. */
  private check(name: string, { callers }: Connections, numbers: Readonly<Record<string, number>>): void {
    const unknown = callers.flatMap(({ ports }) => ports).find(({ port }) => !(port in numbers || Number(port) > 0));
    if (!unknown) return;
    throw new ConfigError(
      `${name} lets callers at its port ${unknown.port}, which has no number here; name it in portNumbers.`,
      this,
    );
  }

  private install(
    id: string,
    chart: 'istioBase' | 'istiod' | 'istioCni' | 'istioZtunnel',
    name: string,
    values: object,
    userValues?: object,
    dependsOn?: Release[],
  ): Release {
    const namespaceName = this.namespace.metadata.name;
    const settings = { chart: CHARTS[chart], name, namespaceName, values, userValues, dependsOn };
    return chartRelease(new Construct(this, id), settings);
  }
}
