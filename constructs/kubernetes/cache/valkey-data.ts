import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';

/**
 * What a Valkey keeps, which says what happens when its memory is full and when its pod is gone. Each its own Valkey:
 * what makes room for answers would throw histories away.
 */
export class ValkeyData {
  /**
   * Customers' histories, and counts of requests: nothing makes room, a write beyond the memory is refused. Every
   * command is in an append-only file on a volume, so a killed pod loses at most the last second.
   *
   * @param volumeGib size of the volume, in GiB
   * @param protection whether Terraform refuses to delete the volume
   */
  static histories({ volumeGib = 10, protection = true }: { volumeGib?: number; protection?: boolean } = {}) {
    const settings = ['maxmemory-policy noeviction', 'appendonly yes', 'appendfsync everysec', 'save 3600 1'];
    return new ValkeyData('valkey-histories', settings, { gib: volumeGib, protection });
  }

  /** Answers for a while: those used longest ago make room, and all are gone with the pod. */
  static answers(): ValkeyData {
    return new ValkeyData('valkey-answers', ['maxmemory-policy allkeys-lru', 'appendonly no', 'save ""']);
  }

  private constructor(
    /** Name of the release and the Service. */
    readonly name: string,
    /** Lines of `valkey.conf`. */
    readonly settings: readonly string[],
    readonly volume?: { readonly gib: number; readonly protection: boolean },
  ) {}

  /** An append-only file is at times as long as it was and as it will be, so it wants more room than the memory. */
  check(scope: Construct, memoryMib: number): void {
    if (!Number.isInteger(memoryMib) || memoryMib < 128) {
      throw new ConfigError(`memoryMib is ${memoryMib}; allowed is a whole number of 128 MiB or more.`, scope);
    }
    if (!this.volume) return;
    const least = Math.ceil((memoryMib * 3) / 1024);
    if (Number.isInteger(this.volume.gib) && this.volume.gib >= least) return;
    throw new ConfigError(
      `volumeGib is ${this.volume.gib}; allowed is a whole number of ${least} GiB or more, three times the memory.`,
      scope,
    );
  }
}
