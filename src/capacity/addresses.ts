/** The first four and the last, on AWS as on Azure. Sources: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html, https://learn.microsoft.com/azure/virtual-network/virtual-networks-faq */
const KEPT_BY_THE_CLOUD = 5;

/** Addresses of a subnet that are to be had; undefined when it is no IPv4 range. */
export function usableAddresses(cidr: unknown): number | undefined {
  const bits = Number(/^\d+\.\d+\.\d+\.\d+\/(\d+)$/.exec(String(cidr))?.[1]);
  return bits <= 32 ? Math.max(0, 2 ** (32 - bits) - KEPT_BY_THE_CLOUD) : undefined;
}

/** Nodes that a range of pods' addresses is enough for: an overlay gives each a /24. Source: https://learn.microsoft.com/azure/aks/azure-cni-overlay */
export function overlayNodes(podCidr: unknown): number | undefined {
  const bits = Number(/\/(\d+)$/.exec(String(podCidr))?.[1]);
  return bits <= 24 ? 2 ** (24 - bits) : undefined;
}
