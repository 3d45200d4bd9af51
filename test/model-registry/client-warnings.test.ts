import { temporaryDirectory } from './fixtures';
import { runSource } from './source-process';

describe('the clients of the clouds', () => {
  test.each([
    ['s3://no-such-bucket', { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: '1' }],
    ['az://recommender/models', { AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential' }],
  ])('write no warning of their own beside the error about %s', async (source, env) => {
    const args = ['--source', source, '--destination', temporaryDirectory(), '--model', 'shop'];
    const keys = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const run = await runSource('model-registry/src/sync-main.ts', args, { ...keys, ...env });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^error: can't use .*\nhint: .*\n$/);
  });
});
