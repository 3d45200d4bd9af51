import { json, type Request, type Response, Router } from 'express';
import { LRUCache } from 'lru-cache';
import type { z } from 'zod';
import { type Answer, answerBody } from '../answer';
import { endInOneWrite } from '../end-in-one-write';
import type { Metrics } from '../metrics';
import { Problem } from '../problem';
import type { RecommendationQuery, Recommender } from '../recommender';
import {
  check,
  checkInvocation,
  checkParameter,
  ItemId,
  SessionBody,
  SimilarQuery,
  UserId,
  UserQuery,
} from '../request-schemas';
import { API_HEADERS } from '../security/api-headers';
import { checkOwnUser } from '../security/route-guard';
import { allowOnly } from './methods';

/** The busiest route. */
export const USER_RECOMMENDATIONS = '/v1/users/:user/recommendations';
/** Query strings whose check is remembered, because nearly all requests send one of a few. */
const QUERIES_REMEMBERED = 1000;
/** Bytes of a request's body; its schema's bounds stay below. */
const BODY_LIMIT = 100_000;

export interface RecommendationRouteOptions {
  recommender: Recommender;
  /** Whether the model in use knows an item; `undefined` when there is no model. */
  knowsItem(id: string): boolean | undefined;
  metrics: Metrics;
}

/** `/v1/users/:user/recommendations`, `/v1/recommendations`, `/v1/items/:item/similar`, and `/invocations` for SageMaker. */
export function recommendationRoutes({ recommender, knowsItem, metrics }: RecommendationRouteOptions): Router {
  const router = Router();
  const userQuery = rememberedQuery(UserQuery);
  const similarQuery = rememberedQuery(SimilarQuery);

  router
    .route(USER_RECOMMENDATIONS)
    .get(async (request, response) => {
      const user = checkParameter('user', UserId, request.params.user);
      const answer = await recommender.recommend({ user, ...userQuery(request) }, request.record);
      send(response, { user }, answer, metrics);
    })
    .all(allowOnly('GET'));

  const posted = (path: string, queryOf: (body: unknown) => RecommendationQuery) => {
    router
      .route(path)
      .post(json({ limit: BODY_LIMIT }), async (request, response) => {
        if (!request.is('json')) throw new Problem('unsupported-media-type', 'send Content-Type: application/json');
        const query = queryOf(request.body);
        if (query.user !== undefined) checkOwnUser(response, query.user);
        const answer = await recommender.recommend(query, request.record);
        send(response, query.user === undefined ? {} : { user: query.user }, answer, metrics);
      })
      .all(allowOnly('POST'));
  };
  posted('/v1/recommendations', (body) => check(SessionBody, body));
  posted('/invocations', checkInvocation);

  router
    .route('/v1/items/:item/similar')
    .get(async (request, response) => {
      const item = checkParameter('item', ItemId, request.params.item);
      const query = similarQuery(request);
      if (knowsItem(item) === false) throw new Problem('not-found', `the model knows no item "${item}"`);
      const similar = { items: [item], reasons: 0, excludeSeen: true, ...query };
      const answer = await recommender.recommend(similar, request.record);
      send(response, { item }, answer, metrics);
    })
    .all(allowOnly('GET'));

  return router;
}

/** Checks the query of requests, each query string once. */
function rememberedQuery<T extends z.ZodObject>(schema: T): (request: Request) => z.infer<T> {
  const remembered = new LRUCache<string, z.infer<T>>({ max: QUERIES_REMEMBERED });
  return (request) => {
    const start = request.url.indexOf('?');
    const text = start < 0 ? '' : request.url.slice(start);
    const known = remembered.get(text);
    if (known) return known;
    const query = check(schema, request.query);
    remembered.set(text, query);
    return query;
  };
}

/** Writes head and body in one go, which `response.json` and `setHeader` take three times as long for. */
function send(response: Response, subject: { user?: string; item?: string }, answer: Answer, metrics: Metrics): void {
  metrics.countRecommendation(answer);
  const body = answerBody(subject, answer);
  const { record } = response.req;
  record.ranked(answer);
  const head = [
    'Content-Type',
    'application/json; charset=utf-8',
    'Content-Length',
    `${body.length}`,
    'x-recommendation-rung',
    answer.rung,
    'x-request-id',
    record.id,
    ...API_HEADERS,
  ];
  if (answer.modelVersion) head.push('x-model-version', answer.modelVersion);
  response.writeHead(200, head);
  endInOneWrite(response, body);
}
