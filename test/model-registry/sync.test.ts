import { DirectoryObjectStore, syncVersions } from '@cdktf-recommender/model-registry';
import { MODEL, temporaryDirectory } from './fixtures';
import { describeSync } from './sync-contract';

describe('a sync from directory to directory', () => {
  describeSync(async () => new DirectoryObjectStore(temporaryDirectory()));

  test('from a directory that is not there fails, and does not pass for nothing to do', async () => {
    const source = new DirectoryObjectStore(`${temporaryDirectory()}/typo`);
    const destination = new DirectoryObjectStore(temporaryDirectory());
    await expect(syncVersions({ source, destination, model: MODEL })).rejects.toMatchObject({
      code: 'STORE_NOT_FOUND',
      message: expect.stringMatching(/^there is no model store at .*typo$/),
    });
  });
});
