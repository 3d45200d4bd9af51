import type { KubernetesClusterConfig } from '@cdktf/provider-azurerm/lib/kubernetes-cluster';
import type { EndpointAccess } from '../contracts';
import { DNS_SERVICE_IP, POD_CIDR, SERVICE_CIDR } from './address-ranges';

/**
 * Pods in an overlay, so that they use up no addresses of the VNet; Cilium enforces network policies.
 *
 * @param loadBalancerEgressIpId address that the load balancer sends traffic from; without it a NAT gateway does
 */
export function networkProfile(loadBalancerEgressIpId: string | undefined): KubernetesClusterConfig['networkProfile'] {
  return {
    networkPlugin: 'azure',
    networkPluginMode: 'overlay',
    networkDataPlane: 'cilium',
    networkPolicy: 'cilium',
    loadBalancerSku: 'standard',
    ...(loadBalancerEgressIpId === undefined
      ? { outboundType: 'userAssignedNATGateway' }
      : {
          outboundType: 'loadBalancer',
          loadBalancerProfile: { outboundIpAddressIds: [loadBalancerEgressIpId] },
        }),
    podCidr: POD_CIDR,
    serviceCidr: SERVICE_CIDR,
    dnsServiceIp: DNS_SERVICE_IP,
  };
}

/** Patches and node images come by themselves, on different nights, in four hours (AKS's least) from 02:00 UTC. */
export const UPKEEP = {
  automaticUpgradeChannel: 'patch',
  maintenanceWindowAutoUpgrade: weekly('Sunday'),
  nodeOsUpgradeChannel: 'NodeImage',
  maintenanceWindowNodeOs: weekly('Saturday'),
  imageCleanerEnabled: true,
  imageCleanerIntervalHours: 48,
} as const satisfies Partial<KubernetesClusterConfig>;

function weekly(dayOfWeek: 'Saturday' | 'Sunday') {
  return { frequency: 'Weekly', interval: 1, dayOfWeek, startTime: '02:00', utcOffset: '+00:00', duration: 4 };
}

/** Nodes reach a public API server from the internet too, so their own address is among those allowed. */
export function apiServer(endpointAccess: EndpointAccess, egressIpAddress: string): Partial<KubernetesClusterConfig> {
  // `az aks command invoke` goes around the network's rules.
  const runCommandEnabled = false;
  if (endpointAccess.isPublic) {
    const authorizedIpRanges = [...endpointAccess.publicCidrs, `${egressIpAddress}/32`];
    return { runCommandEnabled, privateClusterEnabled: false, apiServerAccessProfile: { authorizedIpRanges } };
  }
  return {
    runCommandEnabled,
    privateClusterEnabled: true,
    privateClusterPublicFqdnEnabled: false,
    privateDnsZoneId: 'System',
  };
}
