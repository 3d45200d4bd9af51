import type { IConstruct } from 'constructs';
import type { ServiceLevelObjective } from '../declarations/service-level-objective';
import { ConfigError } from '../errors';
import { DRAIN_SECONDS, HTTP_PORT, METRICS_PORT, SHUTDOWN_SECONDS, USERS_DIRECTORY } from './serving';

/** Setting of the model server that pins a version. */
export const VERSION_VARIABLE = 'RECOMMENDER_VERSION';

/** Settings with the URL of a Redis whose answers have to be in time. */
const REDIS_VARIABLES = new Set(['RECOMMENDER_USERS', 'RECOMMENDER_RATE_LIMIT_REDIS']);

interface ModelServerSettingsProps {
  readonly modelStoreUrl: string;
  /** Settings that say which version of the model it serves. */
  readonly versionSettings: Readonly<Record<string, string>>;
  readonly slo: ServiceLevelObjective;
  /** Settings that name files from secrets. */
  readonly secretFiles: Record<string, string>;
  /** Settings that it has from secrets, and so not from here. */
  readonly fromSecrets: readonly string[];
  readonly environment: Record<string, string>;
}

/** Environment of the model server, which knows its settings by the names here. */
export function modelServerSettings(scope: IConstruct, props: ModelServerSettingsProps): Record<string, string> {
  const { secretFiles, fromSecrets } = props;
  const { latency } = props.slo;
  const own: Record<string, string> = {
    RECOMMENDER_HOST: '0.0.0.0',
    RECOMMENDER_PORT: `${HTTP_PORT}`,
    RECOMMENDER_STORE: props.modelStoreUrl,
    ...props.versionSettings,
    ...(!fromSecrets.includes('RECOMMENDER_USERS') && { RECOMMENDER_USERS: USERS_DIRECTORY }),
    ...secretFiles,
    ...(asksCallers({ ...secretFiles, ...props.environment }) && METRICS_APART),
    RECOMMENDER_DEADLINE_MS: `${latency.deadlineMs}`,
    ...(fromSecrets.some((name) => REDIS_VARIABLES.has(name)) && {
      RECOMMENDER_REDIS_TIMEOUT_MS: `${latency.cacheTimeoutMs}`,
    }),
    RECOMMENDER_DRAIN_SECONDS: `${DRAIN_SECONDS}`,
    RECOMMENDER_SHUTDOWN_SECONDS: `${SHUTDOWN_SECONDS}`,
    // Since 1.29 onnxruntime's Linux builds send usage data to Microsoft, and keep a queue of it in the home directory:
    // https://github.com/microsoft/onnxruntime/pull/27379
    ORT_DISABLE_TELEMETRY: '1',
  };
  const set = [...Object.keys(own), ...fromSecrets, VERSION_VARIABLE];
  const taken = Object.keys(props.environment).filter((name) => set.includes(name));
  if (taken.length > 0) {
    throw new ConfigError(
      `environment has ${taken.join(', ')}, which the construct sets itself from its other props; leave it out. Allowed is any other name.`,
      scope,
    );
  }
  return { ...own, ...authentication({ ...own, ...props.environment }), ...props.environment };
}

/** Settings by which the server knows its callers. */
export const KNOWS_CALLERS = ['RECOMMENDER_AUTHENTICATION', 'RECOMMENDER_JWKS_URI', 'RECOMMENDER_API_KEYS_FILE'];

/** On a port that no Service leads to, and nobody but Prometheus is let at. */
const METRICS_APART = { RECOMMENDER_ADMIN_HOST: '0.0.0.0', RECOMMENDER_ADMIN_PORT: `${METRICS_PORT}` };

/** Whether callers have to say who they are, for metrics too where those are on the same port. */
export function asksCallers({ RECOMMENDER_AUTHENTICATION: how, ...settings }: Record<string, string>): boolean {
  return how === undefined ? KNOWS_CALLERS.some((name) => name in settings) : how !== 'none';
}

/**
 * The server asks to be told when nobody has to say who they are. It is behind a Service inside the cluster or a load
 * balancer, where a gateway, or whoever adds one of these settings, decides who may call.
 */
function authentication(settings: Record<string, string>): Record<string, string> {
  return KNOWS_CALLERS.some((name) => name in settings) ? {} : { RECOMMENDER_AUTHENTICATION: 'none' };
}
