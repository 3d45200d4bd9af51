/** A path of the API that a gateway lets through. */
export interface ApiRoute {
  /** Method and path as API Gateway writes them: `GET /v1/items/{item}/similar`. */
  readonly routeKey: string;
  /**
   * What a token has to allow; one of them is enough.
   * @default - whoever has a token of the issuer's
   */
  readonly scopes?: readonly string[];
  /**
   * Share of the API's rate that this route may take, 0 to 1.
   * @default 1
   */
  readonly rateShare?: number;
}

const RECOMMEND = ['recommendations:read', 'admin'];

/**
 * What shops call of the model server, with the scopes that it asks for itself. Whatever is not here is answered with 404
 * by the gateway: the Open Inference Protocol, metrics and health checks are for the cluster.
 */
export const RECOMMENDER_ROUTES: readonly ApiRoute[] = [
  { routeKey: 'GET /v1/users/{user}/recommendations', scopes: RECOMMEND },
  { routeKey: 'POST /v1/recommendations', scopes: RECOMMEND },
  { routeKey: 'GET /v1/items/{item}/similar', scopes: RECOMMEND },
  { routeKey: 'POST /v1/events', scopes: ['events:write', 'admin'], rateShare: 0.5 },
  { routeKey: 'DELETE /v1/users/{user}', scopes: ['users:delete', 'admin'], rateShare: 0.01 },
  { routeKey: 'GET /v1/model', scopes: ['models:read', 'admin'], rateShare: 0.01 },
];
