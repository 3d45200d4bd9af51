import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MODEL, publish } from '../model-server/fixtures';
import { recommender } from './recommender';

let folder: string;
let store: string;
let version: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cli-edge-'));
  store = join(folder, 'store');
  version = await publish(store);
});
afterAll(() => rm(folder, { recursive: true }));

const model = (...args: string[]) => recommender(['model', ...args], { cwd: folder });

test('edge-pack writes a pack, in the form that a store is imported from', async () => {
  const of = ['production', '--store', store, '--model', MODEL];
  const { exitCode, stdout } = await model('edge-pack', ...of, '--out', 'pack.json', '--visitor', 'guest', '--json');
  expect({ exitCode, result: JSON.parse(stdout) }).toMatchObject({
    exitCode: 0,
    result: { out: 'pack.json', version, items: 6, similar: 6 },
  });
  const { data, ...rest } = JSON.parse(await readFile(join(folder, 'pack.json'), 'utf8'));
  expect(rest).toEqual({});
  expect(JSON.parse(data[0].value)).toEqual({ version, generation: version.slice(0, 12), visitor: 'guest' });
  expect(data.map(({ key }: { key: string }) => key)).toEqual([
    'current',
    ...['p', 'i/item-5', 'i/item-4', 'i/item-3', 'i/item-2', 'i/item-1', 'i/item-0'].map(
      (key) => `${version.slice(0, 12)}/${key}`,
    ),
  ]);
});

test('edge-push refuses what is no pack, and what is no store, before it asks AWS', async () => {
  await writeFile(join(folder, 'empty.json'), '{"data":[]}');
  const arn = 'arn:aws:cloudfront::123456789012:key-value-store/8562c61f';
  await expect(model('edge-push', 'empty.json', '--store-arn', arn)).resolves.toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining("empty.json is no pack; 'recommender model edge-pack' writes one."),
  });
  await expect(model('edge-push', 'empty.json', '--store-arn', 'shop-prod')).resolves.toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('--store-arn is shop-prod; it must be arn:aws:cloudfront::<account>'),
  });
});
