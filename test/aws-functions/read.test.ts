import { openReader, type Reader } from '@cdktf-recommender/aws-functions';
import { publish, silent, Workbench } from '../model-server/fixtures';

const bench = new Workbench();
let reader: Reader;
let version: string;
beforeAll(async () => {
  const config = await bench.config();
  version = await publish(config.store);
  reader = await openReader(config, silent);
});
afterAll(async () => {
  await reader.close();
  await bench.cleanUp();
});

/** As API Gateway's HTTP API sends it, payload version 2.0. */
function event(method: string, path: string, rest: object = {}) {
  const [rawPath, rawQueryString = ''] = path.split('?');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    headers: { host: 'shop.example', 'content-type': 'application/json', 'x-forwarded-for': '198.51.100.1' },
    requestContext: {
      accountId: '123456789012',
      stage: '$default',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
    },
    isBase64Encoded: false,
    ...rest,
  };
}

type Result = { statusCode: number; headers: Record<string, string>; body: string; isBase64Encoded: boolean };
const ask = async (...args: Parameters<typeof event>) =>
  (await reader.handler(event(...args), { requestId: 'r', deadlineMs: Date.now() + 10_000 })) as Result;

test('a customer is answered as by the server itself', async () => {
  const path = '/v1/users/nobody/recommendations?limit=2';
  const { statusCode, headers, body, isBase64Encoded } = await ask('GET', path);
  expect([statusCode, isBase64Encoded]).toEqual([200, false]);
  const direct = await fetch(`${reader.server.url}${path}`);
  expect(body).toBe(await direct.text());
  expect(headers).toMatchObject({
    'content-type': direct.headers.get('content-type'),
    'x-model-version': version,
    'x-recommendation-rung': 'popular',
  });
  expect(Object.keys(headers)).not.toContain('content-length');
});

test.each([false, true])('a session is sent as a body, in base64: %p', async (isBase64Encoded) => {
  const body = JSON.stringify({ items: ['item-0'], limit: 1 });
  const encoded = isBase64Encoded ? Buffer.from(body).toString('base64') : body;
  const { statusCode, body: answer } = await ask('POST', '/v1/recommendations', { body: encoded, isBase64Encoded });
  expect(statusCode).toBe(200);
  expect(JSON.parse(answer)).toMatchObject({ rung: 'session', items: [{ id: 'item-1', name: 'Blüte № 1' }] });
});

test('a stage that the path begins with is no part of the route', async () => {
  const context = { ...event('GET', '/').requestContext, stage: 'v9' };
  const answered = await ask('GET', '/v9/v1/model', {
    requestContext: { ...context, http: { ...context.http, method: 'GET' } },
  });
  expect([answered.statusCode, answered.headers['x-model-version']]).toEqual([200, version]);
  expect((await ask('GET', '/v9/v1/model')).statusCode).toBe(404);
});

test('a problem is one of the server', async () => {
  const { statusCode, headers, body } = await ask('GET', '/v1/users/nobody/recommendations?limit=0');
  expect([statusCode, headers['content-type']]).toEqual([400, expect.stringContaining('application/problem+json')]);
  expect(JSON.parse(body).detail).toMatch(/limit/);
});

test('a limit counts the address that API Gateway saw, not the one that the caller wrote', async () => {
  const config = await bench.config({ rateLimitPerAddress: 1 });
  await publish(config.store);
  const limited = await openReader(config, silent);
  try {
    const send = async (sourceIp: string, written: string) => {
      const base = event('GET', '/v1/model');
      const context = { ...base.requestContext, http: { ...base.requestContext.http, sourceIp } };
      const headers = { ...base.headers, 'x-forwarded-for': written };
      const invocation = { requestId: 'r', deadlineMs: Date.now() + 10_000 };
      return ((await limited.handler({ ...base, headers, requestContext: context }, invocation)) as Result).statusCode;
    };
    expect(await send('203.0.113.7', '198.51.100.1')).toBe(200);
    expect(await send('203.0.113.7', '198.51.100.2')).toBe(429);
    expect(await send('203.0.113.8', '198.51.100.1')).toBe(200);
  } finally {
    await limited.close();
  }
});

test('fails when it is no event of an HTTP API with payload version 2.0', async () => {
  const invocation = { requestId: 'r', deadlineMs: Date.now() + 10_000 };
  await expect(reader.handler({ ...event('GET', '/'), version: '1.0' }, invocation)).rejects.toMatchObject({
    name: 'ZodError',
  });
});
