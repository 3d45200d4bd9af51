/** What a caller may be allowed to do, as a token's `scope` or an API key's `scopes` name it. */
export const SCOPES = [
  'recommendations:read',
  'events:write',
  'users:read',
  'users:delete',
  'models:read',
  'models:infer',
  'metrics:read',
  /** All of the above, and whatever is not in {@link ROUTE_SCOPES}. */
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

/**
 * The scope that each route of the API needs, by method and path as the router knows them; `open` is for everybody.
 * A route that is missing here needs `admin`, and a test fails.
 */
export const ROUTE_SCOPES: Readonly<Record<string, Scope | 'open'>> = {
  // Asked by a kubelet or a load balancer, which has no credentials.
  'GET /livez': 'open',
  'GET /readyz': 'open',
  'GET /ping': 'open',
  'GET /startupz': 'open',
  // Tells no more than the project's own pages do.
  'GET /openapi.json': 'open',
  'GET /metrics': 'metrics:read',
  'GET /v1/users/:user/recommendations': 'recommendations:read',
  'POST /v1/recommendations': 'recommendations:read',
  'POST /invocations': 'recommendations:read',
  'GET /v1/items/:item/similar': 'recommendations:read',
  'POST /v1/events': 'events:write',
  'GET /v1/users': 'users:read',
  'GET /v1/users/:user': 'users:read',
  'DELETE /v1/users/:user': 'users:delete',
  'GET /v1/model': 'models:read',
  'GET /v2': 'models:read',
  'GET /v2/health/live': 'open',
  'GET /v2/health/ready': 'open',
  'GET /v2/models': 'models:read',
  ...ofModel('GET', '', 'models:read'),
  ...ofModel('GET', '/ready', 'models:read'),
  ...ofModel('GET', '/schema', 'models:read'),
  ...ofModel('POST', '/infer', 'models:infer'),
};

/** The same for gRPC, by a method's name on the wire. */
export const CALL_SCOPES: Readonly<Record<string, Scope | 'open'>> = {
  '/grpc.health.v1.Health/Check': 'open',
  '/grpc.health.v1.Health/List': 'open',
  '/grpc.health.v1.Health/Watch': 'open',
  '/grpc.reflection.v1.ServerReflection/ServerReflectionInfo': 'models:read',
  '/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo': 'models:read',
  '/recommender.v1.Recommender/RecommendForUser': 'recommendations:read',
  '/recommender.v1.Recommender/RecommendForSession': 'recommendations:read',
  '/recommender.v1.Recommender/SimilarItems': 'recommendations:read',
  '/recommender.v1.Recommender/RecordEvents': 'events:write',
  '/recommender.v1.Recommender/EraseUser': 'users:delete',
  '/inference.GRPCInferenceService/ServerLive': 'open',
  '/inference.GRPCInferenceService/ServerReady': 'open',
  '/inference.GRPCInferenceService/ModelReady': 'models:read',
  '/inference.GRPCInferenceService/ServerMetadata': 'models:read',
  '/inference.GRPCInferenceService/ModelMetadata': 'models:read',
  '/inference.GRPCInferenceService/ModelInfer': 'models:infer',
};

/** The Open Inference Protocol has each path twice, with a version and without. */
function ofModel(method: string, path: string, scope: Scope): Record<string, Scope> {
  return Object.fromEntries(
    ['', '/versions/:version'].map((version) => [`${method} /v2/models/:model${version}${path}`, scope]),
  );
}

/** The scope of a route for a method; a HEAD is a GET without a body. */
export function scopeOfRoute(method: string, path: string): Scope | 'open' {
  return ROUTE_SCOPES[`${method === 'HEAD' ? 'GET' : method} ${path}`] ?? 'admin';
}

/** The scope of a gRPC method; of one that is not in the table, `admin`. */
export function scopeOfCall(path: string): Scope | 'open' {
  return CALL_SCOPES[path] ?? 'admin';
}
