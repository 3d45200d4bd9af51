import type { ICache, SecretKey } from '../contracts';

/** A cache that replicas share: an `ICache`, or what there is to know of one that somebody else keeps. */
export type SharedCache = Pick<ICache, 'url' | 'port' | 'location' | 'certificateAuthority'> &
  Partial<Pick<ICache, 'allowFrom'>>;

/** What replicas share, by what is kept there. A cache may have several of them. */
export interface ModelServerCaches {
  /** Customers' histories. */
  readonly histories?: SharedCache;
  /** Answers, for a while. */
  readonly answers?: SharedCache;
  /** Counts of requests, for the rate limit. */
  readonly requestCounts?: SharedCache;
}

/** The server's settings by which it knows a cache. */
const CACHE_VARIABLES = {
  histories: 'RECOMMENDER_USERS',
  answers: 'RECOMMENDER_RESULT_CACHE',
  requestCounts: 'RECOMMENDER_RATE_LIMIT_REDIS',
} as const satisfies Record<keyof ModelServerCaches, string>;

export interface ModelServerSecrets {
  readonly apiKeys?: SecretKey;
  readonly caches?: ModelServerCaches;
}

const API_KEYS_DIRECTORY = '/etc/recommender/api-keys';
const AUTHORITIES_DIRECTORY = '/etc/recommender/cache-authorities';

/** Settings that name files which come from Secrets. */
export function secretFiles(secrets: ModelServerSecrets): Record<string, string> {
  const { apiKeys } = secrets;
  const authorities = cacheAuthorities(secrets).map(({ path }) => `${AUTHORITIES_DIRECTORY}/${path}`);
  return {
    // The server reads it again when it changes.
    ...(apiKeys && { RECOMMENDER_API_KEYS_FILE: `${API_KEYS_DIRECTORY}/${apiKeys.key}` }),
    ...(authorities.length > 0 && { RECOMMENDER_REDIS_CA: authorities.join(',') }),
  };
}

/** Variables that pods have from a Secret: the image sets one of them, which a settings file would lose to. */
export function variablesFromSecrets({ caches = {} }: ModelServerSecrets): Record<string, SecretKey> {
  return Object.fromEntries(inUse(caches).map(([what, { url }]) => [CACHE_VARIABLES[what], url]));
}

export function secretVariables(secrets: ModelServerSecrets) {
  return Object.entries(variablesFromSecrets(secrets)).map(([name, { secretName, key }]) => ({
    name,
    valueFrom: { secretKeyRef: { name: secretName, key } },
  }));
}

/** As directories, not by `subPath`: only in a directory does the kubelet replace what has changed. */
export function secretMounts(secrets: ModelServerSecrets) {
  const mount = (name: string, mountPath: string) => ({ name, mountPath, readOnly: true });
  return [
    ...(secrets.apiKeys ? [mount('api-keys', API_KEYS_DIRECTORY)] : []),
    ...(cacheAuthorities(secrets).length > 0 ? [mount('cache-authorities', AUTHORITIES_DIRECTORY)] : []),
  ];
}

export function secretVolumes(secrets: ModelServerSecrets) {
  const { apiKeys } = secrets;
  const authorities = cacheAuthorities(secrets);
  // Read by the pod's group.
  const defaultMode = '0440';
  return [
    ...(apiKeys
      ? [
          {
            name: 'api-keys',
            secret: { secretName: apiKeys.secretName, defaultMode, items: [{ key: apiKeys.key, path: apiKeys.key }] },
          },
        ]
      : []),
    ...(authorities.length > 0
      ? [
          {
            name: 'cache-authorities',
            projected: [
              {
                defaultMode,
                sources: authorities.map(({ secretName, key, path }) => ({
                  secret: [{ name: secretName, items: [{ key, path }] }],
                })),
              },
            ],
          },
        ]
      : []),
  ];
}

/** What brings the Secrets. */
export function secretsReady({ apiKeys, caches = {} }: ModelServerSecrets) {
  const keys = inUse(caches).flatMap(([, { url, certificateAuthority }]) => [url, certificateAuthority]);
  return [...new Set([apiKeys, ...keys].flatMap((key) => key?.ready ?? []))];
}

/** Caches that are given, with what each is for. */
export function inUse(caches: ModelServerCaches): [keyof ModelServerCaches, SharedCache][] {
  return (Object.keys(CACHE_VARIABLES) as (keyof ModelServerCaches)[]).flatMap((what) => {
    const cache = caches[what];
    return cache ? [[what, cache] as [keyof ModelServerCaches, SharedCache]] : [];
  });
}

/** Each authority once, in a file named for its Secret. */
function cacheAuthorities({ caches = {} }: ModelServerSecrets): (SecretKey & { readonly path: string })[] {
  const authorities = inUse(caches).flatMap(([, { certificateAuthority }]) => certificateAuthority ?? []);
  const byPath = authorities.map((key) => [`${key.secretName}.pem`, key] as const);
  return [...new Map(byPath)].map(([path, key]) => ({ ...key, path }));
}
