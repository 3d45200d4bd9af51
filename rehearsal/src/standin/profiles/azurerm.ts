import type { MadeUp, Profile } from '../profile';

const SUBSCRIPTION = '/subscriptions/00000000-0000-4000-8000-000000000001';

function id({ type, value, path, hash }: MadeUp): string {
  const text = (name: string, otherwise: string) =>
    typeof value[name] === 'string' ? (value[name] as string) : otherwise;
  if (type === 'azurerm_resource_group') return `${SUBSCRIPTION}/resourceGroups/${text('name', hash.slice(0, 8))}`;
  const group = `${SUBSCRIPTION}/resourceGroups/${text('resource_group_name', 'standin')}`;
  const nested = path.join('/') === 'id' ? '' : `/${path.join('/')}`;
  return `${group}/providers/Standin.${type}/${text('name', hash.slice(0, 12))}${nested}`;
}

export const azurerm: Profile = {
  sensitive: [
    /^azurerm_kubernetes_cluster\.kube_(admin_)?config(_raw)?$/,
    /^azurerm_\w+\.(primary|secondary)_(access_key|connection_string|blob_connection_string)$/,
    /(password|client_secret|_token)$/,
  ],
  forcesReplacement: [{ type: /^azurerm_/, paths: [['name'], ['location'], ['resource_group_name'], ['dns_prefix']] }],
  id,
};
