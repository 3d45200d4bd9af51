import type { Construct } from 'constructs';
import type { IWorkloadIdentity } from '../contracts';
import { Connections, type ConnectionsProps } from './connections';
import { NetworkPeer } from './network-peer';

interface CloudConnectionsProps extends ConnectionsProps {
  readonly identity: IWorkloadIdentity;
  /** What it talks to its cloud for. */
  readonly reason: string;
}

/** The connections of a workload that acts by a cloud identity: to the cloud, and to where its credentials come from. */
export function cloudConnections(scope: Construct, props: CloudConnectionsProps): Connections {
  const { identity, reason, ...workload } = props;
  const connections = new Connections(scope, 'Connections', workload);
  // Stores and token services have public addresses that change.
  connections.allowTo(NetworkPeer.anywhere(), [{ port: 443 }], reason);
  for (const { cidr, port } of identity.credentialSources) {
    connections.allowTo(NetworkPeer.addresses(cidr), [{ port }], 'It gets the credentials of its identity');
  }
  return connections;
}
