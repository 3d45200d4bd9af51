import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { openModelRegistry, openObjectStore } from '@cdktf-recommender/model-registry';
import { temporaryDirectory } from './fixtures';

describe('openObjectStore', () => {
  test.each([
    ['./store', pathToFileURL(resolve('store')).href],
    ['/srv/models', 'file:///srv/models'],
    ['file:///srv/my%20models', 'file:///srv/my%20models'],
    ['s3://models', 's3://models'],
    ['s3://models/team/a/', 's3://models/team/a'],
    ['az://recommender/models', 'az://recommender/models'],
    ['az://recommender/models/team/a/', 'az://recommender/models/team/a'],
  ])('opens %s', async (url, canonical) => {
    expect((await openObjectStore(url)).url).toBe(canonical);
  });

  test.each([
    ['', 'is empty'],
    ['https://example.com/store', 'has the scheme "https:", which is not supported'],
    ['s3://', 'has no valid bucket name'],
    ['s3:models', 'has no valid bucket name'],
    ['s3://Models/a', 'has no valid bucket name'],
    ['az://', 'has no valid account name'],
    ['az:recommender/models', 'has no valid account name'],
    ['az://recommender.blob.core.windows.net/models', 'has no valid account name'],
    ['az://recommender', 'has no valid container name'],
    ['az://recommender/my--models', 'has no valid container name'],
    ['az://recommender/mo', 'has no valid container name'],
    ['file://server/store', 'is not a file on this machine'],
  ])('refuses %j', async (url, problem) => {
    await expect(openObjectStore(url)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(`the store URL "${url}" ${problem}`),
      hint: 'Use a directory (./store), a file URL (file:///srv/store), s3://bucket/prefix or az://account/container/prefix.',
    });
  });

  test.each(['', 'Shop', '../shop', 'a/b', '.shop'])('refuses the model name %j', async (model) => {
    await expect(openModelRegistry('./store', model)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: `"${model}" is not a model name`,
    });
  });
});

describe('the sign-in to Azure', () => {
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });
  const settings = (change: NodeJS.ProcessEnv) => Object.assign(process.env, change);

  test('is by the workload identity alone where there is one, and its error is told', async () => {
    settings({
      AZURE_CLIENT_ID: '11111111-1111-1111-1111-111111111111',
      AZURE_TENANT_ID: '22222222-2222-2222-2222-222222222222',
      AZURE_FEDERATED_TOKEN_FILE: '/no/such/token',
    });
    const store = await openObjectStore('az://recommender/models');
    await expect(store.get('shop/a')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: "can't use az://recommender/models/shop/a: ENOENT: no such file or directory, open '/no/such/token'",
      hint: expect.stringContaining('AZURE_FEDERATED_TOKEN_FILE'),
    });
  });

  test.each([
    [
      { AZURE_STORAGE_CONNECTION_STRING: 'AccountKey=secret' },
      'AZURE_STORAGE_CONNECTION_STRING is not a connection string: Invalid URL',
    ],
    [
      { AZURE_FEDERATED_TOKEN_FILE: '/token', AZURE_CLIENT_ID: 'a', AZURE_TENANT_ID: 'a tenant' },
      'the settings of the sign-in to Azure are not valid: Invalid tenant id provided.',
    ],
  ])('is refused with %j, and no secret is told', async (change, message) => {
    settings(change);
    await expect(openObjectStore('az://recommender/models')).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message),
    });
  });

  test('is keyless for an account that the connection string is not about', async () => {
    settings({
      AZURE_STORAGE_CONNECTION_STRING:
        'DefaultEndpointsProtocol=http;AccountName=other;AccountKey=AAAA;BlobEndpoint=http://127.0.0.1:1/other',
      AZURE_TOKEN_CREDENTIALS: 'WorkloadIdentityCredential',
    });
    const store = await openObjectStore('az://recommender/models');
    await expect(store.get('shop/a')).rejects.toMatchObject({ hint: expect.stringMatching(/^Sign in to Azure/) });
  });
});

describe('a directory that can not be used', () => {
  test('is named in one line with what to do', async () => {
    const file = join(temporaryDirectory(), 'file');
    writeFileSync(file, '');
    const store = await openObjectStore(file);
    const refused = {
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(`^can't use ${file}/shop/a: ENOTDIR`),
      hint: 'A part of the path is a file: use another directory.',
    };
    await expect(store.get('shop/a')).rejects.toMatchObject(refused);
    await expect(store.put('shop/a', Buffer.from(''), { ifNoneMatch: '*' })).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
    });
  });
});
