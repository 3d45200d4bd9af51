import { hash } from 'node:crypto';

/** Something a customer did with an item; for now, a purchase. */
export interface UserEvent {
  /** Item id, as in the model's catalogue. */
  readonly item: string;
  /** When, milliseconds since the epoch. */
  readonly at: number;
}

/** An event on its way into the store. */
export interface NewUserEvent extends UserEvent {
  /** Of this customer's events the only one with this id: what comes with it later is a repetition. */
  readonly id?: string;
}

/** What is known of a customer: each item once, at its newest event, the newest first. */
export interface UserState {
  readonly user: string;
  readonly events: readonly UserEvent[];
}

/** Items kept of a customer, the newest; real ones have at most 900 or so. */
export const MAX_EVENTS_PER_USER = 1000;
/** Event ids kept of a customer, the newest. */
export const MAX_IDS_PER_USER = 1000;
/** How long an event's id is kept: longer than senders go on retrying. */
export const ID_MEMORY_MS = 24 * 3_600_000;

/**
 * What customers did. The only place where a customer's history is kept: a model version has no person in it.
 *
 * A user's id is 1 to 128 characters, checked by the callers.
 */
export interface UserStateStore {
  /** At once when it is in memory, which spares the caller a turn of the event loop; `undefined` for an unknown one. */
  get(user: string): UserState | undefined | Promise<UserState | undefined>;

  /**
   * Adds to what is known of a customer, all events or none. An event whose id is known changes nothing, nor does one
   * that is older than one with the same item; so the same call twice is harmless, with ids or without. Readers see the
   * state before or after, never between; this process's own see it as soon as the call resolves. Of more than
   * {@link MAX_EVENTS_PER_USER} events at once, as a bulk load may have, readers may see a part first.
   *
   * @returns how many events were not repetitions
   */
  append(user: string, events: readonly NewUserEvent[]): Promise<number>;

  /**
   * Forgets a customer, whole.
   *
   * @returns whether anything was known
   */
  erase(user: string): Promise<boolean>;

  /** Some known users' ids, at most `limit`, in no particular order but the same one each time. */
  list(limit: number): Promise<string[]>;

  /** Resolves when all writes are done. */
  close(): Promise<void>;
}

/** A customer's events with new ones added: each item once, at its newest, the newest first, bounded. */
export function mergeEvents(known: readonly UserEvent[], added: readonly UserEvent[]): UserEvent[] {
  const newest = new Map<string, number>();
  for (const { item, at } of [...known, ...added]) newest.set(item, Math.max(at, newest.get(item) ?? at));
  return [...newest]
    .map(([item, at]) => ({ item, at }))
    .sort(newestFirst)
    .slice(0, MAX_EVENTS_PER_USER);
}

export function newestFirst(a: UserEvent, b: UserEvent): number {
  return b.at - a.at || (a.item < b.item ? -1 : 1);
}

const revisions = new WeakMap<UserState, string>();

/**
 * Names what is known of a customer by its content: equal in every process while it is, and another after any change.
 * Worked out once for each state, when first asked for.
 */
export function revisionOf(state: UserState): string {
  let revision = revisions.get(state);
  if (revision === undefined) {
    revision = hash('sha256', state.events.map(({ item, at }) => `${item}\n${at}`).join('\n'), 'base64url').slice(
      0,
      16,
    );
    revisions.set(state, revision);
  }
  return revision;
}
