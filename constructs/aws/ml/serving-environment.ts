import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigError, type ServiceLevelObjective } from '../../../src';
import { KNOWS_CALLERS, modelServerSettings } from '../../../src/model-server/settings';
import { ModelVersion } from '../../kubernetes/model-version';

interface ServingEnvironmentProps {
  readonly modelStoreUrl: string;
  readonly modelVersion?: string;
  readonly slo: ServiceLevelObjective;
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * SageMaker kills a container 30 seconds after SIGTERM, of which 5 are the drain.
 * Source: SageMaker developer guide, "Custom Inference Code with Hosting Services".
 */
const SHUTDOWN_SECONDS = 20;

/**
 * Environment of the model server in a container of SageMaker: what it writes goes below /tmp, the one place that is
 * writable wherever it runs.
 */
export function servingEnvironment(scope: Construct, props: ServingEnvironmentProps): Record<string, string> {
  const { modelVersion, modelStoreUrl, slo, environment = {} } = props;
  const asking = KNOWS_CALLERS.filter((name) => name in environment);
  if (asking.length > 0) {
    throw new ConfigError(
      `environment has ${asking.join(', ')}, and SageMaker hands no caller's headers on; IAM decides who may invoke, by grantInvoke. Leave it out.`,
      scope,
    );
  }
  const { RECOMMENDER_USERS = '/tmp/users', ...others } = environment;
  if (!Token.isUnresolved(RECOMMENDER_USERS) && /^rediss?(\+cluster)?:\/\/[^/]*@/.test(RECOMMENDER_USERS)) {
    throw new ConfigError(
      'environment.RECOMMENDER_USERS has a password, and SageMaker shows the environment to whoever may describe the model; allowed is a URL without one, or a directory.',
      scope,
    );
  }
  const version = modelVersion === undefined ? ModelVersion.followsChannel() : ModelVersion.fixed(modelVersion);
  const settings = modelServerSettings(scope, {
    modelStoreUrl,
    versionSettings: version.settings,
    slo,
    secretFiles: {},
    fromSecrets: ['RECOMMENDER_USERS'],
    environment: { RECOMMENDER_MODEL_CACHE: '/tmp/models', ...others },
  });
  return { ...settings, RECOMMENDER_USERS, RECOMMENDER_SHUTDOWN_SECONDS: `${SHUTDOWN_SECONDS}` };
}
