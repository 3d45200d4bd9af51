import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { type CustomResource, CustomResources } from '../custom-resources';
import { NetworkPeer } from '../network-peer';
import { podSecurityLabels } from '../pod-security';
import { containerResources, KONG_SIZES } from '../workload-sizes';
import {
  type GatewayPolicies,
  type GatewayTraffic,
  type IGatewayController,
  MAX_BODY_KIB,
  MAX_PROXIES,
  MIN_PROXIES,
  requestsPerProxy,
} from './gateway-controller';

const NAMESPACE = 'kong';
const CLASS = 'kong';
/** The last of Kong's versions with open-source images. */
const KONG_VERSION = '3.9';

export interface KongProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /** What brings the kinds of the Gateway API, which Kong's chart does not. */
  readonly gatewayApi: ITerraformDependable;
  /**
   * Annotations of the load balancer's Service: all Gateways share Kong's one.
   * @default {}
   */
  readonly loadBalancerAnnotations?: Record<string, string>;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/**
 * Kong 3.9 by its chart in the namespace `kong`, without a database, and the GatewayClass `kong`. Its open-source edition
 * reads no issuer's keys: tokens are checked by the model server.
 */
export class Kong extends Construct implements IGatewayController {
  readonly namespace: NamespaceV1;
  readonly release: Release;
  readonly gatewayClass: CustomResources;
  readonly gatewayClassName = CLASS;

  constructor(scope: Construct, id: string, props: KongProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: NAMESPACE, labels: podSecurityLabels('restricted') },
      dependsOn: props.cluster.ready,
    });
    const namespaceName = this.namespace.metadata.name;
    this.release = chartRelease(this, {
      chart: CHARTS.kong,
      name: 'kong',
      namespaceName,
      values: kongValues(props),
      userValues: props.values,
      dependsOn: [props.gatewayApi],
    });
    this.gatewayClass = new CustomResources(this, 'GatewayClass', {
      releaseName: 'kong-class',
      namespaceName,
      objects: [
        {
          apiVersion: 'gateway.networking.k8s.io/v1',
          kind: 'GatewayClass',
          // The proxies are the chart's, not made for each Gateway.
          metadata: { name: CLASS, annotations: { 'konghq.com/gatewayclass-unmanaged': 'true' } },
          spec: { controllerName: 'konghq.com/kic-gateway-controller' },
        },
      ],
      dependsOn: [this.release],
    });
  }

  get ready(): ITerraformDependable[] {
    return [this.gatewayClass.release];
  }

  proxies(): NetworkPeer {
    return NetworkPeer.pods(NAMESPACE, { 'app.kubernetes.io/name': 'gateway', 'app.kubernetes.io/instance': 'kong' });
  }

  policies(traffic: GatewayTraffic): GatewayPolicies {
    this.check(traffic);
    const objects = kongPlugins(traffic);
    return {
      objects,
      route: {
        annotations: { 'konghq.com/plugins': objects.map(({ metadata }) => metadata.name).join(',') },
        timeouts: { backendRequest: `${traffic.slo.latency.requestTimeoutMs}ms` },
      },
    };
  }

  private check({ authentication, routeByFlagger, loadBalancerAnnotations }: GatewayTraffic): void {
    if (authentication.jwt) {
      throw new ConfigError(
        "authentication is jwt, and Kong's open-source edition can't read an issuer's keys; use GatewayAuthentication.none() and let the model server check tokens, or EnvoyGateway.",
        this,
      );
    }
    if (routeByFlagger) {
      throw new ConfigError(
        'the model server is rolled out by Flagger, whose route could not name the plugins that limit requests; use EnvoyGateway, or no Flagger.',
        this,
      );
    }
    if (loadBalancerAnnotations && Object.keys(loadBalancerAnnotations).length > 0) {
      throw new ConfigError(
        "loadBalancerAnnotations are given to the Gateway, and Kong has one load balancer for all; give them to Kong's own loadBalancerAnnotations.",
        this,
      );
    }
  }
}

function kongValues({ loadBalancerAnnotations = {} }: KongProps): object {
  return {
    controller: {
      replicaCount: 2,
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      ingressController: { env: { anonymous_reports: 'false' }, resources: containerResources(KONG_SIZES.controller) },
    },
    gateway: {
      image: { tag: KONG_VERSION },
      env: {
        anonymous_reports: 'off',
        // Mozilla's "intermediate": TLS 1.2 at least.
        ssl_cipher_suite: 'intermediate',
        // A client that takes longer to say what it wants is slow on purpose.
        nginx_http_client_header_timeout: '10s',
        nginx_http_client_body_timeout: '10s',
        nginx_http_keepalive_timeout: '60s',
      },
      resources: containerResources(KONG_SIZES.proxy),
      autoscaling: {
        enabled: true,
        minReplicas: MIN_PROXIES,
        maxReplicas: MAX_PROXIES,
        metrics: [
          { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
        ],
      },
      podDisruptionBudget: { enabled: true, maxUnavailable: 1 },
      // Pages for people, on a port of every node.
      manager: { enabled: false },
      // Keeps the customer's address, and saves a hop between nodes.
      proxy: { annotations: loadBalancerAnnotations, externalTrafficPolicy: 'Local' },
    },
  };
}

/** Its fields are beside the metadata, not in a spec. */
interface KongPlugin extends CustomResource {
  readonly plugin: string;
  readonly config: object;
}

function kongPlugins(traffic: GatewayTraffic): KongPlugin[] {
  const plugin = (name: string, type: string, config: object): KongPlugin => ({
    apiVersion: 'configuration.konghq.com/v1',
    kind: 'KongPlugin',
    metadata: { name: `${traffic.gatewayName}-${name}` },
    plugin: type,
    config,
  });
  return [
    // Counted by each proxy for itself.
    plugin('rate-limit', 'rate-limiting', {
      second: requestsPerProxy(traffic),
      limit_by: 'service',
      policy: 'local',
    }),
    plugin('body-limit', 'request-size-limiting', { allowed_payload_size: MAX_BODY_KIB, size_unit: 'kilobytes' }),
  ];
}
