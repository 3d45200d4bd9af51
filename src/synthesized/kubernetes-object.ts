import type { Fields } from './stack-json';

/** An object as the API server takes it. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** Kinds by the resource types of Terraform's Kubernetes provider. */
const KINDS: Readonly<Record<string, readonly [apiVersion: string, kind: string]>> = {
  kubernetes_cluster_role_binding_v1: ['rbac.authorization.k8s.io/v1', 'ClusterRoleBinding'],
  kubernetes_cluster_role_v1: ['rbac.authorization.k8s.io/v1', 'ClusterRole'],
  kubernetes_config_map_v1: ['v1', 'ConfigMap'],
  kubernetes_cron_job_v1: ['batch/v1', 'CronJob'],
  kubernetes_daemon_set_v1: ['apps/v1', 'DaemonSet'],
  kubernetes_deployment_v1: ['apps/v1', 'Deployment'],
  kubernetes_horizontal_pod_autoscaler_v2: ['autoscaling/v2', 'HorizontalPodAutoscaler'],
  kubernetes_ingress_v1: ['networking.k8s.io/v1', 'Ingress'],
  kubernetes_job_v1: ['batch/v1', 'Job'],
  kubernetes_limit_range_v1: ['v1', 'LimitRange'],
  kubernetes_namespace_v1: ['v1', 'Namespace'],
  kubernetes_network_policy_v1: ['networking.k8s.io/v1', 'NetworkPolicy'],
  kubernetes_persistent_volume_claim_v1: ['v1', 'PersistentVolumeClaim'],
  kubernetes_pod_disruption_budget_v1: ['policy/v1', 'PodDisruptionBudget'],
  kubernetes_pod_v1: ['v1', 'Pod'],
  kubernetes_priority_class_v1: ['scheduling.k8s.io/v1', 'PriorityClass'],
  kubernetes_resource_quota_v1: ['v1', 'ResourceQuota'],
  kubernetes_role_binding_v1: ['rbac.authorization.k8s.io/v1', 'RoleBinding'],
  kubernetes_role_v1: ['rbac.authorization.k8s.io/v1', 'Role'],
  kubernetes_service_account_v1: ['v1', 'ServiceAccount'],
  kubernetes_service_v1: ['v1', 'Service'],
  kubernetes_stateful_set_v1: ['apps/v1', 'StatefulSet'],
  kubernetes_storage_class_v1: ['storage.k8s.io/v1', 'StorageClass'],
};

/** Blocks that may come more than once, which Terraform names by one of them, by the API's name of the list. */
const LISTS: Readonly<Record<string, string>> = {
  container: 'containers',
  egress: 'egress',
  env: 'env',
  env_from: 'envFrom',
  from: 'from',
  host_aliases: 'hostAliases',
  image_pull_secrets: 'imagePullSecrets',
  ingress: 'ingress',
  init_container: 'initContainers',
  items: 'items',
  limit: 'limits',
  match_expressions: 'matchExpressions',
  metric: 'metrics',
  path: 'paths',
  policy: 'policies',
  port: 'ports',
  ports: 'ports',
  readiness_gate: 'readinessGates',
  rule: 'rules',
  sources: 'sources',
  subject: 'subjects',
  tls: 'tls',
  to: 'to',
  toleration: 'tolerations',
  topology_spread_constraint: 'topologySpreadConstraints',
  volume: 'volumes',
  volume_claim_template: 'volumeClaimTemplates',
  volume_mount: 'volumeMounts',
};

/** Blocks that come once at most, and that the provider has as lists all the same. */
const SINGLES = new Set(['label_selector', 'projected', 'scale_down', 'scale_up', 'secret', 'config_map', 'selector']);

/** Maps whose keys are the user's. */
const MAPS = new Set(
  'annotations binary_data data hard labels limits match_labels node_selector parameters requests'.split(' '),
);

/** Names that aren't the API's in another case. */
const RENAMED: Readonly<Record<string, string>> = {
  'CronJob.timezone': 'timeZone',
  'StorageClass.storage_provisioner': 'provisioner',
  cluster_ip: 'clusterIP',
  external_ips: 'externalIPs',
  host_ipc: 'hostIPC',
  host_pid: 'hostPID',
  load_balancer_ip: 'loadBalancerIP',
};

/** Numbers that Terraform has as text, because they may be percentages or names too, or may be left out. */
const NUMBERS = new Set(
  'fs_group max_surge max_unavailable min_available port replicas run_as_group run_as_user target_port'.split(' '),
);

/** Arguments that are for the provider or for Terraform. */
const NOT_OF_THE_OBJECT = /^(\/\/|depends_on|lifecycle|provider|count|for_each|timeouts|wait_for_.*)$/;

/** Fields that are read first, in this order; the others follow by name. */
const FIRST = ['apiVersion', 'kind', 'metadata', 'name', 'namespace'];

/** Whether a resource type of Terraform's Kubernetes provider is one of those that {@link kubernetesObject} reads. */
export const hasKind = (type: string) => Object.hasOwn(KINDS, type);

/**
 * The object that a resource of Terraform's Kubernetes provider stands for. What Terraform ignores after the first
 * apply is left out: a controller owns it, such as an autoscaler the replicas.
 *
 * @param resource its arguments, references resolved
 * @throws Error naming a resource type or a block that isn't known here
 */
export function kubernetesObject(type: string, resource: Fields): KubernetesObject {
  const [apiVersion, kind] = KINDS[type] ?? [];
  if (!apiVersion || !kind) throw new Error(`${type} has no kind in src/synthesized/kubernetes-object.ts; add it`);
  const own = Object.entries(resource).filter(([key]) => !NOT_OF_THE_OBJECT.test(key));
  const { metadata, ...rest } = convert(Object.fromEntries(own), kind) as { metadata: Fields };
  const object = { apiVersion, kind, metadata: withoutEmpty(metadata), ...rest };
  for (const path of ignoredPaths(resource)) remove(object, path);
  return object as KubernetesObject;
}

function convert(fields: Fields, kind: string): Fields {
  const converted = Object.entries(fields)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([key, value]): [string, unknown] => {
      const name = RENAMED[`${kind}.${key}`] ?? RENAMED[key] ?? camelCase(key);
      if (MAPS.has(key) || (kind === 'Service' && key === 'selector')) return [name, value];
      if (!isObject(value) && !isListOfObjects(value)) return [name, NUMBERS.has(key) ? asNumber(value) : value];
      const list = Array.isArray(value) ? value : [value];
      if (key in LISTS) return [LISTS[key] as string, list.map((one) => convert(one as Fields, kind))];
      if (Array.isArray(value) && !SINGLES.has(key)) {
        throw new Error(`${kind} has ${key}, which src/synthesized/kubernetes-object.ts lacks; add it to its lists`);
      }
      return [name, convert(list[0] as Fields, kind)];
    });
  return Object.fromEntries(converted.sort(byReading));
}

function byReading([a]: [string, unknown], [b]: [string, unknown]): number {
  const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function withoutEmpty(metadata: Fields): Fields {
  return Object.fromEntries(
    Object.entries(metadata).filter(([, value]) => !isObject(value) || Object.keys(value).length > 0),
  );
}

/** `spec[0].replicas` of `lifecycle.ignore_changes`, as the API's names. */
function ignoredPaths({ lifecycle }: Fields): string[][] {
  const paths = (lifecycle as { ignore_changes?: unknown } | undefined)?.ignore_changes;
  return Array.isArray(paths) ? paths.map((path: string) => path.replace(/\[0\]/g, '').split('.').map(camelCase)) : [];
}

function remove(object: Record<string, unknown>, [name = '', ...rest]: readonly string[]): void {
  if (rest.length === 0) delete object[name];
  else if (isObject(object[name])) remove(object[name] as Record<string, unknown>, rest);
}

const camelCase = (name: string) => name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isListOfObjects = (value: unknown) => Array.isArray(value) && value.length > 0 && value.every(isObject);
const asNumber = (value: unknown) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value);
