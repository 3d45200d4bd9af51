import { DirectoryObjectStore, describeFiles, type ModelFiles, ModelRegistry } from '@cdktf-recommender/model-registry';
import { candidate, MODEL, temporaryDirectory } from './fixtures';

const { manifest, files } = candidate(1);

describe('a version is refused before anything is written', () => {
  const withFiles = (change: Partial<ModelFiles>) => {
    const changed = { ...files, ...change };
    return { manifest: { ...manifest, files: describeFiles(changed) }, files: changed };
  };

  test.each([
    ['items.json.0.name: ', withFiles({ 'items.json': Buffer.from('[{"id":"1"}]') })],
    ['items.json is not JSON', withFiles({ 'items.json': Buffer.from('[') })],
    ['items.json has 0 items, and the manifest says 1', withFiles({ 'items.json': Buffer.from('[]') })],
    [
      'popular.json names item 1, and items.json has 1 items',
      withFiles({ 'popular.json': Buffer.from('{"windowDays":28,"items":[{"index":1,"customers":1}]}') }),
    ],
    ['model.onnx is missing', { manifest, files: { ...files, 'model.onnx': undefined as unknown as Buffer } }],
    ['manifest.json.model: ', { manifest: { ...manifest, model: 'Shop' }, files }],
  ])('%s', async (message, input) => {
    const directory = `${temporaryDirectory()}/store`;
    const store = new DirectoryObjectStore(directory);
    await expect(new ModelRegistry(store, MODEL).register(input)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(message),
      hint: 'Nothing was written. Correct what made it.',
    });
    await expect(new ModelRegistry(store, MODEL).versions()).rejects.toMatchObject({ code: 'STORE_NOT_FOUND' });
  });
});
