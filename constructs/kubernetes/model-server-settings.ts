import type { Construct } from 'constructs';
import { ConfigError, type ServiceLevelObjective } from '../../src';
import { DRAIN_SECONDS, HTTP_PORT, SHUTDOWN_SECONDS, USERS_DIRECTORY } from './model-server-pod';

/** Share of the objective's latency that history and model together may take; the rest is HTTP and waiting. */
const DEADLINE_SHARE = 0.8;

interface ModelServerSettingsProps {
  readonly modelStoreUrl: string;
  readonly slo: ServiceLevelObjective;
  readonly environment: Record<string, string>;
}

/** Environment of the model server, which knows its settings by the names here. */
export function modelServerSettings(scope: Construct, props: ModelServerSettingsProps): Record<string, string> {
  const own = {
    RECOMMENDER_HOST: '0.0.0.0',
    RECOMMENDER_PORT: `${HTTP_PORT}`,
    RECOMMENDER_STORE: props.modelStoreUrl,
    RECOMMENDER_USERS: USERS_DIRECTORY,
    RECOMMENDER_DEADLINE_MS: `${Math.max(1, Math.floor(props.slo.latencyP99Ms * DEADLINE_SHARE))}`,
    RECOMMENDER_DRAIN_SECONDS: `${DRAIN_SECONDS}`,
    RECOMMENDER_SHUTDOWN_SECONDS: `${SHUTDOWN_SECONDS}`,
    // Since 1.29 onnxruntime's Linux builds send usage data to Microsoft, and keep a queue of it in the home directory:
    // https://github.com/microsoft/onnxruntime/pull/27379
    ORT_DISABLE_TELEMETRY: '1',
  };
  const taken = Object.keys(props.environment).filter((name) => name in own);
  if (taken.length > 0) {
    throw new ConfigError(
      `environment has ${taken.join(', ')}, which the construct sets itself from its other props; leave it out. Allowed is any other name.`,
      scope,
    );
  }
  return { ...own, ...authentication(props.environment), ...props.environment };
}

/** Settings by which the server knows its callers. */
const KNOWS_CALLERS = ['RECOMMENDER_AUTHENTICATION', 'RECOMMENDER_JWKS_URI', 'RECOMMENDER_API_KEYS_FILE'];

/**
 * The server asks to be told when nobody has to say who they are. Its Service is inside the cluster only, where a
 * gateway, or whoever adds one of these settings, decides who may call.
 */
function authentication(environment: Record<string, string>): Record<string, string> {
  return KNOWS_CALLERS.some((name) => name in environment) ? {} : { RECOMMENDER_AUTHENTICATION: 'none' };
}
