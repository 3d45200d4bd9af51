import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import { createApiKey } from '../../../model-server/src/security/api-keys';
import { LOG_REDACTION } from '../../../model-server/src/security/log-redaction';
import { startServer } from '../../../model-server/src/server';
import { post, publish, request, Workbench } from '../fixtures';
import { AUDIENCE, Issuer } from './issuer';

/** A log at its finest level, as the server redacts it. */
function log(): { logger: pino.Logger; text: () => string } {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { logger: pino({ level: 'trace', redact: LOG_REDACTION }, stream), text: () => lines.join('') };
}

describe('the log', () => {
  const bench = new Workbench();
  afterAll(() => bench.cleanUp());

  it('names no customer, token or key, whatever was asked and however it failed', async () => {
    const issuer = await Issuer.start();
    const { key, record } = createApiKey({ id: 'shop', scopes: ['admin'] });
    const folder = await bench.directory();
    const apiKeysFile = join(folder, 'keys.jsonl');
    await writeFile(apiKeysFile, JSON.stringify(record));
    const jwt = { jwksUri: issuer.jwksUri, jwtIssuer: issuer.url, jwtAudiences: [AUDIENCE] };
    const config = await bench.config({ apiKeysFile, ...jwt, rateLimitPerCaller: 12 });
    await publish(config.store);
    const { logger, text } = log();
    const server = await startServer(config, logger);
    const { url } = server;

    const user = 'private-customer-4711';
    const claims = { sub: user, scope: 'admin' };
    const [good, late] = [await issuer.token({ claims }), await issuer.token({ claims, lifetimeSeconds: -999 })];
    const authorization = `Bearer ${good}`;
    const get = (path: string, headers: Record<string, string>) => request(url + path, { headers });
    const { status } = await get(`/v1/users/${user}/recommendations`, { 'x-api-key': key });
    expect(status).toBe(200);
    await get(`/v1/users/${user}`, { authorization });
    await get(`/v1/users/${user}/recommendations?limit=0`, { authorization });
    await get(`/v1/nothing/${user}`, { authorization });
    await get(`/v1/users/${user}/recommendations`, { authorization: `Bearer ${late}` });
    await get(`/v1/users/${user}/recommendations`, { 'x-api-key': `${key}x` });
    await post(`${url}/v1/recommendations`, { items: ['item-1'], user }, { authorization });
    await post(`${url}/v1/recommendations`, `{"user":"${user}"`, { authorization });
    const stored = await post(
      `${url}/v1/events`,
      { events: [{ id: 'e-1', user, item: 'item-1', type: 'purchase' }] },
      { authorization },
    );
    expect(stored.status).toBe(202);
    await request(`${url}/v1/users/${user}`, { method: 'DELETE', headers: { authorization } });
    for (let i = 0; i < 14; i++) await get(`/v1/users/${user}/recommendations`, { authorization });
    await server.close({ drain: false });
    await issuer.close();

    expect(text()).toMatch(/"route":"\/v1\/users\/:user\/recommendations"/);
    expect(text()).toMatch(/"status":429/);
    expect(text()).toMatch(/"reason":"ERR_JWT_EXPIRED"/);
    const secrets = [user, '4711', good, late, key, key.slice(8), good.split('.')[1] as string, record.sha256];
    for (const secret of secrets) expect(text()).not.toContain(secret);
  });

  it('redacts what somebody adds to it one day', () => {
    const { logger, text } = log();
    logger.info({ user: 'ann', authorization: 'Bearer x', 'x-api-key': 'rk_x' }, 'entry');
    const headers = { authorization: 'Bearer secret-1', 'x-api-key': 'secret-2', cookie: 'secret-3', accept: '*/*' };
    logger.error({ req: { user: 'bob', headers } }, 'entry');
    expect(text()).toContain('"user":"[redacted]"');
    expect(text()).toContain('"accept":"*/*"');
    for (const secret of ['ann', 'bob', 'Bearer', 'rk_x', 'secret']) expect(text()).not.toContain(secret);
  });
});
