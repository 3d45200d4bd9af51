import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createApiKey } from '../../../model-server/src/security/api-keys';
import { publish, request, Workbench } from '../fixtures';

const PATH = '/v1/items/item-1/similar';

describe('a server with a limit for each address', () => {
  const bench = new Workbench();
  let url: string;
  beforeEach(async () => {
    const config = await bench.config({ rateLimitPerAddress: 3, rateLimitSeconds: 3600, trustProxy: ['1'] });
    await publish(config.store);
    url = (await bench.server(config)).url;
  });
  afterEach(() => bench.cleanUp());

  const from = (address: string, path = PATH) => request(url + path, { headers: { 'x-forwarded-for': address } });

  it('tells each answer’s share in the fields of the draft, and refuses what is over it', async () => {
    for (const remaining of [2, 1, 0]) {
      const { status, headers } = await from('1.2.3.4');
      expect([status, headers.get('ratelimit-policy')]).toEqual([200, '"address";q=3;w=3600']);
      expect(headers.get('ratelimit')).toMatch(new RegExp(`^"address";r=${remaining};t=3(600|59\\d)$`));
    }
    const { status, headers, body } = await from('1.2.3.4');
    expect([status, headers.get('content-type')]).toEqual([429, 'application/problem+json']);
    expect(body.type).toBe('urn:cdktf-recommender:problem:too-many-requests');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(3500);
    expect(headers.get('ratelimit')).toMatch(/^"address";r=0;t=3\d{3}$/);
  });

  it('counts addresses apart, networks of IPv6 together, and what leads nowhere too', async () => {
    for (const path of ['/wp-login.php', '/.env', '/v1/nothing'])
      expect((await from('6.6.6.6', path)).status).toBe(404);
    expect((await from('6.6.6.6')).status).toBe(429);
    expect((await from('1.2.3.4')).status).toBe(200);
    for (const host of [':1', 'aaaa::1', 'ffff:ffff:ffff:1']) await from(`2001:db8:1:2:${host}`);
    expect((await from('2001:db8:1:2::99')).status).toBe(429);
    expect((await from('2001:db8:1:3::99')).status).toBe(200);
  });

  it('always answers whoever watches over it', async () => {
    for (let i = 0; i < 5; i++) await from('1.2.3.4');
    for (const path of ['/livez', '/readyz', '/startupz', '/v2/health/ready']) {
      expect([path, (await from('1.2.3.4', path)).status]).toEqual([path, 200]);
    }
  });
});

describe('a server with a limit for each caller', () => {
  const bench = new Workbench();
  afterAll(() => bench.cleanUp());

  it('counts each key by itself, besides the address, and tells both shares', async () => {
    const made = ['shop', 'app'].map((id) => createApiKey({ id, scopes: ['recommendations:read'] }));
    const apiKeysFile = join(await bench.directory(), 'keys.jsonl');
    await writeFile(apiKeysFile, made.map(({ record }) => JSON.stringify(record)).join('\n'));
    const config = await bench.config({
      apiKeysFile,
      rateLimitPerCaller: 2,
      rateLimitPerAddress: 100,
      rateLimitSeconds: 60,
    });
    await publish(config.store);
    const { url } = await bench.server(config);
    const ask = (caller: number) => request(url + PATH, { headers: { 'x-api-key': made[caller]?.key as string } });
    const first = await ask(0);
    expect(first.headers.get('ratelimit-policy')).toBe('"address";q=100;w=60, "caller";q=2;w=60');
    expect(first.headers.get('ratelimit')).toMatch(/^"address";r=99;t=\d+, "caller";r=1;t=\d+$/);
    expect([(await ask(0)).status, (await ask(0)).status, (await ask(1)).status]).toEqual([200, 429, 200]);
  });
});

describe('a server without limits', () => {
  const bench = new Workbench();
  afterAll(() => bench.cleanUp());

  it('says nothing of any', async () => {
    const config = await bench.config();
    await publish(config.store);
    const { headers } = await request((await bench.server(config)).url + PATH);
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null]);
  });
});
