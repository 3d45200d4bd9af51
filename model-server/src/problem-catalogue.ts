interface CatalogueEntry {
  /** Of HTTP. */
  readonly status: number;
  /** The same in every answer of the kind. */
  readonly title: string;
  /** When a caller gets it. */
  readonly when: string;
  /** What the caller does about it. */
  readonly remedy: string;
}

/**
 * Every error that a caller can get, by the last part of its `type`. A kind is a contract: it keeps its name, its status
 * and its meaning. `docs/problems.md` and the OpenAPI document are written from it.
 */
export const PROBLEMS = {
  'invalid-request': {
    status: 400,
    title: 'The request is not valid',
    when: 'A parameter or a field has a value that is not allowed, is missing, or is unknown.',
    remedy: 'Correct what `errors` names: each `field` with the `value` received and what is `allowed`.',
  },
  'malformed-request': {
    status: 400,
    title: 'The request can not be read',
    when: 'It is no HTTP/1.1, has not exactly one Host header, a broken percent-encoding, or a body that is no JSON.',
    remedy: 'Correct what `detail` says; a client library that encodes paths and bodies does not send such.',
  },
  unauthorized: {
    status: 401,
    title: 'The caller is not known',
    when: 'There is no token or API key, there are two, or it is not valid any more.',
    remedy: 'Send `Authorization: Bearer …` or `x-api-key: …`; get a new token when the old one is over.',
  },
  forbidden: {
    status: 403,
    title: 'The caller may not do this',
    when: 'The token or API key lacks the scope of the route, or belongs to another customer.',
    remedy: 'Ask for the scope that `WWW-Authenticate` names; do not send the request again unchanged.',
  },
  'not-found': {
    status: 404,
    title: 'There is no such thing',
    when: 'There is no such route, item, customer or model.',
    remedy: 'Treat it as an answer: the item or the customer is not known here.',
  },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    when: 'The path exists, but not with this method.',
    remedy: 'Use one of the methods in `Allow`.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request took too long',
    when: 'The head or the body came too slowly.',
    remedy: 'Send the request again on a new connection.',
  },
  'diagnosis-running': {
    status: 409,
    title: 'Another diagnosis is under way',
    when: 'On the admin port, a profile or a snapshot was asked for during another.',
    remedy: 'Wait for the other to end.',
  },
  'body-too-large': {
    status: 413,
    title: 'The body is too large',
    when: 'The body has more bytes than the route takes.',
    remedy: 'Split the request.',
  },
  'uri-too-long': {
    status: 414,
    title: 'The path and query are too long',
    when: 'Path and query have more than 8192 characters together.',
    remedy: 'Exclude fewer items, or send the list in the body of `POST /v1/recommendations`.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body must be JSON',
    when: 'The body is of another type, charset or content encoding.',
    remedy: 'Send UTF-8 with `Content-Type: application/json`, plain or compressed by gzip, deflate or br.',
  },
  'expectation-failed': {
    status: 417,
    title: 'The expectation can not be met',
    when: 'The header Expect has another value than 100-continue.',
    remedy: 'Leave the header out.',
  },
  'too-many-requests': {
    status: 429,
    title: 'There were too many requests',
    when: 'The limit of the caller or of its address is used up; `RateLimit` and `RateLimit-Policy` say how far.',
    remedy: 'Wait for the seconds in `Retry-After`.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The head of the request is too large',
    when: 'There are more than 100 headers, or path and headers have more than 16384 bytes.',
    remedy: 'Send fewer headers; cookies are of no use here.',
  },
  'internal-error': {
    status: 500,
    title: 'The server failed',
    when: 'Something happened that nobody thought of; the server logged it with the `x-request-id` of the answer.',
    remedy: 'Send the request again once; tell the operators the `x-request-id` if it happens again.',
  },
  'inputs-rejected': {
    status: 422,
    title: 'The model can not be run on these values',
    when: 'Names, types and shapes of the tensors are right, but the run failed on their values.',
    remedy: "Look at the runtime's message in `detail`: mostly an index or a size that the model does not have.",
  },
  'model-failed': {
    status: 500,
    title: "The model's run failed",
    when: 'What runs a model served by name failed, or did not answer as it must.',
    remedy: 'Look at `detail`, and tell the operators.',
  },
  'authentication-unavailable': {
    status: 503,
    title: 'Callers can not be verified',
    when: "The keys of the tokens' issuer can not be had.",
    remedy: 'Wait for the seconds in `Retry-After`, and send the request again.',
  },
  overloaded: {
    status: 503,
    title: 'The server has too much to do',
    when: 'More requests came than the server can answer in time, and this one was refused at once.',
    remedy: 'Wait for the seconds in `Retry-After`, and send the request again.',
  },
  'user-state-unavailable': {
    status: 503,
    title: "Customers' histories can not be written",
    when: 'Events were not stored, or a customer not forgotten.',
    remedy: 'Send the same request again: what was done already is not done twice.',
  },
  'not-ready': {
    status: 503,
    title: 'The server is not ready',
    when: 'It starts, shuts down, has neither a model nor static items to answer from, or, at `/livez`, a run of the model does not end.',
    remedy: 'Wait for the seconds in `Retry-After`, and send the request again.',
  },
  'model-unavailable': {
    status: 503,
    title: 'The model is not available',
    when: 'A model served by name could not be loaded, or the server that runs it is silent.',
    remedy: 'Send the request again later; `detail` says why, and the operators see it in the log.',
  },
  'model-busy': {
    status: 503,
    title: 'The model has more to do than it can',
    when: 'A model served by name has as many requests under way as it may have.',
    remedy: 'Wait for the seconds in `Retry-After`, and send the request again.',
  },
  'model-timeout': {
    status: 504,
    title: 'The model took too long',
    when: 'A model served by name did not answer in time.',
    remedy: 'Send smaller tensors, or ask the operators for more time (`inferenceTimeoutMs`).',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ProblemKind = keyof typeof PROBLEMS;
export const PROBLEM_KINDS = Object.keys(PROBLEMS) as ProblemKind[];

/** What `type` says of a kind: a name, not an address. */
export function problemType(kind: ProblemKind): string {
  return `urn:cdktf-recommender:problem:${kind}`;
}
