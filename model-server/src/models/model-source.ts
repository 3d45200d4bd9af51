import {
  type ChannelState,
  type ModelRegistry,
  openModelRegistry,
  RegistryError,
} from '@cdktf-recommender/model-registry';
import type { ServerConfig } from '../config';
import type { ModelOrigin } from './served-model';

export type SourceConfig = Pick<ServerConfig, 'store' | 'model' | 'channel' | 'version' | 'seed'>;

/** Says which version is to be served: the pinned one, or the channel's, asked for by its ETag. */
export class ModelSource {
  private readonly opened = new Map<string, Promise<ModelRegistry>>();
  private channel: ChannelState | undefined;

  constructor(private readonly config: SourceConfig) {}

  /** The pinned version, or the channel's name: what is wanted before it is known which version that is. */
  get reference(): string {
    return this.pinnedSeed ?? this.config.version ?? this.config.channel;
  }

  /** @throws RegistryError */
  async wanted(): Promise<ModelOrigin> {
    if (this.pinnedSeed !== undefined) return this.seed(this.pinnedSeed);
    const registry = await this.open(this.config.store);
    const { version, channel } = this.config;
    if (version !== undefined) return { registry, version, source: 'store' };
    this.channel = await registry.channel(channel, this.channel);
    // Which says what is missing.
    return { registry, version: this.channel?.version ?? (await registry.resolve(channel)), source: 'store' };
  }

  private get pinnedSeed(): string | undefined {
    return this.config.version === 'seed' ? this.config.seed : undefined;
  }

  /**
   * Whether a version is missing because the store holds none yet, so that the seed is to be served.
   *
   * @param error of finding or fetching the wanted version
   */
  async awaitsFirstVersion(error: unknown): Promise<boolean> {
    if (!(error instanceof RegistryError)) return false;
    if (error.code === 'STORE_NOT_FOUND' || error.code === 'CHANNEL_NOT_FOUND') return true;
    if (error.code !== 'VERSION_NOT_FOUND') return false;
    const registry = await this.open(this.config.store);
    return registry.versions().then(
      (versions) => versions.length === 0,
      () => false,
    );
  }

  /**
   * The seed, which holds exactly one version.
   *
   * @throws Error when it holds another number of them
   */
  async seed(url: string): Promise<ModelOrigin> {
    const registry = await this.open(url);
    const [version, ...others] = await registry.versions();
    if (version !== undefined && others.length === 0) return { registry, version, source: 'seed' };
    const count = version === undefined ? 0 : others.length + 1;
    throw new Error(
      `the seed ${registry.store.url} holds ${count} versions of "${registry.model}"; it must hold exactly one`,
    );
  }

  /** Once, so that its connections are kept from one look to the next. */
  private open(url: string): Promise<ModelRegistry> {
    const known = this.opened.get(url);
    if (known) return known;
    const opening = openModelRegistry(url, this.config.model);
    this.opened.set(url, opening);
    // What a setting in the environment made fail may be mended.
    opening.catch(() => this.opened.delete(url));
    return opening;
  }
}
