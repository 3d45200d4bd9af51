import type { ITraceDestination } from '../../contracts';
import { OTLP_PORT } from './tracing-environment';

export const HEALTH_PORT = 13_133;

export interface CollectorConfigProps {
  /** Above it a trace is slow, in milliseconds. */
  readonly slowMs: number;
  /** Share of the traces that are neither slow nor failed which is kept, 0 to 100. */
  readonly keptPercent: number;
  /** Where kept traces go by OTLP over HTTP: `http://tempo:4318`. */
  readonly exportTo: string;
  /**
   * A cloud's store that gets what is kept, too.
   * @default - none
   */
  readonly destination?: Pick<ITraceDestination, 'tracesUrl' | 'authenticator'>;
  /**
   * Address and port that spans come to.
   * @default - every address, OTLP's port
   */
  readonly endpoint?: string;
  /**
   * The same for whoever asks how it is.
   * @default - every address, 13133
   */
  readonly healthEndpoint?: string;
  /**
   * How long the spans of a trace are waited for, in seconds, before it is decided whether to keep it.
   * @default 10
   */
  readonly decisionSeconds?: number;
}

/**
 * The OpenTelemetry collector's configuration: a trace is kept when it is slow, when something in it failed, or by
 * chance. That can only be said of a whole one, so its spans wait for each other.
 */
export function collectorConfig(props: CollectorConfigProps) {
  const { slowMs, keptPercent, exportTo, destination, endpoint, healthEndpoint, decisionSeconds = 10 } = props;
  const { extensions, exporters } = toDestination(destination);
  return {
    extensions: {
      ...extensions,
      health_check: { endpoint: healthEndpoint ?? `0.0.0.0:${HEALTH_PORT}` },
    },
    receivers: { otlp: { protocols: { http: { endpoint: endpoint ?? `0.0.0.0:${OTLP_PORT}` } } } },
    processors: {
      // First, so that spans are refused before they take memory; whoever sends them counts what is refused.
      memory_limiter: { check_interval: '1s', limit_percentage: 80, spike_limit_percentage: 20 },
      tail_sampling: {
        decision_wait: `${decisionSeconds}s`,
        num_traces: 50_000,
        policies: [
          { name: 'failed', type: 'status_code', status_code: { status_codes: ['ERROR'] } },
          { name: 'slow', type: 'latency', latency: { threshold_ms: slowMs } },
          { name: 'some', type: 'probabilistic', probabilistic: { sampling_percentage: keptPercent } },
        ],
      },
      batch: {},
    },
    exporters: { otlp_http: { endpoint: exportTo }, ...exporters },
    service: {
      extensions: ['health_check', ...Object.keys(extensions)],
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['memory_limiter', 'tail_sampling', 'batch'],
          exporters: ['otlp_http', ...Object.keys(exporters)],
        },
      },
      telemetry: { logs: { encoding: 'json' }, metrics: { level: 'none' } },
    },
  };
}

function toDestination(destination: CollectorConfigProps['destination']) {
  if (!destination) return { extensions: {}, exporters: {} };
  const { tracesUrl, authenticator } = destination;
  const { type, settings } = authenticator;
  return {
    extensions: { [type]: settings },
    exporters: { 'otlp_http/cloud': { traces_endpoint: tracesUrl, auth: { authenticator: type } } },
  };
}
