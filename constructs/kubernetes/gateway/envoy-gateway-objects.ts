import type { Construct } from 'constructs';
import { resourcesOf } from '../container-sizes';
import type { CustomResource } from '../custom-resources';
import { containerResources, GATEWAY_SIZES } from '../workload-sizes';
import { type GatewayTraffic, MAX_BODY_KIB, MAX_PROXIES, MIN_PROXIES, requestsPerProxy } from './gateway-controller';

const ENVOY_GATEWAY_API = 'gateway.envoyproxy.io/v1alpha1';

/** What Envoy Gateway has of its own for a Gateway. */
export function envoyGatewayObjects(scope: Construct, traffic: GatewayTraffic): CustomResource[] {
  return [proxies(scope, traffic), clientPolicy(traffic), backendPolicy(traffic), ...securityPolicy(traffic)];
}

/** The route to the model server is called as its Service, because that is how Flagger calls the one that it makes. */
const toRoute = ({ routeName: name }: GatewayTraffic) => [
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name },
];

/** A part of the Deployment: the container beside each proxy has no setting of its own. */
const SHUTDOWN_MANAGER_SIZED = {
  spec: {
    template: {
      spec: {
        containers: [{ name: 'shutdown-manager', resources: containerResources(GATEWAY_SIZES.shutdownManager) }],
      },
    },
  },
};

function proxies(scope: Construct, { gatewayName: name, loadBalancerAnnotations }: GatewayTraffic): CustomResource {
  return {
    apiVersion: ENVOY_GATEWAY_API,
    kind: 'EnvoyProxy',
    metadata: { name },
    spec: {
      provider: {
        type: 'Kubernetes',
        kubernetes: {
          envoyDeployment: {
            container: { resources: resourcesOf(scope, 'envoyProxy') },
            patch: { type: 'StrategicMerge', value: SHUTDOWN_MANAGER_SIZED },
          },
          envoyHpa: {
            minReplicas: MIN_PROXIES,
            maxReplicas: MAX_PROXIES,
            metrics: [
              { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
            ],
          },
          envoyPDB: { minAvailable: 1 },
          envoyService: {
            type: 'LoadBalancer',
            // Keeps the customer's address, and saves a hop between nodes.
            externalTrafficPolicy: 'Local',
            ...(loadBalancerAnnotations && { annotations: loadBalancerAnnotations }),
          },
        },
      },
    },
  };
}

function clientPolicy({ gatewayName: name }: GatewayTraffic): CustomResource {
  return {
    apiVersion: ENVOY_GATEWAY_API,
    kind: 'ClientTrafficPolicy',
    metadata: { name },
    spec: {
      targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name }],
      tls: { minVersion: '1.2' },
      // A client that takes longer to say what it wants is slow on purpose.
      timeout: { http: { requestReceivedTimeout: '10s', idleTimeout: '60s' } },
    },
  };
}

function backendPolicy(traffic: GatewayTraffic): CustomResource {
  return {
    apiVersion: ENVOY_GATEWAY_API,
    kind: 'BackendTrafficPolicy',
    metadata: { name: traffic.gatewayName },
    spec: {
      targetRefs: toRoute(traffic),
      loadBalancer: { type: 'LeastRequest' },
      requestBuffer: { limit: `${MAX_BODY_KIB}Ki` },
      timeout: { http: { requestTimeout: `${traffic.slo.latency.requestTimeoutMs}ms` } },
      retry: {
        numRetries: 1,
        retryOn: { triggers: ['connect-failure', 'refused-stream', 'reset-before-request'] },
      },
      // Counted by each proxy for itself.
      rateLimit: {
        type: 'Local',
        local: { rules: [{ limit: { requests: requestsPerProxy(traffic), unit: 'Second' } }] },
      },
    },
  };
}

function securityPolicy(traffic: GatewayTraffic): CustomResource[] {
  const { jwt } = traffic.authentication;
  if (!jwt) return [];
  const { issuer, audiences, jwksUri } = jwt;
  return [
    {
      apiVersion: ENVOY_GATEWAY_API,
      kind: 'SecurityPolicy',
      metadata: { name: traffic.gatewayName },
      spec: {
        targetRefs: toRoute(traffic),
        jwt: { providers: [{ name: 'callers', issuer, audiences, remoteJWKS: { uri: jwksUri } }] },
      },
    },
  ];
}
