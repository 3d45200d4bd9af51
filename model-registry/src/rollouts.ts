import { canonicalJson } from './canonical-json';
import { parseInput, parseStored, readDocuments } from './documents';
import { checkChannelName, checkClusterName, layout } from './layout';
import { Rollout } from './manifest';
import type { ObjectStore } from './object-store';

/** A rollout as it was read. */
export type RolloutState = Rollout & { readonly etag: string };

/** How the clusters get on with what the channels of a model point to: one record for each channel and cluster. */
export class Rollouts {
  constructor(
    private readonly store: ObjectStore,
    private readonly model: string,
  ) {}

  /**
   * What a cluster told last; `undefined` when it never did.
   *
   * @param seen what was read before: it is given back if it is unchanged, by one small request
   */
  async get(channel: string, cluster: string, seen?: RolloutState): Promise<RolloutState | undefined> {
    const key = this.key(channel, cluster);
    const object = seen ? await this.store.getIfChanged(key, seen.etag) : await this.store.get(key);
    if (object === 'unchanged') return seen;
    return object && { ...parseStored(this.store, key, object.body, Rollout), etag: object.etag };
  }

  /** What every cluster told last of a channel, by the cluster's name. */
  async all(channel: string): Promise<Map<string, Rollout>> {
    checkChannelName(channel);
    return readDocuments(this.store, layout.rollouts(this.model, channel), Rollout);
  }

  /**
   * Keeps what a cluster tells.
   *
   * @param seen the record that it replaces; `undefined` when there was none
   * @throws PreconditionFailed when another record took its place since
   */
  async record(channel: string, cluster: string, rollout: Rollout, seen?: RolloutState): Promise<RolloutState> {
    const key = this.key(channel, cluster);
    const parsed = parseInput('rollout', Rollout, rollout);
    const condition = seen ? { ifMatch: seen.etag } : { ifNoneMatch: '*' as const };
    const { etag } = await this.store.put(key, canonicalJson(parsed), condition);
    return { ...parsed, etag };
  }

  private key(channel: string, cluster: string): string {
    checkChannelName(channel);
    checkClusterName(cluster);
    return layout.rollout(this.model, channel, cluster);
  }
}
