/** Where a Redis is and how to log in. */
export interface RedisAddress {
  readonly tls: boolean;
  /** Whether the servers share the keys among them (cluster mode). */
  readonly cluster: boolean;
  /** One, unless in cluster mode, where any of the cluster's nodes do to find the others. */
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** Its number; always 0 in cluster mode. */
  readonly database: number;
}

/** What a setting must look like; it stands in every error. */
export const REDIS_URL_FORMS =
  'redis://[user:password@]host[:port][/database], rediss:// for TLS, ' +
  'or redis+cluster:// and rediss+cluster:// with one or more host:port, separated by commas';

/** A setting that begins like a Redis URL and is none. Its message doesn't show it, because it may hold a password. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
}

const DEFAULT_PORT = 6379;
const PATTERN = /^(rediss?)(\+cluster)?:\/\/(?:([^@/]*)@)?([^@/?#]+)(?:\/(\d{0,5}))?$/;

/** Whether a setting means Redis rather than a directory. */
export function isRedisUrl(text: string): boolean {
  return /^rediss?(\+\w+)?:/.test(text);
}

/**
 * Reads a setting that names a Redis; user and password are percent-encoded.
 *
 * @throws RedisUrlError with the form that is allowed
 */
export function parseRedisUrl(url: string): RedisAddress {
  const [, scheme, cluster, login, hosts = '', database] = PATTERN.exec(url) ?? [];
  const nodes = hosts.split(',').map(parseHost);
  const unknown = nodes.some((node) => node === undefined) || (nodes.length > 1 && !cluster);
  if (!scheme || unknown || (cluster && database)) throw new RedisUrlError(`must be ${REDIS_URL_FORMS}`);
  const [username, password] = (login ?? '').split(/:(.*)/, 2).map(decode);
  return {
    tls: scheme === 'rediss',
    cluster: cluster !== undefined,
    nodes: nodes as RedisAddress['nodes'],
    username: username || undefined,
    password: password || undefined,
    database: Number(database || 0),
  };
}

/** A setting as it may be shown: without user and password. */
export function withoutLogin(setting: string): string {
  return setting.replace(/^(\w+(?:\+\w+)?:\/\/).*@/s, '$1…@');
}

function parseHost(text: string): RedisAddress['nodes'][number] | undefined {
  const [, host, port] = /^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const number = port === undefined ? DEFAULT_PORT : Number(port);
  if (!host || number < 1 || number > 65_535) return undefined;
  return { host: host.replace(/^\[|\]$/g, ''), port: number };
}

function decode(text: string | undefined): string {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    throw new RedisUrlError('has a user or a password whose percent-encoding is broken');
  }
}
