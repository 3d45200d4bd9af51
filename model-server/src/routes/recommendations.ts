import { json, type Response, Router } from 'express';
import type { Metrics } from '../metrics';
import { Problem } from '../problem';
import type { Answer, Recommender } from '../recommender';
import { check, checkParameter, ItemId, SessionBody, SimilarQuery, UserId, UserQuery } from '../request-schemas';
import { allowOnly } from './methods';

/** Bytes of a request's body; its schema's bounds stay below. */
const BODY_LIMIT = 100_000;

export interface RecommendationRouteOptions {
  recommender: Recommender;
  /** Whether the model in use knows an item; `undefined` when there is no model. */
  knowsItem(id: string): boolean | undefined;
  metrics: Metrics;
}

/** `/v1/users/:user/recommendations`, `/v1/recommendations` and `/v1/items/:item/similar`. */
export function recommendationRoutes({ recommender, knowsItem, metrics }: RecommendationRouteOptions): Router {
  const router = Router();

  router
    .route('/v1/users/:user/recommendations')
    .get(async (request, response) => {
      const user = checkParameter('user', UserId, request.params.user);
      const answer = await recommender.recommend({ user, ...check(UserQuery, request.query) });
      send(response, { user }, answer, metrics);
    })
    .all(allowOnly('GET'));

  router
    .route('/v1/recommendations')
    .post(json({ limit: BODY_LIMIT }), async (request, response) => {
      if (!request.is('json')) throw new Problem('unsupported-media-type', 'send Content-Type: application/json');
      const query = check(SessionBody, request.body);
      const answer = await recommender.recommend(query);
      send(response, query.user === undefined ? {} : { user: query.user }, answer, metrics);
    })
    .all(allowOnly('POST'));

  router
    .route('/v1/items/:item/similar')
    .get(async (request, response) => {
      const item = checkParameter('item', ItemId, request.params.item);
      const query = check(SimilarQuery, request.query);
      if (knowsItem(item) === false) throw new Problem('not-found', `the model knows no item "${item}"`);
      const answer = await recommender.recommend({ items: [item], reasons: 0, excludeSeen: true, ...query });
      send(response, { item }, answer, metrics);
    })
    .all(allowOnly('GET'));

  return router;
}

function send(response: Response, subject: object, answer: Answer, metrics: Metrics): void {
  if (answer.modelVersion) response.setHeader('x-model-version', answer.modelVersion);
  response.setHeader('x-recommendation-rung', answer.rung);
  metrics.countRecommendation(answer.rung, answer.modelVersion);
  if (answer.fallback) metrics.fallbacks.inc({ reason: answer.fallback });
  response.json({ ...subject, ...answer });
}
