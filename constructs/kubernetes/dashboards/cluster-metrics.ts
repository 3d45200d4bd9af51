/** Names of kube-state-metrics' metrics: https://github.com/kubernetes/kube-state-metrics/tree/main/docs/metrics */
export const KUBE_STATE_METRICS = {
  hpaCurrent: 'kube_horizontalpodautoscaler_status_current_replicas',
  hpaDesired: 'kube_horizontalpodautoscaler_status_desired_replicas',
  hpaMin: 'kube_horizontalpodautoscaler_spec_min_replicas',
  hpaMax: 'kube_horizontalpodautoscaler_spec_max_replicas',
  hpaInfo: 'kube_horizontalpodautoscaler_info',
  hpaTarget: 'kube_horizontalpodautoscaler_spec_target_metric',
  podInfo: 'kube_pod_info',
  podPhase: 'kube_pod_status_phase',
  podOwner: 'kube_pod_owner',
  replicaSetOwner: 'kube_replicaset_owner',
  jobOwner: 'kube_job_owner',
  containerInfo: 'kube_pod_container_info',
  lastTerminated: 'kube_pod_container_status_last_terminated_reason',
  restarts: 'kube_pod_container_status_restarts_total',
  containerRequests: 'kube_pod_container_resource_requests',
  containerLimits: 'kube_pod_container_resource_limits',
  volumeCapacity: 'kube_persistentvolume_capacity_bytes',
  nodeInfo: 'kube_node_info',
  nodeAllocatable: 'kube_node_status_allocatable',
  nodeCondition: 'kube_node_status_condition',
} as const;

/** Of the kubelet's cAdvisor: https://github.com/google/cadvisor/blob/master/docs/storage/prometheus.md */
export const CADVISOR_METRICS = {
  cpuSeconds: 'container_cpu_usage_seconds_total',
  memory: 'container_memory_working_set_bytes',
  throttledPeriods: 'container_cpu_cfs_throttled_periods_total',
  periods: 'container_cpu_cfs_periods_total',
} as const;

/** Of OpenCost: https://opencost.io/docs/integrations/metrics */
export const OPENCOST_METRICS = {
  /** USD an hour, by node. */
  node: 'node_total_hourly_cost',
  /** USD an hour and core, by node. */
  nodeCpu: 'node_cpu_hourly_cost',
  /** USD an hour and GiB, by node. */
  nodeMemory: 'node_ram_hourly_cost',
  /** USD an hour and GiB, by persistentvolume. */
  volume: 'pv_hourly_cost',
  /** USD an hour, by namespace. */
  loadBalancer: 'kubecost_load_balancer_cost',
  /** USD an hour. */
  management: 'kubecost_cluster_management_cost',
  /** Cores that a container has, by namespace, node, pod. */
  cpuAllocation: 'container_cpu_allocation',
  /** Bytes that a container has, by namespace, node, pod. */
  memoryAllocation: 'container_memory_allocation_bytes',
} as const;
