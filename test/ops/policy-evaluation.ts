/** A statement of an IAM policy as a service control policy has it, which names no principal. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

export interface Request {
  readonly action: string;
  readonly resource?: string;
  /** Keys that IAM knows of the request. */
  readonly context?: Readonly<Record<string, string>>;
}

type Test = (actual: string, wanted: string) => boolean;

/** By IAM's rules: a negated operator is true of a key that the request doesn't have, any other one false. */
const OPERATORS: Readonly<Record<string, { readonly test: Test; readonly negated?: boolean }>> = {
  StringEquals: { test: (actual, wanted) => actual === wanted },
  StringNotEquals: { test: (actual, wanted) => actual === wanted, negated: true },
  ArnLike: { test: matches },
  ArnNotLike: { test: matches, negated: true },
  Bool: { test: (actual, wanted) => actual === wanted },
  NumericLessThan: { test: (actual, wanted) => Number(actual) < Number(wanted) },
};

/** The first statement that denies a request, if one does. */
export function deniedBy(statements: readonly Statement[], request: Request): string | undefined {
  return statements.find((statement) => statement.Effect === 'Deny' && applies(statement, request))?.Sid;
}

function applies({ Action, NotAction, Resource, Condition = {} }: Statement, request: Request): boolean {
  const { action, resource = '*', context = {} } = request;
  const named = (patterns: string | readonly string[]) => list(patterns).some((pattern) => matches(action, pattern));
  if (Action !== undefined && !named(Action)) return false;
  if (NotAction !== undefined && named(NotAction)) return false;
  if (!list(Resource).some((pattern) => matches(resource, pattern))) return false;
  return Object.entries(Condition).every(([name, keys]) => {
    const operator = OPERATORS[name];
    if (!operator) throw new Error(`${name} is not evaluated here`);
    const { test, negated = false } = operator;
    return Object.entries(keys).every(([key, wanted]) => {
      const actual = context[key];
      if (actual === undefined) return negated;
      return list(wanted).some((one) => test(actual, one)) !== negated;
    });
  });
}

function matches(text: string, pattern: string): boolean {
  const escaped = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${escaped}$`, 'i').test(text);
}

export function list(value: string | readonly string[]): readonly string[] {
  return typeof value === 'string' ? [value] : value;
}
