/** Names of what `/metrics` exposes. Rules, dashboards and tests use these constants, so a rename is one edit. */
export const METRICS = {
  /** Counter by route, method, status. */
  requests: 'recommender_http_requests_total',
  /** Histogram of seconds by route, method, status. */
  requestDuration: 'recommender_http_request_duration_seconds',
  /** Gauge. */
  requestsInFlight: 'recommender_http_requests_in_flight',
  /** Counter by rung, model_version: answers with recommendations. */
  recommendations: 'recommender_recommendations_total',
  /** Counter by reason: answers from a lower rung than the request asked for. */
  fallbacks: 'recommender_fallbacks_total',
  /** Histogram: requests that shared a model run. */
  batchSize: 'recommender_model_batch_size',
  /** Gauge: requests that wait for a model run. */
  queueDepth: 'recommender_model_queue_depth',
  /** Histogram of seconds: from a request's joining the queue to the beginning of its model run. */
  queueDuration: 'recommender_model_queue_duration_seconds',
  /** Histogram of seconds: one model run. */
  runDuration: 'recommender_model_run_duration_seconds',
  /** Gauge, 1, by model, model_version, algorithm: the version that answers. */
  modelInfo: 'recommender_model_info',
  /** Gauge: 1 while it is the version that is to answer, pinned or the channel's; 0 while another one does, or none. */
  modelWanted: 'recommender_model_wanted',
  /** Gauge, seconds since the epoch: when that version began to answer. */
  modelSince: 'recommender_model_since_timestamp_seconds',
  /** Counter by result (`loaded`, `refused`, or `failed`: a loaded one's thread ended by itself). */
  modelLoads: 'recommender_model_loads_total',
  /** Gauge of seconds: the 99th percentile of the runs by which the version that answers was warmed. */
  modelWarmUp: 'recommender_model_warm_up_p99_seconds',
  /** Counter by result (`hit`, `miss`, `corrupt`): versions looked up in the cache on this machine's disk. */
  modelCacheLookups: 'recommender_model_cache_lookups_total',
  /** Gauge of seconds: how long the model run under way has taken so far. */
  runningSeconds: 'recommender_model_running_seconds',
  /** Counter by model, result (`ok` or a kind of problem): inference for a model by its name. */
  inferenceRequests: 'recommender_inference_requests_total',
  /** Histogram of seconds by model: what its run took. */
  inferenceDuration: 'recommender_inference_duration_seconds',
  /** Gauge by model: 1 while it is available. */
  inferenceAvailable: 'recommender_inference_model_available',
  /** Counter by method, code: gRPC calls answered. */
  grpcCalls: 'recommender_grpc_calls_total',
  /** Histogram of seconds by method. */
  grpcCallDuration: 'recommender_grpc_call_duration_seconds',
  /** Gauge, 0 to 1: share of the time since the last scrape that the event loop was busy. */
  eventLoopUtilization: 'recommender_event_loop_utilization_ratio',
  /** Counter by result (`exported`, `failed`, `dropped`): spans of the traces that were kept. */
  traceSpans: 'recommender_trace_spans_total',
  /** Counter: log lines dropped because what reads them is too slow. */
  logLinesDropped: 'recommender_log_lines_dropped_total',
  /** Gauge by use (`users`, `results`, …): 1 while Redis is not asked, because it did not answer. */
  redisCircuitOpen: 'recommender_redis_circuit_open',
  /** Counter by result (`accepted`, `duplicate`): events received. */
  events: 'recommender_events_total',
  /** Counter by result (`hit`, `miss`, `shared`: another request's run): answers looked up in the result cache. */
  resultCacheLookups: 'recommender_result_cache_lookups_total',
  /** Gauge: answers in this process's result cache. */
  resultCacheEntries: 'recommender_result_cache_entries',
  /** Gauge: bytes that they take, about. */
  resultCacheBytes: 'recommender_result_cache_bytes',
  /** Counter: answers dropped from it to stay within its bounds, before their time was over. */
  resultCacheEvictions: 'recommender_result_cache_evictions_total',
  /** Gauge: 1 while the server is ready to answer. */
  ready: 'recommender_ready',
} as const;

export const LABELS = {
  route: 'route',
  method: 'method',
  status: 'status',
  rung: 'rung',
  reason: 'reason',
  result: 'result',
  model: 'model',
  modelVersion: 'model_version',
  algorithm: 'algorithm',
  code: 'code',
  use: 'use',
} as const;

/** Seconds. 0.1 is the latency objective, so that the share below it is read off without interpolation. */
export const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5] as const;

export const BATCH_BUCKETS = [1, 2, 4, 8, 16, 32, 64, 128] as const;
