import { canonicalJson } from './canonical-json';
import { parseStored, readDocuments } from './documents';
import { ConflictError, PreconditionFailed, RegistryError } from './errors';
import { checkChannelName, layout } from './layout';
import { Channel } from './manifest';
import type { ObjectStore } from './object-store';

/** A channel as it was read. */
export type ChannelState = Channel & { readonly etag: string };

export interface MoveOptions {
  /** Who moves it: a person's or a machine's name. */
  readonly by: string;
  /**
   * The version the caller believes the channel has (`null`: none yet).
   * @default - whatever it has when the call begins
   */
  readonly expected?: string | null;
}

const ATTEMPTS = 5;

/** The pointers of one model: reads them, and moves them by compare-and-swap. */
export class ChannelPointers {
  constructor(
    private readonly store: ObjectStore,
    private readonly model: string,
  ) {}

  async get(name: string, seen?: ChannelState): Promise<ChannelState | undefined> {
    checkChannelName(name);
    const key = layout.channel(this.model, name);
    const object = seen ? await this.store.getIfChanged(key, seen.etag) : await this.store.get(key);
    if (object === 'unchanged') return seen;
    return object && { ...parseStored(this.store, key, object.body, Channel), etag: object.etag };
  }

  async all(): Promise<Map<string, Channel>> {
    return readDocuments(this.store, layout.channels(this.model), Channel);
  }

  /**
   * Points a channel to a version if it still is as it was `seen`. Moving it to where it is changes nothing.
   *
   * @throws ConflictError when someone else moved it to another version since
   */
  async move(name: string, seen: ChannelState | undefined, version: string, by: string): Promise<ChannelState> {
    if (seen?.version === version) return seen;
    const channel: Channel = {
      version,
      previous: seen?.version ?? null,
      promotedAt: new Date().toISOString(),
      promotedBy: by,
    };
    const condition = seen ? { ifMatch: seen.etag } : { ifNoneMatch: '*' as const };
    for (let attempt = 1; ; attempt++) {
      try {
        const written = await this.store.put(layout.channel(this.model, name), canonicalJson(channel), condition);
        return { ...channel, etag: written.etag };
      } catch (error) {
        if (!(error instanceof PreconditionFailed)) throw error;
        const current = await this.get(name);
        // It is where it was wanted: a repeated request whose first answer was lost, or someone of the same mind.
        if (current?.version === version) return current;
        // A write may be refused because another is under way, and that one may fail in turn.
        if (current?.etag === seen?.etag && attempt < ATTEMPTS) continue;
        throw new ConflictError(name, version, current);
      }
    }
  }
}

/** @throws ConflictError when the channel isn't where the caller believes; RegistryError when `by` is empty */
export function checkMove(
  name: string,
  seen: ChannelState | undefined,
  version: string,
  { by, expected }: MoveOptions,
): void {
  if (!by.trim()) {
    throw new RegistryError('INVALID_ARGUMENT', `nobody is named as moving channel "${name}"`, 'Set "by".');
  }
  if (expected !== undefined && expected !== (seen?.version ?? null)) throw new ConflictError(name, version, seen);
}
