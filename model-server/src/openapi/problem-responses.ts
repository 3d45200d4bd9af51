import { z } from 'zod';
import { ANSWERED_UNDER_OVERLOAD } from '../http-server';
import { PROBLEM_TYPE } from '../problem';
import { PROBLEMS, type ProblemKind, problemType } from '../problem-catalogue';
import { scopeOfRoute } from '../security/scopes';
import type { JsonSchema, SchemaComponents } from './json-schema';
import type { Operation } from './operation';

const FieldProblem = z
  .object({
    field: z.string().meta({ description: 'Its name; with a path inside a body, `items.3`.' }),
    value: z.unknown().meta({ description: 'What was received, or how it begins.' }),
    allowed: z.string().meta({ description: 'What would have been accepted.' }),
  })
  .meta({ id: 'FieldProblem' });

const ProblemBody = z
  .object({
    type: z.string().meta({ description: 'Names the kind; it never changes.' }),
    title: z.string().meta({ description: 'The kind in words.' }),
    status: z.int().meta({ description: 'Of HTTP.' }),
    detail: z.string().meta({ description: 'What happened this time. For people: programs look at `type`.' }),
    errors: z.array(FieldProblem).max(10).optional().meta({ description: 'The fields that can not be accepted.' }),
    error: z.string().optional().meta({ description: '`detail` again, at `/v2`, where its clients look for it.' }),
  })
  .meta({ id: 'Problem', description: 'A problem detail of RFC 9457.' });

/** What any route can answer besides its own problems. */
export function commonProblems({ method, path, body }: Operation, authenticates: boolean): ProblemKind[] {
  const kinds: ProblemKind[] = [
    'malformed-request',
    'request-timeout',
    'uri-too-long',
    'expectation-failed',
    'headers-too-large',
    'internal-error',
  ];
  if (!ANSWERED_UNDER_OVERLOAD.test(path)) kinds.push('overloaded');
  if (body) kinds.push('body-too-large', 'unsupported-media-type');
  if (scopeOfRoute(method, path) === 'open') return kinds;
  kinds.push('too-many-requests');
  if (authenticates) kinds.push('unauthorized', 'forbidden', 'authentication-unavailable');
  return kinds;
}

const HEADERS: Readonly<Record<number, readonly string[]>> = {
  401: ['WWW-Authenticate'],
  403: ['WWW-Authenticate?'],
  429: ['Retry-After', 'RateLimit', 'RateLimit-Policy'],
  503: ['Retry-After'],
};

const REFERENCE = '#/components/responses/';

/** The responses of problems, one for each set of kinds that share a status. */
export class ProblemResponses {
  private readonly found = new Map<string, JsonSchema>();

  constructor(
    private readonly schemas: SchemaComponents,
    private readonly headers: (names: readonly string[]) => JsonSchema,
  ) {}

  /** References by status. */
  of(kinds: readonly ProblemKind[]): Record<number, JsonSchema> {
    const statuses = new Set(kinds.map((kind) => PROBLEMS[kind].status));
    return Object.fromEntries(
      [...statuses].map((status) => {
        const ofStatus = kinds.filter((kind) => PROBLEMS[kind].status === status).sort();
        const name = ofStatus.map(pascalCase).join('Or');
        if (!this.found.has(name)) this.found.set(name, this.response(status, ofStatus));
        return [status, { $ref: `${REFERENCE}${name}` }];
      }),
    );
  }

  /** A response that is a problem or something else, told apart by their media types. */
  beside(other: JsonSchema, { $ref }: JsonSchema): JsonSchema {
    const problem = this.found.get(String($ref).slice(REFERENCE.length)) as JsonSchema;
    return {
      description: `${other.description}\n\n${problem.description}`,
      headers: other.headers,
      content: { ...(other.content as object), ...(problem.content as object) },
    };
  }

  /** By name, sorted. */
  get all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private response(status: number, kinds: readonly ProblemKind[]): JsonSchema {
    return {
      description: kinds.map((kind) => `\`${kind}\`: ${PROBLEMS[kind].when} ${PROBLEMS[kind].remedy}`).join('\n\n'),
      headers: this.headers(['x-request-id?', ...(HEADERS[status] ?? [])]),
      content: { [PROBLEM_TYPE]: { schema: this.schema(status, kinds) } },
    };
  }

  /** The body of a problem that is one of these kinds. */
  private schema(status: number, kinds: readonly ProblemKind[]): JsonSchema {
    const known = { type: { enum: kinds.map(problemType) }, status: { const: status } };
    return { allOf: [this.schemas.of(ProblemBody), { properties: known }] };
  }
}

function pascalCase(kind: string): string {
  return kind.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
