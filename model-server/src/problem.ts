import { PROBLEMS, type ProblemKind, problemType } from './problem-catalogue';

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
    return PROBLEMS[this.kind].status;
  }

  toJSON(): ProblemDetails {
    const { status, title } = PROBLEMS[this.kind];
    return {
      type: problemType(this.kind),
      title,
      status,
      detail: this.detail,
      ...(this.errors && { errors: this.errors }),
    };
  }
}
