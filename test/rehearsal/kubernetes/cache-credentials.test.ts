import { createPublicKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '@cdktf-recommender/rehearsal';
import { helmValues } from '../../../constructs/kubernetes/chart-release';
import { parseRedisUrl } from '../../../model-server/src/redis/redis-url';
import { helmForTests } from './helm-for-tests';

const CHART = join(__dirname, '../../../charts/cache-credentials');

const given = helmForTests();

const NAME = 'valkey-histories-credentials';
function values(changed: object = {}): string {
  const file = join(given.folder, 'values.yaml');
  const own = {
    chartSha256: 'abc',
    secretName: NAME,
    serviceName: 'valkey-histories',
    user: 'recommender',
    port: 6379,
  };
  writeFileSync(file, helmValues({ ...own, rotation: 1, ...changed }));
  return file;
}
async function secret(): Promise<Record<string, string>> {
  const { data } = JSON.parse(await succeed(given.controlPlane, 'get', 'secret', NAME, '-o', 'json'));
  return Object.fromEntries(
    Object.entries(data as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString('utf8'),
    ]),
  );
}

describe('the chart cache-credentials', () => {
  let first: Record<string, string>;
  beforeAll(async () => {
    await given.helm('install', NAME, '--atomic', '-f', values(), CHART);
    first = await secret();
  }, 120_000);

  it('has nothing that Helm warns of', async () => {
    expect(await given.helm('lint', '--strict', '-f', values(), CHART)).toContain('0 chart(s) failed');
  });

  it('makes a password for each user, and a URL that needs no percent-encoding', () => {
    expect(first).toMatchObject({
      recommender: expect.stringMatching(/^[A-Za-z0-9]{48}$/),
      default: expect.stringMatching(/^[A-Za-z0-9]{48}$/),
      url: `rediss://recommender:${first.recommender}@valkey-histories.default.svc:6379`,
    });
    expect(first.default).not.toBe(first.recommender);
    expect(parseRedisUrl(first.url as string)).toMatchObject({ username: 'recommender', password: first.recommender });
  });

  it('makes a certificate for the Service and for probes, signed by its own authority', () => {
    const authority = new X509Certificate(first['ca.crt'] as string);
    const server = new X509Certificate(first['server.crt'] as string);
    expect(server.verify(authority.publicKey)).toBe(true);
    expect(server.checkHost('valkey-histories.default.svc')).toBe('valkey-histories.default.svc');
    expect(server.checkIP('127.0.0.1')).toBe('127.0.0.1');
    expect(server.checkHost('valkey-answers.default.svc')).toBeUndefined();
    expect(server.ca).toBe(false);
    expect(createPublicKey(first['server.key'] as string).equals(server.publicKey)).toBe(true);
    expect((Date.parse(server.validTo) - Date.now()) / 86_400_000).toBeGreaterThan(3640);
  });

  it('keeps them at an upgrade', async () => {
    await given.helm('upgrade', NAME, '--atomic', '-f', values({ chartSha256: 'def' }), CHART);
    expect(await secret()).toEqual(first);
  });

  it('makes others when they are to be rotated, and keeps those', async () => {
    await given.helm('upgrade', NAME, '--atomic', '-f', values({ rotation: 2 }), CHART);
    const rotated = await secret();
    expect(Object.keys(rotated)).toEqual(Object.keys(first));
    for (const [key, value] of Object.entries(rotated)) expect(value).not.toBe(first[key]);
    await given.helm('upgrade', NAME, '--atomic', '-f', values({ rotation: 2, chartSha256: 'def' }), CHART);
    expect(await secret()).toEqual(rotated);
  });

  it('makes a Secret that somebody deleted anew', async () => {
    await succeed(given.controlPlane, 'delete', 'secret', NAME);
    await given.helm('upgrade', NAME, '--atomic', '-f', values({ rotation: 2 }), CHART);
    expect((await secret()).recommender).toMatch(/^[A-Za-z0-9]{48}$/);
  });

  it.each([
    ['no rotation', { rotation: 0 }, 'rotation'],
    ['a user that a URL would have to encode', { user: 'a@b' }, 'user'],
    ['a value that it does not know', { password: 'secret' }, 'password'],
  ])('refuses %s', async (_, wrong, named) => {
    await expect(given.helm('template', NAME, '-f', values(wrong), CHART)).rejects.toThrow(
      new RegExp(`values don't meet the specifications of the schema[^]*${named}`),
    );
  });
});
