import { once } from 'node:events';
import { connect } from 'node:net';
import { post, publish, request, Workbench } from './fixtures';

describe('bad requests', () => {
  const bench = new Workbench();
  let url: string;

  beforeAll(async () => {
    const config = await bench.config();
    await publish(config.store);
    url = (await bench.server(config)).url;
  });
  afterAll(() => bench.cleanUp());

  it.each([
    ['limit=0', 'limit', '0', 'a whole number from 1 to 100'],
    ['limit=101', 'limit', '101', 'a whole number from 1 to 100'],
    ['limit=ten', 'limit', 'ten', 'a whole number from 1 to 100'],
    ['limit=1.5', 'limit', '1.5', 'a whole number from 1 to 100'],
    ['limit=1&limit=2', 'limit', ['1', '2'], 'a whole number from 1 to 100'],
    ['reasons=11', 'reasons', '11', 'a whole number from 0 to 10'],
    ['excludeSeen=maybe', 'excludeSeen', 'maybe', 'true or false'],
    ['limt=5', 'limt', '5', 'one of limit, reasons, excludeSeen, exclude'],
  ])('?%s is refused, naming the field, its value and what is allowed', async (query, field, value, allowed) => {
    const { status, headers, body } = await request(`${url}/v1/users/ann/recommendations?${query}`);
    expect([status, headers.get('content-type')]).toEqual([400, 'application/problem+json']);
    expect(body).toMatchObject({ type: 'urn:cdktf-recommender:problem:invalid-request', status: 400 });
    expect(body.errors).toEqual([{ field, value, allowed }]);
    expect(body.detail).toBe(`${field}: got ${JSON.stringify(value)}, allowed is ${allowed}`);
  });

  it('names every wrong field of a request at once', async () => {
    const { body } = await request(`${url}/v1/users/ann/recommendations?limit=0&reasons=x`);
    expect(body.errors.map(({ field }: { field: string }) => field)).toEqual(['limit', 'reasons']);
  });

  it.each([
    [{}, 'items', null],
    [{ items: [] }, 'items', []],
    [{ items: 'item-1' }, 'items', 'item-1'],
    [{ items: ['item-1', 7] }, 'items.1', 7],
    [{ items: ['item-1'], user: '' }, 'user', ''],
    [{ items: ['item-1'], limit: 1000 }, 'limit', 1000],
    [{ items: ['item-1'], exclude: 'item-2' }, 'exclude', 'item-2'],
    [{ items: ['item-1'], basket: true }, 'basket', true],
    [[], 'body', []],
  ])('the session %j is refused', async (session, field, value) => {
    const { status, body } = await post(`${url}/v1/recommendations`, session);
    expect([status, body.errors[0].field, body.errors[0].value]).toEqual([400, field, value]);
  });

  it('refuses a session of more than 100 items without repeating them all', async () => {
    const { status, body } = await post(`${url}/v1/recommendations`, { items: Array(101).fill('item-1') });
    expect([status, body.errors[0].allowed]).toEqual([400, '1 to 100 item ids']);
    expect(JSON.stringify(body).length).toBeLessThan(600);
  });

  it('answers in few words, however much is wrong', async () => {
    const keys = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`key-${i}`, 1]));
    const { status, body } = await post(`${url}/v1/recommendations`, { items: ['item-1'], ...keys });
    expect([status, body.errors.length]).toEqual([400, 10]);
    expect(body.detail).toMatch(/; and 4990 more$/);
    const long = await post(`${url}/v1/recommendations`, { items: ['item-1'], ['k'.repeat(90_000)]: 1 });
    expect([long.status, JSON.stringify(long.body).length < 1000]).toEqual([400, true]);
    const path = await request(`${url}/${'p'.repeat(8000)}`);
    expect([path.status, JSON.stringify(path.body).length < 1000]).toEqual([404, true]);
  });

  it('refuses a value that is nested deeper than a stack', async () => {
    const deep = '['.repeat(40_000) + ']'.repeat(40_000);
    for (const body of [deep, `{"items":${deep}}`]) {
      expect((await post(`${url}/v1/recommendations`, body)).status).toBe(400);
    }
  });

  it('refuses half a surrogate pair, which would be read as another id', async () => {
    const { status, body } = await post(`${url}/v1/recommendations`, '{"items":["item-1"],"user":"\\ud800"}');
    expect([status, body.errors[0].field]).toEqual([400, 'user']);
  });

  it('refuses a customer or item id with control characters or of more than 128 characters', async () => {
    for (const id of ['a%00b', 'x'.repeat(129)]) {
      const { status, body } = await request(`${url}/v1/users/${id}/recommendations`);
      expect([status, body.errors[0].field]).toEqual([400, 'user']);
      expect((await request(`${url}/v1/items/${id}/similar`)).body.errors[0].field).toBe('item');
    }
  });

  it('answers 400 to a body that is not JSON and a path that is not percent-encoded', async () => {
    const broken = await post(`${url}/v1/recommendations`, '{"items":');
    expect([broken.status, broken.body.detail]).toEqual([400, 'the body is not valid JSON']);
    const path = await request(`${url}/v1/users/%E0%A4%A/recommendations`);
    expect([path.status, path.body.type]).toEqual([400, 'urn:cdktf-recommender:problem:malformed-request']);
  });

  it('answers 404 to an unknown route and an unknown item', async () => {
    for (const path of ['/v1/nothing', '/nothing', '/v1/items/unheard-of/similar']) {
      const { status, headers, body } = await request(`${url}${path}`);
      expect([path, status, headers.get('content-type')]).toEqual([path, 404, 'application/problem+json']);
      expect(body.title).toBe('There is no such thing');
    }
  });

  it('answers 405 to a wrong method, with the right ones', async () => {
    const deleted = await request(`${url}/v1/users/ann/recommendations`, { method: 'DELETE' });
    expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
    const got = await request(`${url}/v1/recommendations`);
    expect([got.status, got.headers.get('allow'), got.body.status]).toEqual([405, 'POST, OPTIONS', 405]);
    expect((await request(`${url}/readyz`, { method: 'POST' })).status).toBe(405);
    expect((await request(`${url}/v1/recommendations`, { method: 'OPTIONS' })).status).toBe(204);
  });

  it('answers 413 to a body of more than 100,000 bytes', async () => {
    const { status, body } = await post(`${url}/v1/recommendations`, { items: ['x'.repeat(100_000)] });
    expect([status, body.detail]).toEqual([413, 'a body has at most 100000 bytes']);
  });

  it('answers 415 to a body that is not JSON by its type or its charset', async () => {
    const json = JSON.stringify({ items: ['item-1'] });
    for (const type of ['text/plain', 'application/json; charset=utf-99']) {
      const { status } = await post(`${url}/v1/recommendations`, json, { 'content-type': type });
      expect([type, status]).toEqual([type, 415]);
    }
  });

  it('shows no stack trace, whatever is sent', async () => {
    const replies = [
      await post(`${url}/v1/recommendations`, '[['),
      await request(`${url}/v1/users/%/recommendations`),
      await request(`${url}/v1/users/a/recommendations?exclude[__proto__]=1`),
      await post(`${url}/v1/recommendations`, '{"__proto__":{"items":1},"constructor":2}'),
      await post(`${url}/v1/recommendations`, Buffer.from([0x1f, 0x8b, 0]).toString('latin1'), {
        'content-encoding': 'gzip',
      }),
    ];
    for (const { status, body } of replies) {
      expect(status).toBe(400);
      expect(JSON.stringify(body)).not.toMatch(/node_modules|\.js|\.ts|at /);
    }
  });

  /** What comes back for these bytes until the server ends the connection. */
  function send(bytes: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes));
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
  }

  const head = (line: string, ...headers: string[]) => [line, 'Host: x', ...headers, '', ''].join('\r\n');
  it.each([
    ['bytes that are no HTTP', 'not http\r\n\r\n', 400, 'malformed-request'],
    ['a request without a host', 'GET /livez HTTP/1.1\r\n\r\n', 400, 'malformed-request'],
    ['long headers', head('GET /livez HTTP/1.1', `X: ${'x'.repeat(20_000)}`), 431, 'headers-too-large'],
    ['an expectation', head('GET /livez HTTP/1.1', 'Expect: a-miracle'), 417, 'expectation-failed'],
    [
      'a broken chunk',
      `${head('POST /v1/recommendations HTTP/1.1', 'Transfer-Encoding: chunked')}zz\r\n`,
      400,
      'malformed-request',
    ],
  ])('answers %s with a problem, and goes on', async (_, bytes, status, kind) => {
    const [head, body] = (await send(bytes)).split('\r\n\r\n') as [string, string];
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(body)).toMatchObject({ type: `urn:cdktf-recommender:problem:${kind}`, status });
    expect((await request(`${url}/readyz`)).status).toBe(200);
  });

  it('answers a request before the bytes after it, which are no HTTP', async () => {
    const answer = await send('GET /livez HTTP/1.1\r\nHost: x\r\n\r\n\u0001\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1.1 200 OK[^{]*\{"status":"ok"\}HTTP\/1.1 400 /);
  });

  it('counts no request in flight when clients hang up in the middle of many', async () => {
    const { port } = new URL(url);
    const body = '{"items":["item-1"]}';
    const one = `POST /v1/recommendations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
    for (let i = 0; i < 5; i++) {
      const socket = connect(Number(port), '127.0.0.1');
      // Whole requests, one behind the other, and half of one.
      await new Promise((resolve) => socket.write(one.repeat(20) + one.slice(0, -5), resolve));
      await once(socket.destroy(), 'close');
    }
    const inFlight = async () => /in_flight (\d+)/.exec((await request(`${url}/metrics`)).body)?.[1];
    // The one that asks.
    while ((await inFlight()) !== '1');
  });

  it('labels its metrics with routes, never with paths, so that they stay few', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => request(`${url}/v1/users/someone-${i}/recommendations`)));
    await request(`${url}/wp-login.php`);
    await request(`${url}/livez`, { method: 'PROPFIND' });
    await request(`${url}/v1/users/someone/recommendations?limit=0`);
    await request(`${url}/v1/recommendations`, { method: 'DELETE' });
    const { body } = await request(`${url}/metrics`);
    expect(body).not.toMatch(/someone|wp-login|PROPFIND/);
    expect(body).toMatch(
      /requests_total\{route="\/v1\/users\/:user\/recommendations",method="GET",status="200"\} \d\d/,
    );
    expect(body).toMatch(/requests_total\{route="other",method="GET",status="404"\} /);
    // Errors have the label of what they failed at.
    expect(body).toMatch(/requests_total\{route="\/v1\/users\/:user\/recommendations",method="GET",status="400"\} /);
    expect(body).toMatch(/requests_total\{route="\/v1\/recommendations",method="DELETE",status="405"\} 1/);
    expect(body).toMatch(/duration_seconds_bucket\{le="0.1",route="\/v1\/users\/:user\/recommendations"/);
  });
});
