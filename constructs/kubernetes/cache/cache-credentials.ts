import type { Release } from '@cdktf/provider-helm/lib/release';
import type { ITerraformDependable, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { SecretKey } from '../../contracts';
import { localChart } from '../local-chart';

/** Keys of the Secret. A password is under its user's name. */
export const CACHE_SECRET_KEYS = {
  url: 'url',
  certificateAuthority: 'ca.crt',
  certificate: 'server.crt',
  privateKey: 'server.key',
} as const;

export interface CacheCredentialsProps {
  readonly secretName: string;
  readonly namespaceName: string;
  /** Service that clients connect to, in the same namespace. */
  readonly serviceName: string;
  /** Who clients log in as. */
  readonly user: string;
  readonly port: number;
  /** Another number makes other credentials. */
  readonly rotation: number;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * A Secret with the login and the certificate of a cache, which Helm makes at the install and finds again at an
 * upgrade. Terraform's state has the release's values only: neither password nor key is among them.
 */
export class CacheCredentials extends Construct {
  readonly chart: TerraformAsset;
  readonly release: Release;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: CacheCredentialsProps,
  ) {
    super(scope, id);
    const { namespaceName, dependsOn, ...values } = settings;
    if (!Number.isInteger(values.rotation) || values.rotation < 1) {
      throw new ConfigError(`rotation is ${values.rotation}; allowed is a whole number of 1 or more.`, scope);
    }
    const releaseName = values.secretName;
    const made = localChart(this, { chart: 'cache-credentials', releaseName, namespaceName, values, dependsOn });
    this.chart = made.chart;
    this.release = made.release;
  }

  secretKey(name: keyof typeof CACHE_SECRET_KEYS): SecretKey {
    return { secretName: this.settings.secretName, key: CACHE_SECRET_KEYS[name], ready: [this.release] };
  }
}
