import { Token } from 'cdktf';
import { ConfigError } from '../../src';
import { VERSION_VARIABLE } from '../../src/model-server/settings';

const VERSION = /^[0-9a-f]{64}$/;

/** Which version the model server serves, and who changes that. */
export class ModelVersion {
  /**
   * The channel's: each server swaps in place as soon as it moves, with no gate but its own checks.
   *
   * @param channel by default the server's own, `production`
   */
  static followsChannel(channel?: string): ModelVersion {
    return new ModelVersion(channel === undefined ? {} : { RECOMMENDER_CHANNEL: channel });
  }

  /**
   * One version, until another one is applied: that makes new pods, as a new image does.
   *
   * @param version 64 hex digits, or a reference to them
   */
  static fixed(version: string): ModelVersion {
    if (!Token.isUnresolved(version) && !VERSION.test(version)) {
      throw new ConfigError(
        `ModelVersion.fixed has ${version}; a version is 64 lowercase hex digits. 'recommender model list --json' prints them.`,
      );
    }
    return new ModelVersion({ [VERSION_VARIABLE]: version });
  }

  /**
   * What a `ModelFollower` writes into a ConfigMap of its own: each version is rolled out to new pods, and taken back when
   * that fails. Terraform writes it once.
   *
   * @param initialVersion what is pinned until the follower's first look: 64 hex digits, or by default `seed`, the model
   *   in the image
   */
  static pinnedByFollower({ initialVersion = 'seed' } = {}): ModelVersion {
    if (initialVersion !== 'seed' && !VERSION.test(initialVersion)) {
      throw new ConfigError(
        `initialVersion is ${initialVersion}; allowed is seed, or a version: 64 lowercase hex digits, as 'recommender model list --json' prints them.`,
      );
    }
    return new ModelVersion({}, { [VERSION_VARIABLE]: initialVersion });
  }

  /** The one of `fixed`. */
  get fixedVersion(): string | undefined {
    return this.settings[VERSION_VARIABLE];
  }

  private constructor(
    /** Settings of the model server that Terraform owns. */
    readonly settings: Readonly<Record<string, string>>,
    /** The same that the follower owns, as the first apply writes them. */
    readonly pin?: Readonly<Record<string, string>>,
  ) {}
}
