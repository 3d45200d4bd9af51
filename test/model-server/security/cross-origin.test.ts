import { publish, request, Workbench } from '../fixtures';

const PATH = '/v1/items/item-1/similar';
const SHOP = 'https://shop.example';

describe('pages of other origins', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());

  async function server(corsOrigins: string[]): Promise<string> {
    const config = await bench.config({ corsOrigins });
    await publish(config.store);
    return (await bench.server(config)).url;
  }
  const from = (url: string, origin: string) => request(url + PATH, { headers: { origin } });
  const preflight = (url: string, origin: string) =>
    request(`${url}/v1/recommendations`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type,authorization,idempotency-key',
      },
    });
  const opened = ({ headers }: { headers: Headers }) =>
    [...headers.keys()].filter((name) => name.startsWith('access-control-'));

  it('are shown nothing by default', async () => {
    const url = await server([]);
    expect(opened(await from(url, SHOP))).toEqual([]);
    expect(opened(await preflight(url, SHOP))).toEqual([]);
    expect(opened(await from(url, 'null'))).toEqual([]);
  });

  it('are shown answers when they are on the list, by their exact names', async () => {
    const url = await server([SHOP, 'http://localhost:3000']);
    const { headers } = await from(url, SHOP);
    expect([headers.get('access-control-allow-origin'), headers.get('vary')]).toEqual([SHOP, 'Origin']);
    const exposed = headers.get('access-control-expose-headers')?.split(',');
    expect(exposed).toEqual(expect.arrayContaining(['x-model-version', 'x-request-id', 'Retry-After', 'RateLimit']));
    expect(headers.get('access-control-allow-credentials')).toBeNull();
    for (const origin of ['https://shop.example.evil', 'https://evil.example', 'http://shop.example', 'null', '']) {
      expect([origin, (await from(url, origin)).headers.get('access-control-allow-origin')]).toEqual([origin, null]);
    }
  });

  it('may ask beforehand, and need not again for two hours', async () => {
    const url = await server([SHOP]);
    const { status, headers } = await preflight(url, SHOP);
    expect([status, headers.get('access-control-max-age')]).toEqual([204, '7200']);
    expect(headers.get('access-control-allow-methods')).toBe('GET,HEAD,POST,DELETE');
    expect(headers.get('access-control-allow-headers')).toBe(
      'Authorization,Content-Type,Idempotency-Key,X-Api-Key,X-Request-Id,Traceparent',
    );
    expect((await preflight(url, 'https://evil.example')).headers.get('access-control-allow-origin')).toBeNull();
  });

  it('are all shown answers by *, without anything that a browser adds by itself', async () => {
    const { headers } = await from(await server(['*']), 'https://any.example');
    expect(headers.get('access-control-allow-origin')).toBe('*');
    expect(headers.get('access-control-allow-credentials')).toBeNull();
  });
});
