import { openObjectStore } from '@cdktf-recommender/model-registry';
import { describeObjectStore, keys } from '../model-registry/object-store-contract';
import { describeModelRegistry } from '../model-registry/registry-contract';
import { describeSync } from '../model-registry/sync-contract';
import { type EmulatedBlobStorage, emulatedBlobStorage } from './azure-blob';

let blob: EmulatedBlobStorage;
const store = { fresh: () => blob.fresh(), open: () => blob.open() };

beforeAll(async () => {
  blob = await emulatedBlobStorage();
}, 600_000);

afterAll(() => blob?.azurite.stop());

describe('an object store in Azure Blob', () => {
  describeObjectStore(store);

  test('a list goes on after its first five thousand keys', async () => {
    const objects = await blob.openFresh();
    const expected = Array.from({ length: 5001 }, (_, i) => `shop/runs/${i}.json`);
    for (let i = 0; i < expected.length; i += 100) {
      const batch = expected.slice(i, i + 100);
      await Promise.all(batch.map((key) => objects.put(key, Buffer.from('{}'), { ifNoneMatch: '*' })));
    }
    expect((await keys(objects, 'shop/runs/')).sort()).toEqual(expected.sort());
  });

  test('an object as large as a model comes back in one read', async () => {
    const objects = await blob.openFresh();
    const body = Buffer.alloc(60_000_000, 'weights ');
    await objects.put('shop/model.onnx', body, { ifNoneMatch: '*' });
    expect((await objects.get('shop/model.onnx'))?.body.equals(body)).toBe(true);
  });
});

describe('a model registry in Azure Blob', () => describeModelRegistry(store));

describe('a sync from Azure Blob to directory', () => describeSync(() => blob.openFresh()));

describe('Azure Blob that can not be used', () => {
  const connectionString = () => blob.azurite.connectionString;
  afterEach(() => {
    process.env.AZURE_STORAGE_CONNECTION_STRING = connectionString();
  });

  test('a container that is not there is named', async () => {
    const { account } = blob.azurite;
    const objects = await openObjectStore(`az://${account}/no-such-container/models`);
    const refused = {
      code: 'STORE_NOT_FOUND',
      message: `there is no container "no-such-container" in the storage account "${account}"`,
    };
    await expect(objects.get('shop/a')).rejects.toMatchObject(refused);
    await expect(objects.put('shop/a', Buffer.from(''), { ifNoneMatch: '*' })).rejects.toMatchObject(refused);
    await expect(keys(objects, 'shop/')).rejects.toMatchObject(refused);
  });

  test('an endpoint that does not answer is one line and a hint', async () => {
    process.env.AZURE_STORAGE_CONNECTION_STRING = connectionString().replace(/:\d+\//, ':1/');
    const objects = await openObjectStore(`az://${blob.azurite.account}/models`);
    await expect(objects.get('shop/a')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/^can't use az:\/\/rehearsal\/models\/shop\/a: .*ECONNREFUSED.*$/),
      hint: 'Check the network and the account.',
    });
  });

  test('a wrong key is one line and a hint', async () => {
    const wrong = Buffer.alloc(64).toString('base64');
    process.env.AZURE_STORAGE_CONNECTION_STRING = connectionString().replace(/AccountKey=[^;]+/, `AccountKey=${wrong}`);
    const objects = await openObjectStore(`az://${blob.azurite.account}/models`);
    await expect(objects.get('shop/a')).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringMatching(/^can't use az:\/\/rehearsal\/models\/shop\/a: Server failed to authenticate.*$/),
      hint: "Check the account's firewall, and the key if AZURE_STORAGE_CONNECTION_STRING has one.",
    });
  });
});
