import { Token } from 'cdktf';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { KNOWS_CALLERS, modelServerSettings } from '../../../src/model-server/settings';
import type { IModelServerCompute, ModelServerComputeProps } from '../../contracts';
import { checkImageDigest } from '../../kubernetes/image-digest';
import { ModelVersion } from '../../kubernetes/model-version';
import { AwsAccount } from '../aws-account';
import type { EncryptedLogGroup } from '../encrypted-log-group';
import type { ApplicationLoadBalancer, LoadBalancerChoices } from '../load-balancer/application-load-balancer';
import type { IConnectable } from '../network/connections';
import type { Network } from '../network/network';
import type { Peer } from '../network/peer';
import type { IGrantee } from '../policy-document';
import type { RollbackAlarms } from './rollback-alarms';
import type { ServerSecrets } from './server-secret';

/** What both computes of AWS without Kubernetes take. */
export interface ServerComputeProps extends ModelServerComputeProps<IGrantee> {
  readonly network: Network;
  readonly loadBalancer: LoadBalancerChoices;
  /**
   * Environment variables from Secrets Manager: `{ RECOMMENDER_USERS: { secretArn } }`.
   * @default {}
   */
  readonly secrets?: ServerSecrets;
  /**
   * Where services of AWS are reached, on HTTPS: the registry, the model store, secrets and logs.
   * @default [Peer.anywhere()] - through the NAT gateway; the services' addresses can't be listed
   */
  readonly awsServices?: readonly Peer[];
  /**
   * Days that logs are kept.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Refuses a destroy of the load balancer, and of the logs and their key.
   * @default true
   */
  readonly protection?: boolean;
}

/** What both of them offer. */
export interface IServerCompute extends IModelServerCompute, IConnectable, IGrantee {
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly logGroup: EncryptedLogGroup;
  readonly alarms: RollbackAlarms;
}

/** Refuses what can't be deployed, or would be open. */
export function checkServer(scope: Construct, props: ServerComputeProps): void {
  if (!/^[a-z][a-z0-9-]{0,22}[a-z0-9]$/.test(props.serviceName)) {
    throw new ConfigError(
      `serviceName is ${props.serviceName}; it must be 2 to 24 lowercase letters, digits and hyphens, beginning with a letter.`,
      scope,
    );
  }
  checkImageDigest(props.image, scope);
  const { environment = {}, secrets = {}, loadBalancer } = props;
  if (loadBalancer.reach === 'internet' && !KNOWS_CALLERS.some((name) => name in { ...environment, ...secrets })) {
    throw new ConfigError(
      `loadBalancer.reach is internet, and environment has nothing by which the server knows its callers; set RECOMMENDER_JWKS_URI, or RECOMMENDER_AUTHENTICATION to none where somebody in front of it does.`,
      scope,
    );
  }
}

/** Environment of the model server behind a load balancer, secrets apart. */
export function serverEnvironment(scope: Construct, props: ServerComputeProps): Record<string, string> {
  const { modelVersion, secrets = {}, environment = {} } = props;
  const version = modelVersion === undefined ? ModelVersion.followsChannel() : ModelVersion.fixed(modelVersion);
  const settings = modelServerSettings(scope, {
    modelStoreUrl: props.modelStore.modelStoreUrl,
    versionSettings: version.settings,
    slo: props.slo,
    secretFiles: {},
    fromSecrets: Object.keys(secrets),
    environment: {
      AWS_REGION: AwsAccount.of(scope).region,
      // The load balancer, whose word on a caller's address is believed.
      RECOMMENDER_TRUST_PROXY: '1',
      ...environment,
    },
  });
  for (const [name, value] of Object.entries(settings)) {
    if (!Token.isUnresolved(value) && /[\n\r]/.test(value)) {
      throw new ConfigError(`environment.${name} has a line break; it must be one line.`, scope);
    }
  }
  return settings;
}
