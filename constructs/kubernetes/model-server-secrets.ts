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

/** Read by the pod's group. */
const DEFAULT_MODE = '0440';

export interface ModelServerSecrets {
  readonly apiKeys?: SecretKey;
  readonly caches?: ModelServerCaches;
}

const API_KEYS_DIRECTORY = '/etc/recommender/api-keys';
const AUTHORITIES_DIRECTORY = '/etc/recommender/cache-authorities';
const URLS_DIRECTORY = '/etc/recommender/cache-urls';

/** Settings that name files which come from Secrets. */
export function secretFiles(secrets: ModelServerSecrets): Record<string, string> {
  const { apiKeys, caches = {} } = secrets;
  const authorities = cacheAuthorities(secrets).map(({ path }) => `${AUTHORITIES_DIRECTORY}/${path}`);
  const urls = inUse(caches).map(([what]) => [`${CACHE_VARIABLES[what]}_FILE`, `${URLS_DIRECTORY}/${what}`]);
  return {
    // Files, because who may see a process or its crash sees its environment.
    ...Object.fromEntries(urls),
    // The server reads it again when it changes.
    ...(apiKeys && { RECOMMENDER_API_KEYS_FILE: `${API_KEYS_DIRECTORY}/${apiKeys.key}` }),
    ...(authorities.length > 0 && { RECOMMENDER_REDIS_CA: authorities.join(',') }),
  };
}

/** Settings whose values are in files from Secrets. */
export function settingsFromSecrets({ caches = {} }: ModelServerSecrets): string[] {
  return inUse(caches).map(([what]) => CACHE_VARIABLES[what]);
}

/** As directories, not by `subPath`: only in a directory does the kubelet replace what has changed. */
export function secretMounts(secrets: ModelServerSecrets) {
  const mount = (name: string, mountPath: string) => ({ name, mountPath, readOnly: true });
  return [
    ...(secrets.apiKeys ? [mount('api-keys', API_KEYS_DIRECTORY)] : []),
    ...(inUse(secrets.caches ?? {}).length > 0 ? [mount('cache-urls', URLS_DIRECTORY)] : []),
    ...(cacheAuthorities(secrets).length > 0 ? [mount('cache-authorities', AUTHORITIES_DIRECTORY)] : []),
  ];
}

export function secretVolumes(secrets: ModelServerSecrets) {
  const { apiKeys, caches = {} } = secrets;
  const urls = inUse(caches).map(([what, { url }]) => ({ ...url, path: what }));
  return [
    ...(apiKeys
      ? [
          {
            name: 'api-keys',
            secret: {
              secretName: apiKeys.secretName,
              defaultMode: DEFAULT_MODE,
              items: [{ key: apiKeys.key, path: apiKeys.key }],
            },
          },
        ]
      : []),
    ...filesOf('cache-urls', urls),
    ...filesOf('cache-authorities', cacheAuthorities(secrets)),
  ];
}

interface SecretFile extends SecretKey {
  /** In the volume. */
  readonly path: string;
}

/** A volume with files of several Secrets, if there are any. */
function filesOf(name: string, files: readonly SecretFile[]) {
  if (files.length === 0) return [];
  const sources = files.map(({ secretName, key, path }) => ({
    secret: [{ name: secretName, items: [{ key, path }] }],
  }));
  return [{ name, projected: [{ defaultMode: DEFAULT_MODE, sources }] }];
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
function cacheAuthorities({ caches = {} }: ModelServerSecrets): SecretFile[] {
  const authorities = inUse(caches).flatMap(([, { certificateAuthority }]) => certificateAuthority ?? []);
  const byPath = authorities.map((key) => [`${key.secretName}.pem`, key] as const);
  return [...new Map(byPath)].map(([path, key]) => ({ ...key, path }));
}
