import { writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Admission } from '../../../model-server/src/admission';
import type { OpenApiDocument } from '../../../model-server/src/openapi/document';
import type { Operation } from '../../../model-server/src/openapi/operation';
import { OPERATIONS, routeOf } from '../../../model-server/src/openapi/operations';
import { createApiKey } from '../../../model-server/src/security/api-keys';
import { type Scope, scopeOfRoute } from '../../../model-server/src/security/scopes';
import { publish, Workbench } from '../fixtures';
import { arithmeticModel, writeFiles } from '../inference-fixtures';
import { type Answer, answerChecker } from './answer-checker';

const NAMES: Record<string, string> = { user: 'ann', item: 'item-1', model: 'arithmetic', version: '1' };
const tensor = (name: string, data: unknown[]) => ({ name, shape: [1, 2], datatype: 'FP32', data });
const INFER = { inputs: [tensor('a', [1, 2]), tensor('b', [3, 4])] };
const BODIES: Record<string, unknown> = {
  recommendForSession: { items: ['item-1'], user: 'ann', reasons: 1 },
  invoke: { user: 'ann' },
  recordEvents: { events: [{ id: 'e1', user: 'ann', item: 'item-0', type: 'purchase' }] },
  infer: INFER,
  inferVersion: INFER,
};

const pathOf = ({ path }: Operation, names = NAMES) =>
  path.replace(/:(\w+)/g, (_, name: string) => names[name] as string);
const guarded = OPERATIONS.filter(({ method, path }) => scopeOfRoute(method, path) !== 'open');
const withBody = OPERATIONS.filter(({ body }) => body);

interface Ask {
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** By node:http, because fetch has ideas of its own about `Expect` and `If-None-Match`. */
function ask(url: string, operation: Operation, { path, headers, body }: Ask = {}): Promise<Answer> {
  const sent = body ?? BODIES[operation.operationId];
  const type = sent === undefined ? undefined : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const options = { method: operation.method, headers: { ...type, ...headers } };
    const request = httpRequest(url + (path ?? pathOf(operation)), options, async (response) => {
      let text = '';
      for await (const part of response.setEncoding('utf8')) text += part;
      resolve({ status: response.statusCode as number, headers: response.headers as Answer['headers'], body: text });
    });
    request.on('error', reject);
    request.end(sent === undefined || typeof sent === 'string' ? sent : JSON.stringify(sent));
  });
}

const documentOf = async (url: string) => (await (await fetch(`${url}/openapi.json`)).json()) as OpenApiDocument;

describe('a server whose callers are known answers as its document says', () => {
  const bench = new Workbench();
  let url: string;
  let document: OpenApiDocument;
  let check: ReturnType<typeof answerChecker>;
  let admin: Record<string, string>;
  /** Keys with one scope each, of which no route asks for both. */
  let few: { scope: Scope; headers: Record<string, string> }[];
  beforeAll(async () => {
    const directory = await bench.directory();
    const apiKeysFile = join(directory, 'keys.jsonl');
    const all = createApiKey({ id: 'all', scopes: ['admin'] });
    const scopes: Scope[] = ['metrics:read', 'models:read'];
    const keys = scopes.map((scope, i) => createApiKey({ id: `few-${i}`, scopes: [scope] }));
    await writeFile(apiKeysFile, [all, ...keys].map(({ record }) => JSON.stringify(record)).join('\n'));
    admin = { 'x-api-key': all.key };
    few = scopes.map((scope, i) => ({ scope, headers: { 'x-api-key': keys[i]?.key as string } }));
    const models = await writeFiles(join(directory, 'models'), { 'arithmetic/model.onnx': arithmeticModel() });
    const config = await bench.config({ console: true, apiKeysFile, models });
    await publish(config.store);
    url = (await bench.server(config)).url;
    document = await documentOf(url);
    check = answerChecker(document);
  });
  afterAll(() => bench.cleanUp());

  it('which has all routes', () => {
    const told = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(told.sort()).toEqual(OPERATIONS.map((one) => routeOf(one).replace(/:(\w+)/g, '{$1}')).sort());
  });

  it('when nothing is wrong, on every route', async () => {
    // What a customer did comes first, and is forgotten last.
    const last = OPERATIONS.filter(({ method }) => method === 'DELETE');
    const first = OPERATIONS.filter(({ operationId }) => operationId === 'recordEvents');
    const between = OPERATIONS.filter((one) => !last.includes(one) && !first.includes(one));
    for (const operation of [...first, ...between, ...last]) {
      const answer = await ask(url, operation, { headers: admin });
      const success = Number(Object.keys(operation.responses)[0]);
      expect([operation.operationId, answer.status, check(operation, answer)]).toEqual([
        operation.operationId,
        success,
        [],
      ]);
    }
  });

  it.each<[string, string, Ask, number]>([
    ['with reasons', 'recommendForUser', { path: '/v1/users/ann/recommendations?reasons=5' }, 200],
    ['of an unknown customer', 'recommendForUser', { path: '/v1/users/nobody/recommendations' }, 200],
    ['to a session without a customer', 'recommendForSession', { body: { items: ['item-1'] } }, 200],
    ['to octets', 'infer', { body: { ...INFER, parameters: { binary_data_output: true } } }, 200],
    ['of a wrong query', 'recommendForUser', { path: '/v1/users/ann/recommendations?limit=0&x=1' }, 400],
    ['of an unknown item', 'similarItems', { path: '/v1/items/unheard-of/similar' }, 404],
    ['of an unknown customer', 'getUser', { path: '/v1/users/nobody' }, 404],
    ['of an unknown model', 'modelMetadata', { path: '/v2/models/nobody' }, 404],
    [
      'to an event without an id',
      'recordEvents',
      { body: { events: [{ user: 'a', item: 'b', type: 'purchase' }] } },
      400,
    ],
    ['to wrong tensors', 'infer', { body: { inputs: [tensor('a', [1])] } }, 400],
    ['to a broken percent-encoding', 'getUser', { path: '/v1/users/%E0%A4%A' }, 400],
  ])('%s (%s)', async (_, operationId, request, status) => {
    const operation = OPERATIONS.find((one) => one.operationId === operationId) as Operation;
    const answer = await ask(url, operation, { ...request, headers: admin });
    expect([answer.status, check(operation, answer)]).toEqual([status, []]);
  });

  it('to callers it does not know, and to those who may not', async () => {
    for (const operation of guarded) {
      const scope = scopeOfRoute(operation.method, operation.path);
      const other = few.find((key) => key.scope !== scope);
      const [unknown, forbidden] = [await ask(url, operation), await ask(url, operation, { headers: other?.headers })];
      expect([operation.operationId, unknown.status, forbidden.status]).toEqual([operation.operationId, 401, 403]);
      expect([...check(operation, unknown), ...check(operation, forbidden)]).toEqual([]);
    }
  });

  it('to requests that are too long on every route', async () => {
    for (const operation of OPERATIONS) {
      const answer = await ask(url, operation, { path: `${pathOf(operation)}?${'x'.repeat(9000)}`, headers: admin });
      expect([operation.operationId, answer.status, check(operation, answer)]).toEqual([
        operation.operationId,
        414,
        [],
      ]);
    }
  });

  it('to bodies that are too large, of another type, or no JSON', async () => {
    for (const operation of withBody) {
      const large = await ask(url, operation, { headers: admin, body: `"${'x'.repeat(5_000_000)}"` });
      const text = await ask(url, operation, { headers: { ...admin, 'content-type': 'text/plain' } });
      const broken = await ask(url, operation, { headers: admin, body: '{' });
      expect([large, text, broken].map(({ status }) => status)).toEqual([413, 415, 400]);
      expect([large, text, broken].flatMap((answer) => check(operation, answer))).toEqual([]);
    }
  });

  it('to an expectation', async () => {
    const [operation] = OPERATIONS as [Operation];
    const answer = await ask(url, operation, { headers: { ...admin, expect: 'a-miracle' } });
    expect([answer.status, check(operation, answer)]).toEqual([417, []]);
  });

  it('to one who has the document already, who is not sent it again', async () => {
    const operation = OPERATIONS.find(({ path }) => path === '/openapi.json') as Operation;
    const { headers } = await ask(url, operation);
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'content-type': 'application/json; charset=utf-8' });
    const again = await ask(url, operation, { headers: { 'if-none-match': headers.etag as string } });
    expect([again.status, again.body, check(operation, again)]).toEqual([304, '', []]);
    const other = await ask(url, operation, { headers: { 'if-none-match': '"another"' } });
    expect([other.status, JSON.parse(other.body)]).toEqual([200, document]);
  });

  it('to methods that a route does not have, with those that it has, known or not', async () => {
    for (const path of ['/livez', '/openapi.json', '/v2/health/ready']) {
      const { status, headers } = await fetch(url + path, { method: 'PUT' });
      expect([path, status, headers.get('allow')]).toEqual([path, 405, 'GET, HEAD, OPTIONS']);
    }
    expect((await fetch(`${url}/v1/users/ann`, { method: 'PUT' })).status).toBe(401);
    const put = await fetch(`${url}/v1/users/ann`, { method: 'PUT', headers: admin });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, DELETE, OPTIONS']);
  });
});

describe('a server', () => {
  const bench = new Workbench();
  afterAll(() => bench.cleanUp());

  it('without a model answers as its document says, which has neither customers nor metrics it does not serve', async () => {
    const { url } = await bench.server(await bench.config({ adminPort: 0 }));
    const document = await documentOf(url);
    expect(Object.keys(document.paths['/v1/users/{user}'] as object)).toEqual(['delete']);
    const { status, headers } = await fetch(`${url}/v1/users/ann`);
    expect([status, headers.get('allow')]).toEqual([405, 'DELETE, OPTIONS']);
    expect(document.paths).not.toHaveProperty(['/v1/users']);
    expect(document.paths).not.toHaveProperty(['/metrics']);
    const check = answerChecker(document);
    const needModel = OPERATIONS.filter(
      ({ path, problems, responses }) =>
        path !== '/livez' &&
        (problems.includes('not-ready') || problems.includes('model-unavailable') || responses[503]),
    );
    expect(needModel.length).toBeGreaterThanOrEqual(15);
    for (const operation of needModel) {
      const path = pathOf(operation, { ...NAMES, model: 'test' });
      const answer = await ask(url, operation, { path });
      expect([operation.operationId, answer.status, check(operation, answer)]).toEqual([
        operation.operationId,
        503,
        [],
      ]);
    }
  });

  it('that is asked too often refuses as its document says', async () => {
    const config = await bench.config({ rateLimitPerAddress: 1 });
    const { url } = await bench.server(config);
    const check = answerChecker(await documentOf(url));
    const [operation] = OPERATIONS as [Operation];
    const answers = [await ask(url, operation), await ask(url, operation)];
    expect(answers.map(({ status }) => status)).toEqual([503, 429]);
    for (const answer of answers) expect(check(operation, answer)).toEqual([]);
    expect(answers[1]?.headers).toHaveProperty('ratelimit-policy');
  });

  it('that has too much to do refuses as its document says', async () => {
    const { url } = await bench.server(await bench.config());
    const check = answerChecker(await documentOf(url));
    const admits = jest.spyOn(Admission.prototype, 'admits').mockReturnValue(false);
    try {
      const [operation] = OPERATIONS as [Operation];
      const answer = await ask(url, operation);
      const { type } = JSON.parse(answer.body);
      expect([answer.status, type]).toEqual([503, 'urn:cdktf-recommender:problem:overloaded']);
      expect(check(operation, answer)).toEqual([]);
    } finally {
      admits.mockRestore();
    }
  });
});
