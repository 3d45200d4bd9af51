import type { CustomResource } from '../custom-resources';
import type { GatewayProps } from './gateway';
import type { GatewayPolicies } from './gateway-controller';

const GATEWAY_API = 'gateway.networking.k8s.io/v1';

export const HTTPS_LISTENER = 'https';
/** What is let through: probes and metrics are for the cluster. */
export const PUBLIC_PATHS = ['/v1', '/v2'] as const;

/** Everything of a Gateway called `name`, in the namespace of its release; `policies` are its controller's. */
export function gatewayObjects(name: string, props: GatewayProps, policies: GatewayPolicies): CustomResource[] {
  return [
    ...issuer(name, props),
    gateway(name, props, policies),
    redirect(name, props),
    ...route(name, props, policies),
    ...policies.objects,
  ];
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

function gateway(name: string, props: GatewayProps, { infrastructure }: GatewayPolicies): CustomResource {
  const { controller, hostname, certificate } = props;
  const fromHere = { namespaces: { from: 'Same' } };
  return {
    apiVersion: GATEWAY_API,
    kind: 'Gateway',
    metadata: { name, ...(certificate.acme && { annotations: { 'cert-manager.io/issuer': name } }) },
    spec: {
      gatewayClassName: controller.gatewayClassName,
      ...(infrastructure && { infrastructure }),
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
function route(name: string, { hostname, modelServer }: GatewayProps, policies: GatewayPolicies): CustomResource[] {
  if (modelServer.rolledOutByFlagger) return [];
  return [
    {
      apiVersion: GATEWAY_API,
      kind: 'HTTPRoute',
      metadata: {
        name: modelServer.serviceName,
        ...(policies.route && { annotations: policies.route.annotations }),
      },
      spec: {
        parentRefs: [{ name, sectionName: HTTPS_LISTENER }],
        hostnames: [hostname],
        rules: [
          {
            matches: PUBLIC_PATHS.map((value) => ({ path: { type: 'PathPrefix', value } })),
            backendRefs: [{ kind: 'Service', name: modelServer.serviceName, port: 80 }],
            ...(policies.route && { timeouts: policies.route.timeouts }),
          },
        ],
      },
    },
  ];
}
