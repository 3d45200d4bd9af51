import { FollowerConfigError, loadFollowerConfig, PIN_VARIABLE } from '../../model-follower/src';
import { environmentVariable } from '../../model-server/src/config';

const REQUIRED = { FOLLOWER_STORE: 's3://models', FOLLOWER_CLUSTER: 'shop-prod' };

function problems(environment: Record<string, string>): readonly string[] {
  try {
    loadFollowerConfig(environment);
  } catch (error) {
    if (error instanceof FollowerConfigError) return error.problems;
    throw error;
  }
  throw new Error('no problem was found');
}

test('the store and the cluster are enough', () => {
  expect(loadFollowerConfig({ ...REQUIRED, PATH: '/bin' })).toEqual({
    store: 's3://models',
    model: 'online-retail',
    channel: 'production',
    cluster: 'shop-prod',
    namespace: 'recommender',
    deployment: 'model-server',
    configMap: 'model-server-version',
    rolledOutBy: 'deployment',
    pollSeconds: 10,
    host: '127.0.0.1',
    port: 8080,
    logLevel: 'info',
  });
});

test('fails with every problem at once, each by its variable', () => {
  expect(
    problems({
      FOLLOWER_CLUSTER: '../prod',
      FOLLOWER_ROLLED_OUT_BY: 'argo',
      FOLLOWER_POLL_SECONDS: '0',
      FOLLOWER_CHANEL: 'x',
    }),
  ).toEqual([
    expect.stringMatching(/^FOLLOWER_CHANEL: unknown variable; there are FOLLOWER_STORE, FOLLOWER_MODEL, /),
    'FOLLOWER_STORE: missing',
    'FOLLOWER_CLUSTER: got "../prod"; must be a cluster name: 1 to 100 letters, digits, hyphens, underscores',
    'FOLLOWER_ROLLED_OUT_BY: got "argo"; must be deployment or flagger',
    'FOLLOWER_POLL_SECONDS: got "0"; must be a whole number from 1 to 3600',
  ]);
});

test.each(['', 'ten', '1.5'])('fails with %j seconds', (text) => {
  expect(problems({ ...REQUIRED, FOLLOWER_POLL_SECONDS: text })).toEqual([
    `FOLLOWER_POLL_SECONDS: got "${text}"; must be a whole number from 1 to 3600`,
  ]);
});

test('the variable that it pins a version by is the model server’s', () => {
  expect(PIN_VARIABLE).toBe(environmentVariable('version'));
});
