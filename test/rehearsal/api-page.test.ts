import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createApiKey } from '@cdktf-recommender/model-server';
import { describeFiles, openModelRegistry } from '../../model-registry/src/index';
import { CHANNEL, MODEL, smallVersion, Workbench } from '../model-server/fixtures';
import { testWith } from './reliability/can-have';

const PAGE = readFileSync(join(__dirname, '../../docs/api.md'), 'utf8');
/** A command, and what the page says that it prints. */
const EXAMPLES = [...PAGE.matchAll(/^```sh\n(curl.*?)^```\n\n^```json\n(.*?)^```$/gms)].map(
  ([, command, output]) => [command as string, JSON.parse(output as string) as unknown] as const,
);
const CATALOGUE = [
  ['23552', 'BICYCLE PUNCTURE REPAIR KIT'],
  ['23498', 'CLASSIC BICYCLE CLIPS'],
  ['85123A', 'WHITE HANGING HEART T-LIGHT HOLDER'],
  ['22423', 'REGENCY CAKESTAND 3 TIER'],
  ['84879', 'ASSORTED COLOUR BIRD ORNAMENT'],
  ['47566', 'PARTY BUNTING'],
].map(([id, name]) => ({ id, name }));

describe('the page of the HTTP API', () => {
  const bench = new Workbench();
  afterAll(() => bench.cleanUp());

  test('has a command for each thing that it explains', () => {
    expect(EXAMPLES.length).toBe(PAGE.match(/^curl/gm)?.length);
    expect(EXAMPLES.length).toBe(7);
  });

  testWith('curl')('prints what its commands print', async () => {
    const apiKeysFile = join(await bench.directory(), 'keys.jsonl');
    const { key, record } = createApiKey({
      id: 'shop',
      scopes: ['recommendations:read', 'events:write', 'users:delete'],
    });
    await writeFile(apiKeysFile, JSON.stringify(record));
    const config = await bench.config({ apiKeysFile });
    const { manifest, files } = smallVersion();
    const named = { ...files, 'items.json': Buffer.from(JSON.stringify(CATALOGUE)) };
    const registry = await openModelRegistry(config.store, MODEL);
    const version = await registry.register({ manifest: { ...manifest, files: describeFiles(named) }, files: named });
    await registry.promote(CHANNEL, version, { by: 'test' });
    const { url } = await bench.server(config);
    for (const [command, output] of EXAMPLES) {
      // The server runs in this process, which must not stand still meanwhile.
      const { stdout } = await promisify(execFile)('sh', ['-ec', command], {
        env: { ...process.env, URL: url, KEY: key },
      });
      expect([command, JSON.parse(stdout, unsaid)]).toEqual([command, output]);
    }
  });
});

/** What differs from time to time, the page leaves out. */
function unsaid(name: string, value: unknown): unknown {
  return name === 'modelVersion' ? '…' : value;
}
