import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { MAX_HEADERS, MAX_URL_LENGTH } from '../../../model-server/src/security/request-head';
import { post, publish, request, Workbench } from '../fixtures';

describe('the server', () => {
  const bench = new Workbench();
  let url: string;
  beforeAll(async () => {
    const config = await bench.config();
    await publish(config.store);
    url = (await bench.server(config)).url;
  });
  afterAll(() => bench.cleanUp());

  async function raw(options: RequestOptions): Promise<{ status?: number; type?: string }> {
    const [response] = (await once(httpRequest(url, options).end(), 'response')) as [IncomingMessage];
    response.resume();
    return { status: response.statusCode, type: response.headers['content-type'] };
  }

  it.each([
    '{"__proto__":{"polluted":1},"items":["item-1"]}',
    '{"constructor":{"prototype":{"polluted":1}},"items":["item-1"]}',
    '{"items":["item-1"],"__proto__":null}',
    '{"items":{"__proto__":["item-1"]}}',
    '{"items":["item-1"],"exclude":{"__proto__":{"length":1}}}',
  ])('refuses the body %s, and no object has anything of it', async (body) => {
    expect((await post(`${url}/v1/recommendations`, body)).status).toBe(400);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['__proto__[polluted]=1', 'constructor.prototype.polluted=1', '__proto__=1', 'constructor=1', 'toString=1'])(
    'refuses the query ?%s, and no object has anything of it',
    async (query) => {
      expect((await request(`${url}/v1/items/item-1/similar?${query}`)).status).toBe(400);
      expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    },
  );

  it('knows no customer and no item by a name that every object has', async () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect((await request(`${url}/v1/items/${name}/similar`)).status).toBe(404);
      const { status, body } = await request(`${url}/v1/users/${name}/recommendations`);
      expect([status, body.fallback]).toEqual([200, 'unknown-user']);
    }
  });

  it('answers 414 to a path and query of more than 8192 characters', async () => {
    const path = (length: number) => `/v1/items/item-1/similar?exclude=${'x'.repeat(length - 33)}`;
    expect(path(MAX_URL_LENGTH)).toHaveLength(MAX_URL_LENGTH);
    expect((await raw({ path: path(MAX_URL_LENGTH) })).status).not.toBe(414);
    expect(await raw({ path: path(MAX_URL_LENGTH + 1) })).toEqual({ status: 414, type: 'application/problem+json' });
  });

  it('answers 431 to more than 100 headers', async () => {
    // Node adds two of its own: host and connection.
    const headers = (count: number) => Object.fromEntries(Array.from({ length: count - 2 }, (_, i) => [`x-${i}`, '1']));
    expect((await raw({ path: '/livez', headers: headers(MAX_HEADERS) })).status).toBe(200);
    expect((await raw({ path: '/livez', headers: headers(MAX_HEADERS + 1) })).status).toBe(431);
  });

  it('takes a body as JSON only when it is called that, as no page of another site can call it unasked', async () => {
    const body = JSON.stringify({ items: ['item-1'] });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'text/json', '']) {
      const { status } = await post(`${url}/v1/recommendations`, body, { 'content-type': type });
      expect([type, status]).toEqual([type, 415]);
    }
    expect(
      (await post(`${url}/v1/recommendations`, body, { 'content-type': 'application/json; charset=utf-8' })).status,
    ).toBe(200);
  });

  it('sends with every answer of the API, and every refusal, what keeps browsers and caches from mischief', async () => {
    const replies = [
      await request(`${url}/v1/items/item-1/similar`),
      await post(`${url}/v1/recommendations`, { items: ['item-1'] }),
      await post(`${url}/v1/recommendations`, '{'),
      await request(`${url}/v1/model`),
      await request(`${url}/nothing`),
    ];
    for (const { headers } of replies) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; frame-ancestors 'none'");
      expect([headers.get('x-powered-by'), headers.get('server')]).toEqual([null, null]);
    }
  });
});
