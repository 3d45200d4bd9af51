import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';

/** How many nodes a Kafka has, each broker and controller. */
export class KafkaNodes {
  /**
   * Three, spread over the zones. Each message is on all, and was written when two have it: one may be away.
   *
   * @param volumeGib size of each node's volume, in GiB
   */
  static three({ volumeGib = 20 }: { volumeGib?: number } = {}): KafkaNodes {
    return new KafkaNodes(3, 2, volumeGib);
  }

  /**
   * One, for development: nothing is written while it is away, and its messages are as safe as its volume.
   *
   * @param volumeGib size of its volume, in GiB
   */
  static single({ volumeGib = 10 }: { volumeGib?: number } = {}): KafkaNodes {
    return new KafkaNodes(1, 1, volumeGib);
  }

  private constructor(
    readonly count: number,
    /** Nodes that have a message before it counts as written. */
    readonly inSync: number,
    readonly volumeGib: number,
  ) {}

  check(scope: Construct): void {
    const { volumeGib } = this;
    if (Number.isInteger(volumeGib) && volumeGib >= 1) return;
    throw new ConfigError(`volumeGib is ${volumeGib}; allowed is a whole number of 1 GiB or more.`, scope);
  }
}
