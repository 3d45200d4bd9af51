/** The media type of RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** A field of a request that can't be accepted. */
export interface FieldProblem {
  /** Its name; with a path inside a body, `items.3`. */
  readonly field: string;
  /** What was received. */
  readonly value: unknown;
  /** What would have been accepted. */
  readonly allowed: string;
}

/** What an error response says: a problem detail of RFC 9457. */
export interface ProblemDetails {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: readonly FieldProblem[];
}

const TITLES = {
  'invalid-request': [400, 'The request is not valid'],
  'malformed-request': [400, 'The request can not be read'],
  unauthorized: [401, 'The caller is not known'],
  forbidden: [403, 'The caller may not do this'],
  'not-found': [404, 'There is no such thing'],
  'method-not-allowed': [405, 'The method is not allowed here'],
  'request-timeout': [408, 'The request took too long'],
  'diagnosis-running': [409, 'Another diagnosis is under way'],
  'body-too-large': [413, 'The body is too large'],
  'uri-too-long': [414, 'The path and query are too long'],
  'unsupported-media-type': [415, 'The body must be JSON'],
  'expectation-failed': [417, 'The expectation can not be met'],
  'too-many-requests': [429, 'There were too many requests'],
  'headers-too-large': [431, 'The head of the request is too large'],
  'internal-error': [500, 'The server failed'],
  'model-failed': [500, "The model's run failed"],
  'authentication-unavailable': [503, 'Callers can not be verified'],
  overloaded: [503, 'The server has too much to do'],
  'user-state-unavailable': [503, "Customers' histories can not be written"],
  'not-ready': [503, 'The server is not ready'],
  'model-unavailable': [503, 'The model is not available'],
  'model-busy': [503, 'The model has more to do than it can'],
  'model-timeout': [504, 'The model took too long'],
} as const;
export type ProblemKind = keyof typeof TITLES;
export const PROBLEM_KINDS = Object.keys(TITLES) as ProblemKind[];

/** An error that the caller is told about. Whatever else is thrown shows as `internal-error` without its message. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly kind: ProblemKind,
    readonly detail: string,
    readonly errors?: readonly FieldProblem[],
  ) {
    super(detail);
  }

  get status(): number {
    return TITLES[this.kind][0];
  }

  toJSON(): ProblemDetails {
    const [status, title] = TITLES[this.kind];
    return {
      type: `urn:cdktf-recommender:problem:${this.kind}`,
      title,
      status,
      detail: this.detail,
      ...(this.errors && { errors: this.errors }),
    };
  }
}
