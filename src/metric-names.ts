/**
 * Names of the model server's metrics that rules, dashboards and alarms query. The server has its own list, because it
 * imports nothing of Terraform's side; a test holds the two against each other.
 */
export const SERVER_METRICS = {
  /** Counter by route, method, status. */
  requests: 'recommender_http_requests_total',
  /** Histogram of seconds by route, method, status. */
  requestDuration: 'recommender_http_request_duration_seconds',
  /** Gauge. */
  requestsInFlight: 'recommender_http_requests_in_flight',
  /** Counter by rung, model_version. */
  recommendations: 'recommender_recommendations_total',
  /** Counter by reason. */
  fallbacks: 'recommender_fallbacks_total',
  /** Histogram: requests that shared a model run. */
  batchSize: 'recommender_model_batch_size',
  /** Gauge: requests that wait for a model run. */
  queueDepth: 'recommender_model_queue_depth',
  /** Histogram of seconds. */
  queueDuration: 'recommender_model_queue_duration_seconds',
  /** Histogram of seconds. */
  runDuration: 'recommender_model_run_duration_seconds',
  /** Gauge, 1, by model, model_version, algorithm: the version that answers. */
  modelInfo: 'recommender_model_info',
  /** Gauge: 1 while it is the version that is to answer, pinned or the channel's. */
  modelWanted: 'recommender_model_wanted',
  /** Gauge, seconds since the epoch. */
  modelSince: 'recommender_model_since_timestamp_seconds',
  /** Counter by result. */
  modelLoads: 'recommender_model_loads_total',
  /** Gauge of seconds. */
  modelWarmUp: 'recommender_model_warm_up_p99_seconds',
  /** Counter by result. */
  modelCacheLookups: 'recommender_model_cache_lookups_total',
  /** Gauge, 0 to 1. */
  eventLoopUtilization: 'recommender_event_loop_utilization_ratio',
  /** Counter by result. */
  traceSpans: 'recommender_trace_spans_total',
  /** Counter. */
  logLinesDropped: 'recommender_log_lines_dropped_total',
  /** Counter by result. */
  events: 'recommender_events_total',
  /** Counter by result. */
  resultCacheLookups: 'recommender_result_cache_lookups_total',
  /** Gauge, 1 while ready. */
  ready: 'recommender_ready',
} as const;

/** Digits of a model version that the label `model_version` has. */
export const VERSION_LABEL_DIGITS = 12;

export const SERVER_LABELS = {
  route: 'route',
  status: 'status',
  rung: 'rung',
  reason: 'reason',
  result: 'result',
  model: 'model',
  modelVersion: 'model_version',
  algorithm: 'algorithm',
} as const;
