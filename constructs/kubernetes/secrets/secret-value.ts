import { ConfigError } from '../../../src';

/** A URL of a Redis without its login; the model server reads the same forms. */
const REDIS_URL = /^rediss?(?:\+cluster)?:\/\/[^@/?#\s]+(?:\/\d{1,5})?$/;

/** What a key of a Secret is made of: names of secrets in the store, never a value. */
export class SecretValue {
  /** The secret of the store, as it is. */
  static stored(secretName: string): SecretValue {
    return new SecretValue([secretName], value(secretName));
  }

  /**
   * A Redis' URL with the login in it, percent-encoded, as `RECOMMENDER_USERS` and its like are read.
   *
   * @param url without a login: `rediss://cache.example.com:6379`, `rediss+cluster://…`
   * @param password name of the secret in the store
   * @param user where it is not the default user
   */
  static redisUrl({ url, password, user }: { url: string; password: string; user?: string }): SecretValue {
    if (!REDIS_URL.test(url)) {
      throw new ConfigError(
        `url is ${url.replace(/\/\/.*@/, '//…@')}; allowed is redis://, rediss://, redis+cluster:// or rediss+cluster:// with host and port and no login, which comes from the store.`,
      );
    }
    // `urlquery` writes a space as a plus sign, which is none in a login, and a plus sign as %2B.
    const encoded = value(password, 'trim', 'urlquery', 'replace "+" "%20"');
    return new SecretValue(
      [password],
      url.replace('://', () => `://${encodeURIComponent(user ?? '')}:${encoded}@`),
    );
  }

  private constructor(
    /** Names of the secrets it is made of. */
    readonly secretNames: readonly string[],
    /** Template of External Secrets, over the secrets by their names. */
    readonly template: string,
  ) {}
}

function value(secretName: string, ...functions: readonly string[]): string {
  return `{{ ${[`index . "${secretName}"`, ...functions].join(' | ')} }}`;
}
