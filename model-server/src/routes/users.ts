import { Router } from 'express';
import type { Logger } from 'pino';
import { Problem } from '../problem';
import type { RecommenderOptions } from '../recommender';
import { check, checkParameter, NoQuery, UserId, UsersQuery } from '../request-schemas';
import type { ResultCache } from '../result-cache/result-cache';
import { eraseUser } from '../user-state/erase-user';
import type { UserStateStore } from '../user-state/user-state-store';
import { allowOnly } from './methods';

export interface UserRouteOptions {
  users: UserStateStore;
  /** Has answers of customers, if it is there. */
  resultCache: Pick<ResultCache, 'erase'> | undefined;
  models: RecommenderOptions['models'];
  /** Whether what is known of customers is shown; forgotten it is in any case. */
  shown: boolean;
  logger: Logger;
}

/** `/v1/users` lists some customers, `/v1/users/:user` shows what one bought, by name, and forgets a customer. */
export function userRoutes({ users, resultCache, models, shown, logger }: UserRouteOptions): Router {
  const router = Router();

  const user = router.route('/v1/users/:user').delete(async (request, response) => {
    const user = checkParameter('user', UserId, request.params.user);
    check(NoQuery, request.query);
    await eraseUser(user, { users, resultCache, logger });
    response.status(204).end();
  });
  if (!shown) {
    user.all(allowOnly('DELETE'));
    return router;
  }

  router
    .route('/v1/users')
    .get(async (request, response) => {
      const { limit } = check(UsersQuery, request.query);
      response.json({ users: await users.list(limit) });
    })
    .all(allowOnly('GET'));

  user
    .get(async (request, response) => {
      const user = checkParameter('user', UserId, request.params.user);
      check(NoQuery, request.query);
      const state = await users.get(user);
      if (!state) throw new Problem('not-found', `nothing is known of the customer "${user}"`);
      const model = models.current?.model;
      const purchases = state.events.map(({ item, at }) => ({
        id: item,
        // An item that the model doesn't know has no name here.
        name: model?.items[model.indexOf(item) ?? -1]?.name ?? null,
        at: new Date(at).toISOString(),
      }));
      response.json({ user, purchases });
    })
    .all(allowOnly('GET', 'DELETE'));

  return router;
}
