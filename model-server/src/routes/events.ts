import { json, type Request, Router } from 'express';
import type { EventRecorder } from '../event-recorder';
import { Problem } from '../problem';
import { check, checkParameter, EventId, EventsBody } from '../request-schemas';
import { checkOwnUser } from '../security/route-guard';
import { allowOnly } from './methods';

/** Bytes of a request's body: more than a hundred events in Latin letters need. */
const BODY_LIMIT = 100_000;

/** `/v1/events` takes what customers did. */
export function eventRoutes(recorder: EventRecorder): Router {
  const router = Router();

  router
    .route('/v1/events')
    .post(json({ limit: BODY_LIMIT }), async (request, response) => {
      if (!request.is('json')) throw new Problem('unsupported-media-type', 'send Content-Type: application/json');
      const { events } = check(EventsBody, request.body);
      const byUser = recorder.byUser(events, idempotencyKey(request));
      for (const user of byUser.keys()) checkOwnUser(response, user);
      response.status(202).json(await recorder.store(byUser));
    })
    .all(allowOnly('POST'));

  return router;
}

/** What `Idempotency-Key` says, which stands in for the ids of events that have none. */
function idempotencyKey(request: Request): string | undefined {
  const key = request.get('idempotency-key');
  return key === undefined ? undefined : checkParameter('Idempotency-Key', EventId, key);
}
