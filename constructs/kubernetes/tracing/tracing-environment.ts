import type { ServiceLevelObjective } from '../../../src';

export const OTLP_PORT = 4318;
export const TRACE_COLLECTOR_NAME = 'trace-collector';
/** Who the collector runs as where it sends to a cloud. */
export const TRACE_COLLECTOR_SERVICE_ACCOUNT = { namespace: 'monitoring', serviceAccountName: TRACE_COLLECTOR_NAME };

/** Of the requests that nobody sampled before, as the server's setting has it. */
const SENT = 0.1;

/**
 * Settings by which the model server hands its traces to `Tracing`, for `environment` of `ModelServer`. It needs no
 * reference: until the collector is there, spans are counted as failed.
 */
export function tracingEnvironment(slo: ServiceLevelObjective): Record<string, string> {
  return {
    RECOMMENDER_OTLP_ENDPOINT: `http://${TRACE_COLLECTOR_NAME}.monitoring.svc:${OTLP_PORT}`,
    RECOMMENDER_TRACE_SAMPLE_RATIO: `${SENT}`,
    RECOMMENDER_TRACE_SLOW_MS: `${slo.latency.serverThresholdMs}`,
  };
}
