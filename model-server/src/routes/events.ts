import { json, type Request, Router } from 'express';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics';
import { type FieldProblem, Problem } from '../problem';
import { check, checkParameter, EventId, EventsBody, invalidRequest } from '../request-schemas';
import { checkOwnUser } from '../security/route-guard';
import type { NewUserEvent, UserStateStore } from '../user-state/user-state-store';
import { allowOnly } from './methods';

/** Bytes of a request's body: more than a hundred events in Latin letters need. */
const BODY_LIMIT = 100_000;
/** How far a sender's clock may be ahead. */
const CLOCK_SKEW_MS = 60_000;
const DAY_MS = 86_400_000;

export interface EventRouteOptions {
  users: Pick<UserStateStore, 'append'>;
  /** Days; older events are refused. */
  historyDays: number;
  metrics: Pick<Metrics, 'events'>;
  logger: Logger;
}

/**
 * `/v1/events` takes what customers did. Events of one customer are stored all or none; when some customers' could not
 * be, the request fails as a whole and is safe to send again, because what was stored then counts as a repetition.
 */
export function eventRoutes({ users, historyDays, metrics, logger }: EventRouteOptions): Router {
  const router = Router();

  router
    .route('/v1/events')
    .post(json({ limit: BODY_LIMIT }), async (request, response) => {
      if (!request.is('json')) throw new Problem('unsupported-media-type', 'send Content-Type: application/json');
      const { events } = check(EventsBody, request.body);
      const byUser = groupByUser(events, idempotencyKey(request), historyDays);
      for (const user of byUser.keys()) checkOwnUser(response, user);

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
      response.status(202).json({ accepted, duplicates });
    })
    .all(allowOnly('POST'));

  return router;
}

/** What `Idempotency-Key` says, which stands in for the ids of events that have none. */
function idempotencyKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  return key === undefined ? undefined : checkParameter('Idempotency-Key', EventId, key);
}

/** @throws Problem `invalid-request` for times out of bounds, and for events that nothing tells from their repetition */
function groupByUser(
  events: EventsBody['events'],
  key: string | undefined,
  historyDays: number,
): Map<string, NewUserEvent[]> {
  const now = Date.now();
  const oldest = now - historyDays * DAY_MS;
  const problems: FieldProblem[] = [];
  const byUser = new Map<string, NewUserEvent[]>();
  events.forEach(({ id: own, user, item, at = now }, i) => {
    const id = own ?? (key === undefined ? undefined : `${key}/${i}`);
    if (id === undefined) {
      const allowed = 'an id that no other event of the customer has, or the header Idempotency-Key';
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
