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

  it('answers 404 to an unknown route, an unknown item and an unknown customer', async () => {
    for (const path of ['/v1/nothing', '/nothing', '/v1/items/unheard-of/similar', '/v1/users/nobody']) {
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

  it('goes on answering after bytes that are no HTTP', async () => {
    const { port } = new URL(url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), '127.0.0.1', () => socket.write('not http\r\n\r\n'));
      let text = '';
      socket.on('data', (data) => {
        text += data;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect((await request(`${url}/readyz`)).status).toBe(200);
  });

  it('labels its metrics with routes, never with paths, so that they stay few', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => request(`${url}/v1/users/someone-${i}/recommendations`)));
    await request(`${url}/wp-login.php`);
    await request(`${url}/livez`, { method: 'PROPFIND' });
    const { body } = await request(`${url}/metrics`);
    expect(body).not.toMatch(/someone|wp-login|PROPFIND/);
    expect(body).toMatch(
      /requests_total\{route="\/v1\/users\/:user\/recommendations",method="GET",status="200"\} \d\d/,
    );
    expect(body).toMatch(/requests_total\{route="other",method="GET",status="404"\} /);
    expect(body).toMatch(/duration_seconds_bucket\{le="0.1",route="\/v1\/users\/:user\/recommendations"/);
  });
});
