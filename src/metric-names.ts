/**
 * Names of the model server's metrics that rules, dashboards and alarms query. The server has its own list, because it
 * imports nothing of Terraform's side; a test holds the two against each other.
 */
export const SERVER_METRICS = {
  /** Counter by route, method, status. */
  requests: 'recommender_http_requests_total',
  /** Histogram of seconds by route, method, status. */
  requestDuration: 'recommender_http_request_duration_seconds',
  /** Counter by rung, model_version. */
  recommendations: 'recommender_recommendations_total',
  /** Counter by reason. */
  fallbacks: 'recommender_fallbacks_total',
  /** Counter by result. */
  modelLoads: 'recommender_model_loads_total',
  /** Gauge, 1 while ready. */
  ready: 'recommender_ready',
} as const;

export const SERVER_LABELS = { route: 'route', status: 'status', reason: 'reason', result: 'result' } as const;
