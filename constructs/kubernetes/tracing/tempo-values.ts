import type { Construct } from 'constructs';
import { resourcesOf } from '../container-sizes';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../pod-security';
import { OTLP_PORT } from './tracing-environment';

export const TEMPO_NAME = 'tempo';
/** Where Grafana asks for traces. */
export const TEMPO_URL = `http://${TEMPO_NAME}.monitoring.svc:3200`;

export interface TempoValuesProps {
  readonly retentionDays: number;
  readonly volumeGib: number;
  readonly storageClassName: string;
}

/** One process on a volume, which takes OTLP over HTTP and nothing else. */
export function tempoValues(scope: Construct, { retentionDays, volumeGib, storageClassName }: TempoValuesProps) {
  return {
    tempo: {
      resources: resourcesOf(scope, 'tempo'),
      retention: `${retentionDays * 24}h`,
      reportingEnabled: false,
      // Null takes away what the chart has.
      receivers: { jaeger: null, otlp: { protocols: { grpc: null, http: { endpoint: `0.0.0.0:${OTLP_PORT}` } } } },
      securityContext: RESTRICTED_CONTAINER,
    },
    securityContext: RESTRICTED_POD,
    serviceAccount: { automountServiceAccountToken: false },
    persistence: {
      enabled: true,
      // Without it a destroy leaves the disk behind, and its bill.
      enableStatefulSetAutoDeletePVC: true,
      storageClassName,
      size: `${volumeGib}Gi`,
    },
  };
}
