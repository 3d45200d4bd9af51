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
