import type { Logger } from 'pino';
import type { Metrics } from './metrics';
import { type FieldProblem, Problem } from './problem';
import { type EventsBody, invalidRequest } from './request-schemas';
import type { NewUserEvent, UserStateStore } from './user-state/user-state-store';

/** How far a sender's clock may be ahead. */
const CLOCK_SKEW_MS = 60_000;
const DAY_MS = 86_400_000;

export interface EventRecorderOptions {
  readonly users: Pick<UserStateStore, 'append'>;
  /** Days; older events are refused. */
  readonly historyDays: number;
  readonly metrics: Pick<Metrics, 'events'>;
  readonly logger: Logger;
}

/** How many events were stored, and how many of the request were stored before. */
export interface RecordedEvents {
  readonly accepted: number;
  readonly duplicates: number;
}

/**
 * Takes what customers did. Events of one customer are stored all or none; when some customers' could not be, the
 * request fails as a whole and is safe to send again, because what was stored then counts as a repetition.
 */
export class EventRecorder {
  constructor(private readonly options: EventRecorderOptions) {}

  /**
   * Sorts checked events by customer.
   *
   * @param key stands in for the ids of events that have none
   * @throws Problem `invalid-request` for times out of bounds, and for events that nothing tells from their repetition
   */
  byUser(events: EventsBody['events'], key: string | undefined): Map<string, NewUserEvent[]> {
    const { historyDays } = this.options;
    const now = Date.now();
    const oldest = now - historyDays * DAY_MS;
    const problems: FieldProblem[] = [];
    const byUser = new Map<string, NewUserEvent[]>();
    events.forEach(({ id: own, user, item, at = now }, i) => {
      const id = own ?? (key === undefined ? undefined : `${key}/${i}`);
      if (id === undefined) {
        const allowed =
          'an id that no other event of the customer has, or an idempotency key of the request (in HTTP the header Idempotency-Key)';
        problems.push({ field: `events.${i}.id`, value: null, allowed });
      }
      if (at < oldest || at > now + CLOCK_SKEW_MS) {
        const allowed = `a time at most ${historyDays} days ago and not in the future`;
        problems.push({ field: `events.${i}.at`, value: at, allowed });
      }
      const ofUser = byUser.get(user) ?? [];
      ofUser.push({ id, item, at });
      byUser.set(user, ofUser);
    });
    if (problems.length > 0) throw invalidRequest(problems);
    return byUser;
  }

  /** @throws Problem `user-state-unavailable` when some could not be stored */
  async store(byUser: ReadonlyMap<string, NewUserEvent[]>): Promise<RecordedEvents> {
    const { users, metrics, logger } = this.options;
    const stored = await Promise.allSettled([...byUser].map(([user, ofUser]) => users.append(user, ofUser)));
    const sizes = [...byUser.values()].map(({ length }) => length);
    let accepted = 0;
    let duplicates = 0;
    stored.forEach((result, i) => {
      if (result.status === 'rejected') return;
      accepted += result.value;
      duplicates += (sizes[i] as number) - result.value;
    });
    metrics.events.inc({ result: 'accepted' }, accepted);
    metrics.events.inc({ result: 'duplicate' }, duplicates);

    const failures = stored.filter((result) => result.status === 'rejected');
    if (failures.length > 0) {
      logger.error({ err: failures[0]?.reason, customers: failures.length }, 'events not stored');
      const share = `of ${failures.length} of ${byUser.size} customers`;
      throw new Problem('user-state-unavailable', `events ${share} were not stored; send the same request again`);
    }
    return { accepted, duplicates };
  }
}
