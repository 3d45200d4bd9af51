import type { Connections } from '../connections';
import type { CustomResource } from '../custom-resources';
import type { NetworkPort } from '../network-peer';

const API = 'security.istio.io/v1';

export interface IstioObjectsProps {
  readonly name: string;
  readonly connections: Pick<Connections, 'podLabels' | 'callers'>;
  /** Numbers of the ports that the connections call by name. */
  readonly portNumbers: Readonly<Record<string, number>>;
}

/**
 * What a workload takes: requests with the certificate of a pod, from the namespaces that its connections name, at the
 * ports that they name. Without any it takes none.
 */
export function istioObjects({ name, connections, portNumbers }: IstioObjectsProps): CustomResource[] {
  const selector = { matchLabels: connections.podLabels };
  const number = ({ port }: NetworkPort) => `${portNumbers[port] ?? port}`;
  const rules = connections.callers.map(({ namespaceName, ports }) => ({
    from: [{ source: { namespaces: [namespaceName] } }],
    to: [{ operation: { ports: ports.map(number) } }],
  }));
  return [
    {
      apiVersion: API,
      kind: 'PeerAuthentication',
      metadata: { name },
      spec: { selector, mtls: { mode: 'STRICT' } },
    },
    {
      apiVersion: API,
      kind: 'AuthorizationPolicy',
      metadata: { name },
      spec: { selector, action: 'ALLOW', ...(rules.length > 0 && { rules }) },
    },
  ];
}
