import { loadServerConfig } from '../../../model-server/src/config';
import { isRedisUrl, parseRedisUrl, RedisUrlError, withoutLogin } from '../../../model-server/src/redis/redis-url';

const plain = { tls: false, cluster: false, username: undefined, password: undefined, database: 0 };

test.each([
  ['redis://localhost', { ...plain, nodes: [{ host: 'localhost', port: 6379 }] }],
  ['redis://10.0.0.1:6380/2', { ...plain, nodes: [{ host: '10.0.0.1', port: 6380 }], database: 2 }],
  ['rediss://[::1]:10000', { ...plain, tls: true, nodes: [{ host: '::1', port: 10_000 }] }],
  ['redis://:a%40b%3Ac@h', { ...plain, password: 'a@b:c', nodes: [{ host: 'h', port: 6379 }] }],
  ['redis://app:a:b@h/', { ...plain, username: 'app', password: 'a:b', nodes: [{ host: 'h', port: 6379 }] }],
  [
    'rediss+cluster://app:pw@a:7000,b.example.com',
    {
      ...plain,
      tls: true,
      cluster: true,
      username: 'app',
      password: 'pw',
      nodes: [
        { host: 'a', port: 7000 },
        { host: 'b.example.com', port: 6379 },
      ],
    },
  ],
])('%s is read', (url, address) => {
  expect(isRedisUrl(url)).toBe(true);
  expect(parseRedisUrl(url)).toEqual(address);
});

test.each([
  'redis:',
  'redis://',
  'redis:///1',
  'redis://host:0',
  'redis://host:70000',
  'redis://a,b',
  'redis://host/one',
  'redis+cluster://a,b/1',
  'redis+sentinel://a',
  'redis://user:top-secret@',
  'redis://user:top-secret@host name',
  'redis://user:top-secret%@host',
])('%s fails without showing the password', (url) => {
  expect(isRedisUrl(url)).toBe(true);
  expect(() => parseRedisUrl(url)).toThrow(RedisUrlError);
  expect(() => parseRedisUrl(url)).toThrow(/^(?!.*top-secret)/);
});

test.each(['.recommender/users', '/var/lib/redis', 's3://bucket', 'redis'])('%s is a directory', (text) => {
  expect(isRedisUrl(text)).toBe(false);
});

test.each([
  ['redis://app:top-secret@host:1/2', 'redis://…@host:1/2'],
  ['rediss+cluster://:p@ss@a,b', 'rediss+cluster://…@a,b'],
  ['redis://host', 'redis://host'],
  ['.recommender/users', '.recommender/users'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutLogin(url)).toBe(shown);
});

test('a setting that is no Redis URL fails without showing the password', () => {
  const environment = { RECOMMENDER_USERS: 'redis://app:top-secret@a,b', RECOMMENDER_RESULT_CACHE: 'disk' };
  expect(() => loadServerConfig(environment)).toThrow(/RECOMMENDER_USERS: got "redis:\/\/…@a,b"; must be redis:/);
  expect(() => loadServerConfig(environment)).toThrow(/RECOMMENDER_RESULT_CACHE: got "disk"; must be off, memory or/);
  expect(() => loadServerConfig(environment)).toThrow(/^(?!.*top-secret)/s);
});
