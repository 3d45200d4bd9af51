import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApiKey } from '../../../model-server/src/security/api-keys';
import type { Scope } from '../../../model-server/src/security/scopes';
import { post, publish, type Reply, request, Workbench } from '../fixtures';
import { AUDIENCE, Issuer } from './issuer';

const RECOMMENDATIONS = '/v1/users/ann/recommendations';
const PROBLEM = 'urn:cdktf-recommender:problem:';

describe('a server that knows its callers', () => {
  const bench = new Workbench();
  const keys = new Map<string, string>();
  let issuer: Issuer;
  let url: string;

  beforeAll(async () => {
    issuer = await Issuer.start();
    const file = join(await bench.directory(), 'keys.jsonl');
    const make = (id: string, scopes: Scope[]) => {
      const { key, record } = createApiKey({ id, scopes });
      keys.set(id, key);
      return JSON.stringify(record);
    };
    await writeFile(
      file,
      [
        make('shop', ['recommendations:read']),
        make('prometheus', ['metrics:read']),
        make('support', ['users:read']),
        make('root', ['admin']),
      ].join('\n'),
    );
    const config = await bench.config({
      apiKeysFile: file,
      jwksUri: issuer.jwksUri,
      jwtIssuer: issuer.url,
      jwtAudiences: [AUDIENCE],
    });
    await publish(config.store);
    url = (await bench.server(config)).url;
  });
  afterAll(async () => {
    await bench.cleanUp();
    await issuer.close();
  });

  const get = (path: string, headers: Record<string, string> = {}): Promise<Reply> => request(url + path, { headers });
  const withKey = (id: string) => ({ 'x-api-key': keys.get(id) as string });
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

  it('answers 401 without credentials, says how to send them, and reads no body before', async () => {
    const { status, headers, body } = await get(RECOMMENDATIONS);
    expect([status, headers.get('content-type')]).toEqual([401, 'application/problem+json']);
    expect(headers.get('www-authenticate')).toBe('Bearer realm="recommender"');
    expect(body).toMatchObject({ type: `${PROBLEM}unauthorized`, detail: 'send a bearer token or an API key' });
    expect((await post(`${url}/v1/recommendations`, '{"items":')).status).toBe(401);
  });

  it('answers a key by either header, and a token', async () => {
    const token = await issuer.token({ claims: { scope: 'recommendations:read' } });
    for (const headers of [withKey('shop'), bearer(keys.get('shop') as string), bearer(token), bearer(token)]) {
      const { status, body } = await get(RECOMMENDATIONS, headers);
      expect([status, body.user]).toEqual([200, 'ann']);
    }
    expect((await post(`${url}/v1/recommendations`, { items: ['item-1'] }, withKey('shop'))).status).toBe(200);
    expect((await fetch(url + RECOMMENDATIONS, { method: 'HEAD', headers: withKey('shop') })).status).toBe(200);
  });

  it('says the same of every credential that it refuses', async () => {
    const now = Math.floor(Date.now() / 1000);
    const refused = [
      withKey('nobody'),
      { 'x-api-key': `rk_shop_${'A'.repeat(43)}` },
      { 'x-api-key': `rk_unheard-of_${'A'.repeat(43)}` },
      { authorization: 'Basic YTpi' },
      bearer('x'),
      bearer(`${keys.get('shop')} ${keys.get('shop')}`),
      { 'x-api-key': `${keys.get('shop')}, ${keys.get('shop')}` },
      bearer('ÿþ'),
      bearer('x'.repeat(8192)),
      bearer(await issuer.token({ claims: { exp: now - 3600 } })),
      bearer(await issuer.token({ claims: { aud: 'other' } })),
      bearer(`${(await issuer.token()).slice(0, -5)}AAAAA`),
      { ...withKey('shop'), ...bearer(keys.get('shop') as string) },
    ];
    const replies = await Promise.all(refused.map((headers) => get(RECOMMENDATIONS, headers)));
    for (const { status, headers, body } of replies) {
      expect([status, headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="recommender"']);
      expect(body.detail).toBe('the credentials are not valid here');
    }
  });

  it.each([
    ['prometheus', RECOMMENDATIONS, 'recommendations:read'],
    ['shop', '/metrics', 'metrics:read'],
    ['shop', '/v1/users', 'users:read'],
    ['shop', '/v1/users/ann', 'users:read'],
    ['shop', '/v1/model', 'models:read'],
    ['shop', '/v2/models', 'models:read'],
  ])('answers 403 to the key %s at %s and names the scope %s', async (id, path, scope) => {
    const { status, headers, body } = await get(path, withKey(id));
    expect([status, body.type]).toEqual([403, `${PROBLEM}forbidden`]);
    expect(body.detail).toBe(`the credentials lack the scope ${scope}`);
    expect(headers.get('www-authenticate')).toBe(
      `Bearer realm="recommender", error="insufficient_scope", scope="${scope}"`,
    );
  });

  it('lets each scope open its own routes, and admin all', async () => {
    expect((await get('/metrics', withKey('prometheus'))).status).toBe(200);
    expect((await get('/v1/users', withKey('support'))).status).toBe(200);
    for (const path of [RECOMMENDATIONS, '/metrics', '/v1/users', '/v1/model', '/v2/models']) {
      expect([path, (await get(path, withKey('root'))).status]).toEqual([path, 200]);
    }
  });

  it('asks for another scope to write or to delete than to read', async () => {
    const event = { id: 'e-1', user: 'eve', item: 'item-1', type: 'purchase' };
    const write = (id: string) => post(`${url}/v1/events`, { events: [event] }, withKey(id));
    const erase = (id: string) => fetch(`${url}/v1/users/eve`, { method: 'DELETE', headers: withKey(id) });
    expect([(await write('shop')).status, (await erase('support')).status]).toEqual([403, 403]);
    expect((await write('root')).status).toBe(202);
    expect((await get('/v1/users/eve', withKey('support'))).status).toBe(200);
    expect((await erase('root')).status).toBe(204);
    expect((await get('/v1/users/eve', withKey('support'))).status).toBe(404);
  });

  it('matches routes and scopes by the same rules, however a path is spelled', async () => {
    for (const path of ['/V1/MODEL', '/v1/model/', '/v1/%6dodel', '//v1/model', '/v1/model?x=1', '/v1/users/%61nn']) {
      const anonymous = await get(path);
      expect([path, [401, 404].includes(anonymous.status)]).toEqual([path, true]);
      const other = await get(path, withKey('prometheus'));
      expect([path, [403, 404].includes(other.status)]).toEqual([path, true]);
    }
  });

  it('answers whoever watches over it without credentials', async () => {
    for (const path of ['/livez', '/readyz', '/startupz', '/v2/health/live', '/v2/health/ready']) {
      expect([path, (await get(path)).status]).toEqual([path, 200]);
    }
  });

  it('asks for credentials before it says which methods there are', async () => {
    const deleted = (headers = {}) => request(`${url}/v1/model`, { method: 'DELETE', headers });
    expect((await deleted()).status).toBe(401);
    expect((await deleted(withKey('root'))).status).toBe(405);
  });
});

describe('a server whose tokens are bound to customers', () => {
  const bench = new Workbench();
  let issuer: Issuer;
  let url: string;
  let key: string;
  beforeAll(async () => {
    issuer = await Issuer.start();
    const made = createApiKey({ id: 'backend', scopes: ['recommendations:read'] });
    key = made.key;
    const apiKeysFile = join(await bench.directory(), 'keys.jsonl');
    await writeFile(apiKeysFile, JSON.stringify(made.record));
    const jwt = { jwksUri: issuer.jwksUri, jwtIssuer: issuer.url, jwtAudiences: [AUDIENCE], jwtUserClaim: 'sub' };
    const config = await bench.config({ ...jwt, apiKeysFile });
    await publish(config.store);
    url = (await bench.server(config)).url;
  });
  afterAll(async () => {
    await bench.cleanUp();
    await issuer.close();
  });

  it('shows a customer their own recommendations and nobody else’s', async () => {
    const claims = { sub: 'ann', scope: 'recommendations:read users:read metrics:read' };
    const headers = { authorization: `Bearer ${await issuer.token({ claims })}` };
    const status = async (path: string) => (await request(url + path, { headers })).status;
    expect(await status(RECOMMENDATIONS)).toBe(200);
    expect(await status('/v1/users/%61nn/recommendations')).toBe(200);
    expect(await status('/v1/items/item-1/similar')).toBe(200);
    for (const path of ['/v1/users/bob/recommendations', '/v1/users/ANN/recommendations', '/v1/users/bob']) {
      const refused = await request(url + path, { headers });
      expect([path, refused.status, refused.headers.get('www-authenticate')]).toEqual([path, 403, null]);
    }
    for (const path of ['/v1/users', '/metrics']) expect([path, await status(path)]).toEqual([path, 403]);
    const session = (user?: string) => post(`${url}/v1/recommendations`, { items: ['item-1'], user }, headers);
    expect((await session('ann')).status).toBe(200);
    expect((await session()).status).toBe(200);
    expect((await session('bob')).status).toBe(403);
  });

  it('lets an API key of a shop’s backend ask for anybody', async () => {
    const headers = { 'x-api-key': key };
    expect((await request(`${url}/v1/users/bob/recommendations`, { headers })).status).toBe(200);
  });
});
