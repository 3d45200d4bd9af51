/** A call as IAM decides on it. */
export interface Call {
  /** `s3:GetObject` */
  readonly action: string;
  /**
   * ARN of what it is done to; `*` for actions that take none. `{{name}}` in it, or in a key of the request, is the
   * area's output of that name, where AWS chooses an id.
   */
  readonly resource: string;
  /** Keys of the request that a policy's conditions ask for: `{ 'kms:ViaService': 's3.us-east-1.amazonaws.com' }`. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** A `*` that a role's own policies may have. */
export interface Wildcard {
  /** The action; with the `*` in it where that is what it has. */
  readonly action: string;
  /** What in the API asks for it. */
  readonly why: string;
}

/** What a role must be able to do, and what near it must be refused. */
export interface RoleExpectation {
  /** Name of the role. */
  readonly role: string;
  /**
   * Who may act as it, as its trust has them: `lambda.amazonaws.com`, an ARN.
   * @default - it is only seen that somebody is named, and not everybody
   */
  readonly trusts?: readonly string[];
  readonly allowed: readonly Call[];
  /** At least ten: the same action on another thing, another action on the same thing. */
  readonly denied: readonly Call[];
  /**
   * Actions on every resource, and actions with a `*`, in the policies that are the role's own; AWS's managed ones have
   * theirs. Each must be there.
   * @default []
   */
  readonly wildcards?: readonly Wildcard[];
}
