import type { z } from 'zod';
import { SERVER_VERSION } from '../inference/server-metadata';
import { type Scope, scopeOfRoute } from '../security/scopes';
import { RESPONSE_HEADERS } from './headers';
import { type JsonSchema, SchemaComponents } from './json-schema';
import { type MediaType, type Operation, TAGS } from './operation';
import { OPERATIONS, routeOf } from './operations';
import { commonProblems, ProblemResponses } from './problem-responses';

export interface DocumentedServer {
  /** The routes it has, as `GET /v1/users/:user`; those that {@link OPERATIONS} lacks are left out. */
  readonly routes: readonly string[];
  /** Whether callers have to say who they are. */
  readonly authenticates: boolean;
}

/** A document of OpenAPI 3.1. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, JsonSchema>>;
  readonly components: JsonSchema;
  readonly [field: string]: unknown;
}

const SECURITY_SCHEMES = {
  bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token of the configured issuer.' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'Made by `recommender keys create`.' },
};

/** Written from the schemas that requests are checked with, for the routes that a server has. */
export function openApiDocument({ routes, authenticates }: DocumentedServer): OpenApiDocument {
  const operations = OPERATIONS.filter((operation) => routes.includes(routeOf(operation)));
  const schemas = new SchemaComponents();
  const problems = new ProblemResponses(schemas, headers);
  const paths: Record<string, JsonSchema> = {};
  for (const operation of operations) {
    const path = operation.path.replace(/:(\w+)/g, '{$1}');
    paths[path] ??= {};
    paths[path][operation.method.toLowerCase()] = {
      operationId: operation.operationId,
      tags: [operation.tag],
      summary: operation.summary,
      ...(operation.description && { description: operation.description }),
      ...(authenticates && { security: security(operation) }),
      ...parameters(operation, schemas),
      ...(operation.body && { requestBody: { required: true, content: content(operation.body, schemas) } }),
      responses: responses(operation, authenticates, schemas, problems),
    };
  }
  const tags = new Set(operations.map(({ tag }) => tag));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Recommender',
      version: SERVER_VERSION,
      description:
        'What to show customers of a shop. Errors are `application/problem+json`, whose `type` never changes. Send ' +
        '`x-request-id` or `traceparent` to find a request again in the log and the traces of the server.',
      license: { name: 'Apache License 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    tags: [...tags].map((name) => ({ name, description: TAGS[name] })),
    paths,
    components: {
      schemas: schemas.all,
      responses: problems.all,
      headers: RESPONSE_HEADERS,
      ...(authenticates && { securitySchemes: SECURITY_SCHEMES }),
    },
  };
}

/** With every route, as a server has them whose callers are known: `model-server/openapi.json`. */
export function wholeOpenApiDocument(): OpenApiDocument {
  return openApiDocument({ routes: OPERATIONS.map(routeOf), authenticates: true });
}

/** Either way of saying who one is, each with the scope that the route asks for. */
function security({ method, path }: Operation): JsonSchema[] {
  const scope: Scope | 'open' = scopeOfRoute(method, path);
  return scope === 'open' ? [] : Object.keys(SECURITY_SCHEMES).map((scheme) => ({ [scheme]: [scope] }));
}

function parameters({ parameters: { path = {}, query, header = {} } = {} }: Operation, schemas: SchemaComponents) {
  const of = (where: string, shape: Readonly<Record<string, z.ZodType>>) =>
    Object.entries(shape).map(([name, schema]) => {
      const { description, ...rest } = schemas.ofParameter(schema);
      return {
        name,
        in: where,
        required: !schema.safeParse(undefined).success,
        ...(description !== undefined && { description }),
        // A list is one value, its parts separated by commas.
        ...(rest.type === 'array' && { style: 'form', explode: false }),
        schema: rest,
      };
    });
  const all = [...of('path', path), ...of('query', query?.shape ?? {}), ...of('header', header)];
  return all.length > 0 ? { parameters: all } : {};
}

function responses(
  operation: Operation,
  authenticates: boolean,
  schemas: SchemaComponents,
  problems: ProblemResponses,
): Record<number, JsonSchema> {
  const versioned = operation.path.startsWith('/v1/') ? ['x-model-version?'] : [];
  const limited = scopeOfRoute(operation.method, operation.path) === 'open' ? [] : ['RateLimit?', 'RateLimit-Policy?'];
  const successes = Object.entries(operation.responses).map(
    ([status, { description, content: bodies, headers: own }]) => [
      status,
      {
        description,
        headers: headers(['x-request-id', ...versioned, ...(own ?? []), ...limited]),
        ...(Object.keys(bodies).length > 0 && { content: content(bodies, schemas) }),
      },
    ],
  );
  const answers: Record<string, JsonSchema> = Object.fromEntries(successes);
  const failures = problems.of([...operation.problems, ...commonProblems(operation, authenticates)]);
  for (const [status, failure] of Object.entries(failures)) {
    // Of a status that is an answer too, a problem is told by its media type.
    answers[status] = answers[status] ? problems.beside(answers[status], failure) : failure;
  }
  return answers;
}

function content(bodies: Readonly<Record<string, MediaType>>, schemas: SchemaComponents): JsonSchema {
  return Object.fromEntries(
    Object.entries(bodies).map(([type, { schema, examples }]) => [
      type,
      {
        ...(schema && { schema: schemas.of(schema) }),
        ...(examples && { examples: Object.fromEntries(examples.map((value, i) => [`example${i + 1}`, { value }])) }),
      },
    ]),
  );
}

/** @param names with `?` behind those that are not always there */
function headers(names: readonly string[]): JsonSchema {
  return Object.fromEntries(
    names.map((text) => {
      const name = text.replace('?', '');
      const reference = { $ref: `#/components/headers/${name}` };
      return [name, name === text ? { ...RESPONSE_HEADERS[name], required: true } : reference];
    }),
  );
}
