import type { IWorkloadIdentity } from './workload-identity';

/** A cloud's own store of traces, which takes OTLP from somebody who may. */
export interface ITraceDestination {
  /** Address that takes OTLP over HTTP, with its path. */
  readonly tracesUrl: string;
  /** The OpenTelemetry collector's extension that proves who sends, and its settings. */
  readonly authenticator: { readonly type: string; readonly settings: Readonly<Record<string, unknown>> };
  /** Who the collector acts as. */
  readonly identity: IWorkloadIdentity;
}
