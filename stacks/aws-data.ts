import { Cache } from '../constructs/aws/cache/cache';
import type { CacheClients } from '../constructs/aws/cache/cache-client';
import { CacheShape } from '../constructs/aws/cache/cache-shape';
import type { RecommenderCluster } from '../constructs/aws/cluster/recommender-cluster';
import { DataLake } from '../constructs/aws/data-lake/data-lake';
import { Database } from '../constructs/aws/database/database';
import type { Network } from '../constructs/aws/network/network';
import { Port } from '../constructs/aws/network/peer';
import { SecretStore } from '../constructs/aws/secrets/secret-store';
import type { RecommenderNamespace } from '../constructs/kubernetes/recommender-namespace';
import { EXTERNAL_SECRETS_SERVICE_ACCOUNT, ExternalSecrets } from '../constructs/kubernetes/secrets/external-secrets';
import type { AwsConfig } from '../src/config/aws-config';
import { hasPart } from '../src/config/aws-parts';
import type { AwsStack } from './aws-stack';

/** A cluster of the stack's own, and the network it is in. */
export interface OwnCluster {
  readonly cluster: RecommenderCluster;
  readonly network: Network;
}

export function addDatabase(stack: AwsStack, settings: AwsConfig, { cluster, network }: OwnCluster): Database {
  const { naming, protection } = stack;
  const database = new Database(stack, 'Database', {
    instanceName: naming.prefix,
    network,
    multiAz: hasPart(settings, 'standby'),
    protection,
    // Without protection nothing is to be left of it.
    finalSnapshot: protection,
    ...settings.database,
  });
  database.connections.allowFrom(cluster, Port.tcp(database.port), 'Pods of the cluster keep tables in it');
  return database;
}

/** Name of the cache's password in the secret store. */
export const CACHE_PASSWORD = 'cache-password';

/** A cache with the place of its password; answers what makes it known to the pods of a namespace. */
export function addCache(
  stack: AwsStack,
  settings: AwsConfig,
  { cluster, network }: OwnCluster,
): (namespace: RecommenderNamespace) => CacheClients {
  const { naming, protection } = stack;
  const cache = new Cache(stack, 'Cache', {
    cacheName: naming.prefix,
    network,
    shape: hasPart(settings, 'standby') ? CacheShape.replicated() : CacheShape.single(),
    protection,
    finalSnapshot: protection,
    ...settings.cache,
  });
  const store = new SecretStore(stack, 'Secrets', {
    storeName: naming.prefix,
    secretNames: [CACHE_PASSWORD],
    protection,
  });
  const identity = cluster.addWorkloadIdentity('SecretsReader', EXTERNAL_SECRETS_SERVICE_ACCOUNT);
  store.grants.read(identity);
  return (namespace) => {
    const operator = new ExternalSecrets(stack, 'ExternalSecrets', { cluster, namespace, identity });
    return cache.addClients('Clients', { cluster, operator, namespace, store, passwordName: CACHE_PASSWORD });
  };
}

export function addDataLake(stack: AwsStack, { accountId }: AwsConfig, since: string): DataLake {
  const { naming, protection } = stack;
  return new DataLake(stack, 'DataLake', { lakeName: naming.name('lake', accountId), since, protection });
}
