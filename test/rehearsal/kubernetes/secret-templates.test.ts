import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SecretValue } from '../../../constructs/kubernetes/secrets/secret-value';
import { parseRedisUrl } from '../../../model-server/src/redis/redis-url';
import { helmForTests } from './helm-for-tests';

const given = helmForTests();

/** What a template makes of the store's secrets. Helm and External Secrets have the same engine and functions. */
async function rendered({ template }: SecretValue, secrets: Record<string, string>): Promise<string> {
  mkdirSync(join(given.folder, 'templates'), { recursive: true });
  writeFileSync(
    join(given.folder, 'Chart.yaml'),
    JSON.stringify({ apiVersion: 'v2', name: 'template', version: '1.0.0' }),
  );
  writeFileSync(join(given.folder, 'values.yaml'), JSON.stringify({ secrets }));
  const inside = `{{ define "value" }}${template}{{ end }}value: {{ include "value" .Values.secrets | quote }}\n`;
  writeFileSync(join(given.folder, 'templates/value.yaml'), inside);
  return parse(await given.helm('template', 'release', given.folder)).value;
}

describe('a Redis URL', () => {
  it.each(['simple', 'p@ss:w/rd?#[]', 'with space + plus %41', 'quotes " and \\ and $dollar {{ braces }}', 'ünïcödé'])(
    'has the password %j, as the model server reads it',
    async (password) => {
      const url = SecretValue.redisUrl({
        url: 'rediss://cache.example.com:6380/3',
        user: 'shop@eu',
        password: 'redis',
      });
      expect(parseRedisUrl(await rendered(url, { redis: password }))).toEqual({
        tls: true,
        cluster: false,
        nodes: [{ host: 'cache.example.com', port: 6380 }],
        username: 'shop@eu',
        password,
        database: 3,
      });
    },
  );

  it('has a password without the end of line that an editor puts behind it', async () => {
    const url = SecretValue.redisUrl({ url: 'redis+cluster://a:6379,b:6379', password: 'redis' });
    expect(parseRedisUrl(await rendered(url, { redis: 'secret\n' }))).toMatchObject({
      password: 'secret',
      cluster: true,
    });
  });
});

it('a secret as it is stays so, to the byte', async () => {
  const keys = '{"id":"shop","sha256":"…"}\n{"id":"{{ .other }}"}\n';
  expect(await rendered(SecretValue.stored('api-keys'), { 'api-keys': keys, other: 'wrong' })).toBe(keys);
});
