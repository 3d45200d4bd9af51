import { Construct } from 'constructs';
import type { CacheClient, ICache, ISecretStore, NetworkLocation, SecretKey } from '../../contracts';
import type { RecommenderNamespace } from '../../kubernetes/recommender-namespace';
import { ExternalSecret } from '../../kubernetes/secrets/external-secret';
import type { ExternalSecrets } from '../../kubernetes/secrets/external-secrets';
import { SecretValue } from '../../kubernetes/secrets/secret-value';
import type { IConnectable } from '../network/connections';
import { Port } from '../network/peer';
import type { Cache } from './cache';

export interface CacheClientsProps {
  /** What the pods run on: security groups know nodes, not pods. */
  readonly cluster: IConnectable;
  /** What copies the login to the cluster. */
  readonly operator: ExternalSecrets;
  readonly namespace: RecommenderNamespace;
  /** Where the password is. */
  readonly store: Pick<ISecretStore, 'provider' | 'secretNames'>;
  /** Name of the password in `store`. */
  readonly passwordName: string;
}

/**
 * A cache as pods of a cluster know it: its URL with the login is in a Secret that External Secrets makes of the
 * password in the store. It is what `ModelServer` takes in `caches`.
 */
export class CacheClients extends Construct implements ICache {
  readonly secret: ExternalSecret;
  readonly host: string;
  readonly port: number;
  readonly tls = true;
  readonly url: SecretKey;
  readonly location: NetworkLocation;
  private isConnected = false;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: CacheClientsProps & { readonly cache: Cache },
  ) {
    super(scope, id);
    const { cache, operator, namespace, store, passwordName } = settings;
    this.host = cache.host;
    this.port = cache.port;
    this.location = cache.location;
    this.secret = new ExternalSecret(this, 'Secret', {
      operator,
      namespace,
      store,
      secretName: `${cache.cacheName}-login`,
      keys: { url: SecretValue.redisUrl({ url: cache.url, user: cache.userName, password: passwordName }) },
    });
    this.url = this.secret.key('url');
  }

  /** Lets the cluster's nodes connect, once; which of their pods may is for the pods' own network policies. */
  allowFrom(_client: CacheClient, reason: string): void {
    if (this.isConnected) return;
    this.isConnected = true;
    const { cache, cluster } = this.settings;
    cache.connections.allowFrom(cluster, Port.tcp(this.port), reason);
  }
}
