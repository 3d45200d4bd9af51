import type { Verdict } from '@cdktf-recommender/model-registry';

/** How the rollout of the pinned version gets on. */
export interface Progress {
  readonly verdict: Verdict;
  /** In one line. */
  readonly reason: string;
}

/** What a version is rolled out to. */
export interface RolloutTarget {
  /** The version that is pinned, or `seed`; `undefined` when nothing is. */
  pinned(): Promise<string | undefined>;

  /**
   * Pins a version, so that its rollout begins. To pin what is pinned changes nothing.
   *
   * @returns whether that changed anything
   */
  pin(version: string): Promise<boolean>;

  /** How the rollout of the pinned version gets on. */
  progress(): Promise<Progress>;

  /**
   * Who takes back a version that failed. The `target` does it by itself: what is pinned stays, and only pods that take
   * no requests are made of it. The `follower` has to pin what was there before, or each pod that is started anew fails.
   */
  readonly takenBackBy: 'target' | 'follower';
}
