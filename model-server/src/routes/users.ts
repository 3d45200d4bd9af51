import { Router } from 'express';
import { Problem } from '../problem';
import type { RecommenderOptions } from '../recommender';
import { check, checkParameter, NoQuery, UserId, UsersQuery } from '../request-schemas';
import type { UserStateStore } from '../user-state/user-state-store';
import { allowOnly } from './methods';

/** `/v1/users` lists some customers, `/v1/users/:user` shows what one bought, by name. */
export function userRoutes(users: UserStateStore, models: RecommenderOptions['models']): Router {
  const router = Router();

  router
    .route('/v1/users')
    .get(async (request, response) => {
      const { limit } = check(UsersQuery, request.query);
      response.json({ users: await users.list(limit) });
    })
    .all(allowOnly('GET'));

  router
    .route('/v1/users/:user')
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
    .all(allowOnly('GET'));

  return router;
}
