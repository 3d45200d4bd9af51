import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { resourcesOf } from '../container-sizes';
import { CustomResources } from '../custom-resources';
import { NetworkPeer } from '../network-peer';
import { podSecurityLabels } from '../pod-security';
import { containerResources, GATEWAY_SIZES } from '../workload-sizes';
import { envoyGatewayObjects } from './envoy-gateway-objects';
import type { GatewayPolicies, GatewayTraffic, IGatewayController } from './gateway-controller';

/** Where the controller is, and where it puts the proxies of every Gateway. */
export const ENVOY_GATEWAY_NAMESPACE = 'envoy-gateway-system';

const CLASS = 'envoy';

export interface EnvoyGatewayProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Envoy Gateway by its chart, with the kinds of the Gateway API, and the GatewayClass `envoy`. */
export class EnvoyGateway extends Construct implements IGatewayController {
  readonly namespace: NamespaceV1;
  readonly release: Release;
  readonly gatewayClass: CustomResources;
  readonly gatewayClassName = CLASS;

  constructor(scope: Construct, id: string, { cluster, values }: EnvoyGatewayProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: ENVOY_GATEWAY_NAMESPACE, labels: podSecurityLabels('restricted') },
      dependsOn: cluster.ready,
    });
    const namespaceName = this.namespace.metadata.name;
    this.release = chartRelease(this, {
      chart: CHARTS.envoyGateway,
      name: 'envoy-gateway',
      namespaceName,
      values: {
        deployment: {
          replicas: 2,
          envoyGateway: { resources: resourcesOf(this, 'envoyGateway') },
        },
        certgen: { job: { resources: containerResources(GATEWAY_SIZES.certgen) } },
        podDisruptionBudget: { minAvailable: 1 },
      },
      userValues: values,
    });
    this.gatewayClass = new CustomResources(this, 'GatewayClass', {
      releaseName: 'envoy-gateway-class',
      namespaceName,
      objects: [
        {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'GatewayClass',
          metadata: { name: CLASS },
          spec: { controllerName: 'gateway.envoyproxy.io/gatewayclass-controller' },
        },
      ],
      dependsOn: [this.release],
    });
  }

  get ready(): ITerraformDependable[] {
    return [this.gatewayClass.release];
  }

  proxies(gatewayName: string): NetworkPeer {
    return NetworkPeer.pods(ENVOY_GATEWAY_NAMESPACE, { 'gateway.envoyproxy.io/owning-gateway-name': gatewayName });
  }

  policies(traffic: GatewayTraffic): GatewayPolicies {
    const name = traffic.gatewayName;
    return {
      objects: envoyGatewayObjects(this, traffic),
      infrastructure: { parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name } },
    };
  }
}
