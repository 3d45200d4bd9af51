import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadServerConfig, ServerConfig, ServerConfigError } from '../../../model-server/src/config';
import { createApiKey } from '../../../model-server/src/security/api-keys';
import { createSecurity } from '../../../model-server/src/security/security';
import { isLoopback, securityProblems } from '../../../model-server/src/security/security-problems';
import { startServer } from '../../../model-server/src/server';
import { silent, Workbench } from '../fixtures';

const problems = (settings: Partial<ServerConfig>) => securityProblems(ServerConfig.parse(settings));
const JWT = {
  jwksUri: 'https://issuer.example/jwks',
  jwtIssuer: 'https://issuer.example',
  jwtAudiences: ['recommender'],
};

describe('settings of the security', () => {
  const bench = new Workbench();
  afterEach(() => bench.cleanUp());

  it.each([
    {},
    { host: '::1' },
    { host: '0.0.0.0', authentication: 'none' as const },
    { host: '0.0.0.0', apiKeysFile: 'keys.jsonl' },
    { host: '0.0.0.0', authentication: 'required' as const, ...JWT },
    { ...JWT, jwksUri: 'http://127.0.0.1:9000/jwks' },
    { ...JWT, jwksUri: 'http://[::1]:9000/jwks' },
    { ...JWT, jwksUri: './jwks.json' },
    { trustProxy: ['10.0.0.0/8', 'loopback', 'fd00::/8'] },
    { trustProxy: ['2'] },
  ])('%j are accepted', (settings) => {
    expect(problems(settings)).toEqual([]);
  });

  it.each([
    [
      { host: '0.0.0.0' },
      /^host: 0\.0\.0\.0 can be reached from other machines, .* set apiKeysFile or jwksUri, or authentication to none/,
    ],
    [{ host: 'recommender.internal' }, /^host: recommender\.internal can be reached/],
    [{ authentication: 'required' as const }, /^authentication: is required, but nobody could pass; set apiKeysFile/],
    [{ ...JWT, jwtIssuer: undefined }, /^jwtIssuer: is missing/],
    [{ ...JWT, jwtAudiences: [] }, /^jwtAudiences: is empty/],
    [
      { ...JWT, jwksUri: 'http://issuer.example/jwks' },
      /^jwksUri: got http:\/\/issuer\.example\/jwks; must be an https/,
    ],
    [{ ...JWT, jwksUri: 'ftp://issuer.example/jwks' }, /^jwksUri: got ftp:/],
    [{ jwtIssuer: 'https://issuer.example' }, /^jwksUri: is missing/],
    [{ trustProxy: ['gateway'] }, /^trustProxy: invalid IP address: gateway; must be addresses/],
    [{ trustProxy: ['1', '10.0.0.1'] }, /^trustProxy: a number of proxies stands alone; must be/],
    [{ rateLimitPerCaller: 10 }, /^rateLimitPerCaller: callers are not authenticated/],
  ])('%j fail, saying what to do', (settings, message) => {
    expect(problems(settings)).toEqual([expect.stringMatching(message)]);
  });

  it.each(['0.0.0.0', '::', '10.1.2.3', '1.127.0.0', '127.evil.example', 'localhost.evil.example'])(
    'take %s for an address that others reach',
    (host) => {
      expect(isLoopback(host)).toBe(false);
    },
  );

  it('fail by each value that they can not have', () => {
    const environment = {
      RECOMMENDER_JWT_ALGORITHMS: 'RS256,HS256',
      RECOMMENDER_CORS_ORIGINS: 'https://shop.example/path',
      RECOMMENDER_AUTHENTICATION: 'maybe',
    };
    expect(() => loadServerConfig(environment)).toThrow(ServerConfigError);
    for (const [variable, value] of Object.entries(environment)) {
      expect(() => loadServerConfig({ [variable]: value })).toThrow(new RegExp(`${variable}: got .*; must be`));
    }
  });

  it('stop a server before it listens, when they contradict each other', async () => {
    const config = await bench.config({ host: '0.0.0.0' });
    await expect(startServer(config, silent)).rejects.toThrow(
      /^the model server's configuration is not valid:\n {2}host: /,
    );
  });

  it('fail when the file of keys is missing or wrong, naming the setting', async () => {
    const path = join(await bench.directory(), 'keys.jsonl');
    const config = ServerConfig.parse({ apiKeysFile: path });
    expect(() => createSecurity({ config, logger: silent })).toThrow(/apiKeysFile: can't be used: ENOENT/);
    await writeFile(path, '{');
    expect(() => createSecurity({ config, logger: silent })).toThrow(
      /apiKeysFile: can't be used: .*line 1 is not JSON/,
    );
    await writeFile(path, JSON.stringify(createApiKey({ id: 'shop', scopes: ['admin'] }).record));
    createSecurity({ config, logger: silent }).close();
  });
});
