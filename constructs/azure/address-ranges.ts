/** Pods' addresses in the overlay, outside the VNet. AKS's own default, stated so that the network can allow it. */
export const POD_CIDR = '10.244.0.0/16';

/** Addresses of Kubernetes Services, known inside the cluster only. AKS's own default. */
export const SERVICE_CIDR = '10.0.0.0/16';

/** The cluster's DNS server; AKS asks for one inside {@link SERVICE_CIDR}. */
export const DNS_SERVICE_IP = '10.0.0.10';
