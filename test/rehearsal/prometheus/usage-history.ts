type Labels = Readonly<Record<string, string>>;
/** Value at so many seconds since the history began, or none. */
type Worth = (seconds: number) => number | undefined;
interface Series {
  readonly metric: string;
  readonly labels: Labels;
  readonly worth: Worth;
}

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;
const MIB = 2 ** 20;
/** It goes on a little, so that a slow test asks for a time that it has. */
const AHEAD = 1800;

export const DAYS = 2;
const NOW = DAYS * DAY;
const always = (_seconds: number): boolean => true;

interface Container {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly owner: readonly [kind: string, name: string];
  readonly requests?: { readonly cores: number; readonly mib: number };
  readonly cores: number;
  readonly mib: Worth;
  readonly when?: (seconds: number) => boolean;
}

/** What kube-state-metrics and the kubelet tell of a container while its pod is there. */
function container({ namespace, pod, container, owner, requests, cores, mib, when = always }: Container): Series[] {
  const labels = { namespace, pod, container };
  const [owner_kind, owner_name] = owner;
  const there =
    (worth: Worth): Worth =>
    (seconds) =>
      when(seconds) ? worth(seconds) : undefined;
  const one = there(() => 1);
  return [
    { metric: 'kube_pod_container_info', labels, worth: one },
    { metric: 'kube_pod_owner', labels: { namespace, pod, owner_kind, owner_name }, worth: one },
    { metric: 'kube_pod_status_phase', labels: { namespace, pod, phase: 'Running' }, worth: one },
    ...(requests
      ? [
          {
            metric: 'kube_pod_container_resource_requests',
            labels: { ...labels, resource: 'cpu' },
            worth: there(() => requests.cores),
          },
          {
            metric: 'kube_pod_container_resource_requests',
            labels: { ...labels, resource: 'memory' },
            worth: there(() => requests.mib * MIB),
          },
        ]
      : []),
    // With the sums of the pod that aren't a container's, and much larger.
    ...[labels, { namespace, pod, container: '' }, { namespace, pod, container: 'POD' }].flatMap((of) => [
      {
        metric: 'container_cpu_usage_seconds_total',
        labels: { ...of, cpu: 'total' },
        worth: there((seconds) => seconds * (of === labels ? cores : 9)),
      },
      {
        metric: 'container_memory_working_set_bytes',
        labels: of,
        worth: there((seconds) => {
          const used = mib(seconds);
          return used === undefined ? undefined : (of === labels ? used : 9999) * MIB;
        }),
      },
    ]),
  ];
}

const replicaSet = (namespace: string, replicaset: string, deployment: string, when = always): Series => ({
  metric: 'kube_replicaset_owner',
  labels: { namespace, replicaset, owner_kind: 'Deployment', owner_name: deployment },
  worth: (seconds) => (when(seconds) ? 1 : undefined),
});

/** Three fifths of the time. */
const before = (seconds: number) => seconds < 0.6 * NOW;
const after = (seconds: number) => seconds >= 0.6 * NOW;
const SERVER = {
  namespace: 'recommender',
  container: 'model-server',
  owner: ['ReplicaSet', 'model-server-6d'],
} as const;
const GRAFANA = { namespace: 'monitoring', container: 'grafana', requests: { cores: 0.05, mib: 256 } } as const;
const HPA = { namespace: 'recommender', horizontalpodautoscaler: 'model-server' };
const CHECKOUT = { namespace: 'shop', pod: 'checkout-0', container: 'checkout' };

const SERIES: readonly Series[] = [
  // Two replicas that an autoscaler keeps at a share of their CPU.
  ...['model-server-6d-a', 'model-server-6d-b'].flatMap((pod) =>
    container({ ...SERVER, pod, requests: { cores: 0.5, mib: 768 }, cores: 0.08, mib: () => 300 }),
  ),
  replicaSet('recommender', 'model-server-6d', 'model-server'),
  {
    metric: 'kube_horizontalpodautoscaler_info',
    labels: { ...HPA, scaletargetref_kind: 'Deployment', scaletargetref_name: 'model-server' },
    worth: () => 1,
  },
  {
    metric: 'kube_horizontalpodautoscaler_spec_target_metric',
    labels: { ...HPA, metric_name: 'cpu', metric_target_type: 'utilization' },
    worth: () => 60,
  },
  // A pod that is gone with its ReplicaSet, and the one after it.
  ...container({
    ...GRAFANA,
    pod: 'grafana-6f-a',
    owner: ['ReplicaSet', 'grafana-6f'],
    cores: 0.01,
    mib: () => 120,
    when: before,
  }),
  ...container({
    ...GRAFANA,
    pod: 'grafana-7c-b',
    owner: ['ReplicaSet', 'grafana-7c'],
    cores: 0.03,
    mib: () => 100,
    when: after,
  }),
  replicaSet('monitoring', 'grafana-6f', 'grafana', before),
  replicaSet('monitoring', 'grafana-7c', 'grafana', after),
  // On every node; half of what is told of its memory is no number.
  ...['fluent-bit-a', 'fluent-bit-b'].flatMap((pod) =>
    container({
      ...{ namespace: 'logging', container: 'fluent-bit', pod, owner: ['DaemonSet', 'fluent-bit'] },
      ...{ requests: { cores: 0.025, mib: 128 }, cores: 0.04 },
      mib: (seconds) => (Math.floor(seconds / HOUR) % 2 ? Number.NaN : 50),
    }),
  ),
  // Begun five hours ago.
  ...container({
    ...{ namespace: 'monitoring', pod: 'prometheus-0', container: 'prometheus', owner: ['StatefulSet', 'prometheus'] },
    ...{
      requests: { cores: 0.2, mib: 1024 },
      cores: 0.01,
      mib: () => 100,
      when: (seconds) => seconds >= NOW - 5 * HOUR,
    },
  }),
  // Nobody said what it needs.
  ...container({
    ...{
      namespace: 'shop',
      pod: 'cart-0',
      container: 'cart',
      owner: ['StatefulSet', 'cart'],
      cores: 0.1,
      mib: () => 200,
    },
  }),
  // Killed for its memory, and stopped by its limit in 3 of 10 periods.
  ...container({
    ...CHECKOUT,
    owner: ['StatefulSet', 'checkout'],
    requests: { cores: 0.1, mib: 128 },
    cores: 0.09,
    mib: () => 127,
  }),
  {
    metric: 'kube_pod_container_status_last_terminated_reason',
    labels: { ...CHECKOUT, reason: 'OOMKilled' },
    worth: (seconds) => (after(seconds) ? 1 : undefined),
  },
  { metric: 'container_cpu_cfs_periods_total', labels: CHECKOUT, worth: (seconds) => seconds * 10 },
  { metric: 'container_cpu_cfs_throttled_periods_total', labels: CHECKOUT, worth: (seconds) => seconds * 3 },
  // Two nodes.
  ...['node-a', 'node-b'].flatMap((node): Series[] => [
    { metric: 'kube_node_info', labels: { node, provider_id: `aws:///us-east-1a/i-${node}` }, worth: () => 1 },
    { metric: 'kube_node_status_allocatable', labels: { node, resource: 'cpu' }, worth: () => 2 },
    { metric: 'kube_node_status_allocatable', labels: { node, resource: 'memory' }, worth: () => 8192 * MIB },
  ]),
];

/** Two days of a cluster until now, a sample each minute, as OpenMetrics. */
export function usageHistory(now: number): string {
  const start = Math.floor(now) - NOW;
  const metrics = [...new Set(SERIES.map(({ metric }) => metric))];
  const lines = metrics.flatMap((metric) =>
    SERIES.filter((one) => one.metric === metric).flatMap(({ labels, worth }) =>
      linesOf(`${metric}{${pairs(labels)}}`, worth, start),
    ),
  );
  return `${lines.join('\n')}\n# EOF\n`;
}

function linesOf(series: string, worth: Worth, start: number): string[] {
  const lines: string[] = [];
  for (let seconds = 0; seconds <= NOW + AHEAD; seconds += MINUTE) {
    const value = worth(seconds);
    if (value !== undefined) lines.push(`${series} ${value} ${start + seconds}`);
  }
  return lines;
}

const pairs = (labels: Labels) =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',');
