/** Pods' addresses in the overlay, outside the VNet. AKS's own default, stated so that the network can allow it. */
export const POD_CIDR = '10.244.0.0/16';

/** Addresses of Kubernetes Services, known inside the cluster only. AKS's own default. */
export const SERVICE_CIDR = '10.0.0.0/16';

/** The cluster's DNS server; AKS asks for one inside {@link SERVICE_CIDR}. */
export const DNS_SERVICE_IP = '10.0.0.10';

/** Whether two IPv4 ranges share an address. */
export function overlap(a: string, b: string): boolean {
  const [first, second] = [bounds(a), bounds(b)];
  return first.start < second.end && second.start < first.end;
}

function bounds(cidr: string): { start: number; end: number } {
  const [address = '', prefix = ''] = cidr.split('/');
  const size = 2 ** (32 - Number(prefix));
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  const start = value - (value % size);
  return { start, end: start + size };
}
