import { redactedConfig } from '../../../model-server/src/admin/redacted-config';
import { ServerConfig } from '../../../model-server/src/config';

const shown = (settings: Record<string, unknown>) =>
  redactedConfig({ ...ServerConfig.parse({}), ...settings } as ServerConfig);

test('a configuration without secrets is shown as it is', () => {
  const config = ServerConfig.parse({ store: 'az://account/container/prefix' });
  expect(redactedConfig(config)).toEqual(config);
});

test.each([
  ['redis://user:pass@redis:6379/0', 'redis://[redacted]@redis:6379/0'],
  ['redis://:p@ss/w@redis:6379', 'redis://[redacted]@redis:6379'],
  ['https://account.blob.example/c?sv=1&sig=abc', 'https://account.blob.example/c?[redacted]'],
  ['https://collector:4318/path', 'https://collector:4318/path'],
  ['s3://bucket/prefix', 's3://bucket/prefix'],
  ['/var/lib/a@b?c', '/var/lib/a@b?c'],
])('of %s is shown %s', (value, expected) => {
  expect(shown({ users: value, staticItems: [value] })).toMatchObject({ users: expected, staticItems: [expected] });
});

test.each(['redisPassword', 'clientSecret', 'apiToken', 'signingKey'])('%s would not be shown', (name) => {
  expect(shown({ [name]: 'hunter2' })[name]).toBe('[redacted]');
});
