import type { ChannelState, ModelRegistry, Rollout, RolloutState } from '@cdktf-recommender/model-registry';
import type { Logger } from 'pino';
import type { Progress, RolloutTarget } from './rollout-target';

export interface FollowerOptions {
  readonly registry: Pick<ModelRegistry, 'channel' | 'manifest' | 'rollouts'>;
  readonly target: RolloutTarget;
  readonly channel: string;
  /** Name that verdicts are told under. */
  readonly cluster: string;
  readonly logger: Logger;
}

/**
 * Brings what a channel points to into a cluster, and tells the registry how that went.
 *
 * Each look compares what there is with what is wanted and does what is missing, so that it may stop at any point and
 * go on from there: the record of the rollout comes before the pin, the verdict before what is taken back. A version
 * that was rolled back is tried again only when the channel was moved to it again.
 */
export class Follower {
  private channel: ChannelState | undefined;
  private record: RolloutState | undefined;
  /** What was logged last of the rollout under way. */
  private told = '';

  constructor(private readonly options: FollowerOptions) {}

  /** @throws RegistryError, KubernetesApiError */
  async look(): Promise<void> {
    const { registry, cluster } = this.options;
    this.channel = await registry.channel(this.options.channel, this.channel);
    if (!this.channel) {
      this.tell('info', 'nothing was promoted to the channel yet', {});
      return;
    }
    this.record = await registry.rollouts.get(this.options.channel, cluster, this.record);
    const { version, promotedAt } = this.channel;
    if (this.record?.version === version && this.record.promotedAt === promotedAt) await this.goOn(this.record);
    else await this.advance(await this.begin(this.channel));
  }

  private async begin({ version, promotedAt }: ChannelState): Promise<RolloutState> {
    const { registry, target } = this.options;
    // Of a version that isn't there, or is another model's, nothing comes into the cluster.
    await registry.manifest(version);
    const previous = await this.proven(target);
    const record = await this.write({ version, promotedAt, previous }, { verdict: 'progressing', reason: 'begun' });
    this.tell('info', 'rollout begins', { version, previous });
    return record;
  }

  /** The last version that was promoted in the cluster: what is pinned, unless that is on trial or failed. */
  private async proven(target: RolloutTarget): Promise<string | null> {
    if (this.record && this.record.verdict !== 'promoted') return this.record.previous;
    return (await target.pinned()) ?? null;
  }

  private async goOn(record: RolloutState): Promise<void> {
    if (record.verdict === 'progressing') await this.advance(record);
    else await this.keep(record);
  }

  /** One look at a rollout under way. */
  private async advance(record: RolloutState): Promise<void> {
    const { target } = this.options;
    const { version, promotedAt, previous } = record;
    await target.pin(version);
    const progress = await target.progress();
    const { verdict, reason } = progress;
    if (verdict === 'progressing') {
      this.tell('info', 'rollout goes on', { version, reason });
      return;
    }
    const ended = await this.write({ version, promotedAt, previous }, progress);
    this.tell(verdict === 'promoted' ? 'info' : 'error', `rollout ended: ${verdict}`, { version, previous, reason });
    if (verdict === 'rolled-back') await this.keep(ended);
  }

  /** Sees to it that what the verdict left pinned stays so, or comes back. */
  private async keep({ verdict, version, previous }: Rollout): Promise<void> {
    const { target } = this.options;
    const failed = verdict === 'rolled-back';
    // What the target took back by itself would be tried again if it were pinned again.
    if (failed && target.takenBackBy === 'target') return;
    const wanted = failed ? previous : version;
    if (wanted !== null && (await target.pin(wanted))) this.tell('warn', 'version pinned again', { version: wanted });
  }

  private async write(
    rollout: Pick<Rollout, 'version' | 'promotedAt' | 'previous'>,
    { verdict, reason }: Progress,
  ): Promise<RolloutState> {
    const { registry, channel, cluster } = this.options;
    const record = { ...rollout, verdict, reason, at: new Date().toISOString() };
    this.record = await registry.rollouts.record(channel, cluster, record, this.record);
    return this.record;
  }

  /** A line when something changed, none when it is as it was. */
  private tell(level: 'info' | 'warn' | 'error', message: string, facts: object): void {
    const line = JSON.stringify([message, facts]);
    if (line === this.told) return;
    this.told = line;
    const { channel, cluster, logger } = this.options;
    logger[level]({ channel, cluster, ...facts }, message);
  }
}
