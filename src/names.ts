import { createHash } from 'node:crypto';
import { ConfigError } from './errors';

/** Builds names that fit each service's rules from one prefix, `<project>-<environment>`. */
export class Naming {
  readonly prefix: string;

  constructor(
    readonly project: string,
    readonly environment: string,
  ) {
    this.prefix = `${project}-${environment}`;
  }

  /** `<prefix>-<part>…`, for services that take lowercase letters, digits and hyphens. */
  name(...parts: readonly string[]): string {
    const name = [this.prefix, ...parts].join('-');
    if (name.length > 63) {
      throw new ConfigError(
        `the name ${name} has ${name.length} characters; allowed are 63. Choose a shorter project name.`,
      );
    }
    return name;
  }

  /**
   * A globally unique name of at most 24 lowercase letters and digits, as Azure storage accounts want it. Unique by a
   * hash of `seed` (a subscription id), and the same at every synth.
   */
  compact(part: string, seed: string): string {
    const hash = createHash('sha256').update(`${seed}/${this.prefix}/${part}`).digest('hex').slice(0, 8);
    const readable = `${this.project}${this.environment}${part}`.replace(/[^a-z0-9]/g, '').slice(0, 24 - hash.length);
    return `${readable}${hash}`;
  }
}
