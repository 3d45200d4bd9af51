import { openModelRegistry } from '@cdktf-recommender/model-registry';
import { candidate, MODEL, tamper, temporaryDirectory } from './fixtures';
import { runSource } from './source-process';

const PROGRAM = 'model-registry/src/sync-main.ts';
const [one, two] = [candidate(1), candidate(2)];

async function twoVersions() {
  const directory = temporaryDirectory();
  const registry = await openModelRegistry(directory, MODEL);
  await registry.register(one);
  await registry.register(two);
  return { directory, registry };
}

const lines = (stdout: string) =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('the sync program', () => {
  test('prints a line for each version and the totals, by its arguments, and exits with 0', async () => {
    const { directory } = await twoVersions();
    const to = temporaryDirectory();
    const run = await runSource(PROGRAM, ['--source', directory, '--destination', to, '--model', MODEL]);
    expect(run).toMatchObject({ code: 0, stderr: '' });
    const printed = lines(run.stdout);
    expect(printed.slice(0, 2).map(({ version, outcome }) => [version, outcome])).toEqual(
      [one.version, two.version].sort().map((version) => [version, 'copied']),
    );
    expect(printed.slice(2)).toEqual([expect.objectContaining({ outcome: 'summary', versions: 2, copied: 2 })]);
    expect(await (await openModelRegistry(to, MODEL)).fetch(one.version)).toEqual(one);
  });

  test('takes its settings from the environment, and exits with 3 when it refused a version', async () => {
    const { directory, registry } = await twoVersions();
    await tamper(registry.store, `${MODEL}/versions/${one.version}/model.onnx`, Buffer.from('damaged'));
    const to = temporaryDirectory();
    const env = { SYNC_SOURCE_URL: directory, SYNC_DESTINATION_URL: to, SYNC_MODEL: MODEL };
    const run = await runSource(PROGRAM, [], env);
    expect(run).toMatchObject({ code: 3, stderr: '' });
    expect(lines(run.stdout)).toContainEqual(expect.objectContaining({ outcome: 'refused', version: one.version }));
    expect(await (await openModelRegistry(to, MODEL)).versions()).toEqual([two.version]);
  });

  test.each([
    [['--source', './a'], 'error: missing: --destination, --model\nhint: See --help.\n'],
    [['--sauce', './a'], "error: Unknown option '--sauce'"],
    [
      ['--source', 'ftp://a', '--destination', './b', '--model', MODEL],
      'error: the store URL "ftp://a" has the scheme "ftp:", which is not supported\nhint: Use a directory',
    ],
    [['--source', './a', '--destination', './b', '--model', '../c'], 'error: "../c" is not a model name\nhint: '],
  ])('says what is wrong with %j in a line and a hint, and exits with 2', async (args, message) => {
    const run = await runSource(PROGRAM, args);
    expect(run).toMatchObject({ code: 2, stdout: '' });
    expect(run.stderr.startsWith(message)).toBe(true);
    expect(run.stderr.trim().split('\n').length).toBe(2);
  });

  test('exits with 1 when a store is not there', async () => {
    const to = temporaryDirectory();
    const run = await runSource(PROGRAM, ['--source', `${to}/typo`, '--destination', to, '--model', MODEL]);
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toMatch(/^error: there is no model store at .*typo\nhint: .*\n$/);
  });
});
