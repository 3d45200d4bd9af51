import type { CustomResource } from '../custom-resources';
import { containerResources, GATEWAY_SIZES } from '../workload-sizes';
import type { GatewayProps } from './gateway';

const GATEWAY_API = 'gateway.networking.k8s.io/v1';
const ENVOY_GATEWAY_API = 'gateway.envoyproxy.io/v1alpha1';

export const HTTPS_LISTENER = 'https';
/** What is let through: probes and metrics are for the cluster. */
export const PUBLIC_PATHS = ['/v1', '/v2'] as const;

/** Longest body that the API takes, which the model server refuses too. */
const MAX_BODY = '256Ki';
/** How many times the planned peak is let through, before the rest is answered 429. */
const PEAK_MARGIN = 2;
/** Proxies to start with, so that losing one loses nobody. */
const MIN_PROXIES = 2;
const MAX_PROXIES = 10;

/** Everything of a Gateway called `name`, in the namespace of its release. */
export function gatewayObjects(name: string, props: GatewayProps): CustomResource[] {
  return [
    proxies(name, props),
    ...issuer(name, props),
    gateway(name, props),
    redirect(name, props),
    ...route(name, props),
    clientPolicy(name),
    backendPolicy(name, props),
    ...securityPolicy(name, props),
  ];
}

/** The route to the model server is called as its Service, because that is how Flagger calls the one that it makes. */
const toRoute = ({ modelServer }: GatewayProps) => [
  { group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', name: modelServer.serviceName },
];

function proxies(name: string, { loadBalancerAnnotations }: GatewayProps): CustomResource {
  return {
    apiVersion: ENVOY_GATEWAY_API,
    kind: 'EnvoyProxy',
    metadata: { name },
    spec: {
      provider: {
        type: 'Kubernetes',
        kubernetes: {
          envoyDeployment: { container: { resources: containerResources(GATEWAY_SIZES.proxy) } },
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

function issuer(name: string, { certificate }: GatewayProps): CustomResource[] {
  if (!certificate.acme) return [];
  const { email, server } = certificate.acme;
  return [
    {
      apiVersion: 'cert-manager.io/v1',
      kind: 'Issuer',
      metadata: { name },
      spec: {
        acme: {
          email,
          server,
          privateKeySecretRef: { name: `${name}-acme-account` },
          solvers: [{ http01: { gatewayHTTPRoute: { parentRefs: [{ kind: 'Gateway', name }] } } }],
        },
      },
    },
  ];
}

function gateway(name: string, { envoyGateway, hostname, certificate }: GatewayProps): CustomResource {
  const fromHere = { namespaces: { from: 'Same' } };
  return {
    apiVersion: GATEWAY_API,
    kind: 'Gateway',
    metadata: { name, ...(certificate.acme && { annotations: { 'cert-manager.io/issuer': name } }) },
    spec: {
      gatewayClassName: envoyGateway.gatewayClassName,
      infrastructure: { parametersRef: { group: 'gateway.envoyproxy.io', kind: 'EnvoyProxy', name } },
      listeners: [
        { name: 'http', port: 80, protocol: 'HTTP', hostname, allowedRoutes: fromHere },
        {
          name: HTTPS_LISTENER,
          port: 443,
          protocol: 'HTTPS',
          hostname,
          allowedRoutes: fromHere,
          tls: { mode: 'Terminate', certificateRefs: [{ kind: 'Secret', name: certificate.secretName }] },
        },
      ],
    },
  };
}

function redirect(name: string, { hostname }: GatewayProps): CustomResource {
  return {
    apiVersion: GATEWAY_API,
    kind: 'HTTPRoute',
    metadata: { name: `${name}-redirect` },
    spec: {
      parentRefs: [{ name, sectionName: 'http' }],
      hostnames: [hostname],
      rules: [
        { filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', port: 443, statusCode: 301 } }] },
      ],
    },
  };
}

/** Flagger makes its own, which splits the requests. */
function route(name: string, { hostname, modelServer }: GatewayProps): CustomResource[] {
  if (modelServer.rolledOutByFlagger) return [];
  return [
    {
      apiVersion: GATEWAY_API,
      kind: 'HTTPRoute',
      metadata: { name: modelServer.serviceName },
      spec: {
        parentRefs: [{ name, sectionName: HTTPS_LISTENER }],
        hostnames: [hostname],
        rules: [
          {
            matches: PUBLIC_PATHS.map((value) => ({ path: { type: 'PathPrefix', value } })),
            backendRefs: [{ kind: 'Service', name: modelServer.serviceName, port: 80 }],
          },
        ],
      },
    },
  ];
}

function clientPolicy(name: string): CustomResource {
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

function backendPolicy(name: string, props: GatewayProps): CustomResource {
  const { capacity, slo } = props;
  const requests = Math.ceil((PEAK_MARGIN * capacity.peakRequestsPerSecond) / MIN_PROXIES);
  return {
    apiVersion: ENVOY_GATEWAY_API,
    kind: 'BackendTrafficPolicy',
    metadata: { name },
    spec: {
      targetRefs: toRoute(props),
      loadBalancer: { type: 'LeastRequest' },
      requestBuffer: { limit: MAX_BODY },
      // The server gives up by the objective's latency; past ten times that nobody answers any more.
      timeout: { http: { requestTimeout: `${slo.latencyP99Ms * 10}ms` } },
      retry: {
        numRetries: 1,
        retryOn: { triggers: ['connect-failure', 'refused-stream', 'reset-before-request'] },
      },
      // Counted by each proxy for itself.
      rateLimit: { type: 'Local', local: { rules: [{ limit: { requests, unit: 'Second' } }] } },
    },
  };
}

function securityPolicy(name: string, props: GatewayProps): CustomResource[] {
  const { jwt } = props.authentication;
  if (!jwt) return [];
  const { issuer, audiences, jwksUri } = jwt;
  return [
    {
      apiVersion: ENVOY_GATEWAY_API,
      kind: 'SecurityPolicy',
      metadata: { name },
      spec: {
        targetRefs: toRoute(props),
        jwt: { providers: [{ name: 'callers', issuer, audiences, remoteJWKS: { uri: jwksUri } }] },
      },
    },
  ];
}
