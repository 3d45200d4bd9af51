/** Something a customer did with an item; for now, a purchase. */
export interface UserEvent {
  /** Item id, as in the model's catalogue. */
  readonly item: string;
  /** When, milliseconds since the epoch. */
  readonly at: number;
}

/** What is known of a customer: each item once, at its newest event, the newest first. */
export interface UserState {
  readonly user: string;
  readonly events: readonly UserEvent[];
}

/** Items kept of a customer, the newest; real ones have at most 900 or so. */
export const MAX_EVENTS_PER_USER = 1000;

/**
 * What customers did. The only place where a customer's history is kept: a model version has no person in it.
 *
 * A user's id is 1 to 128 characters, checked by the callers.
 */
export interface UserStateStore {
  /** At once when it is in memory, which spares the caller a turn of the event loop; `undefined` for an unknown one. */
  get(user: string): UserState | undefined | Promise<UserState | undefined>;

  /**
   * Adds to what is known of a customer. An event that is known already, or is older than one with the same item,
   * changes nothing, so the same call twice is harmless. Readers see the state before or after, never between.
   */
  append(user: string, events: readonly UserEvent[]): Promise<void>;

  /**
   * Forgets a customer, whole.
   *
   * @returns whether anything was known
   */
  erase(user: string): Promise<boolean>;

  /** Some known users' ids, at most `limit`, in no particular order but the same one each time. */
  list(limit: number): Promise<string[]>;

  /** Resolves when all writes are on disk. */
  close(): Promise<void>;
}

/** A customer's events with new ones added: each item once, at its newest, the newest first, bounded. */
export function mergeEvents(known: readonly UserEvent[], added: readonly UserEvent[]): UserEvent[] {
  const newest = new Map<string, number>();
  for (const { item, at } of [...known, ...added]) newest.set(item, Math.max(at, newest.get(item) ?? at));
  return [...newest]
    .map(([item, at]) => ({ item, at }))
    .sort((a, b) => b.at - a.at || (a.item < b.item ? -1 : 1))
    .slice(0, MAX_EVENTS_PER_USER);
}
