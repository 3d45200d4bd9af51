import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'cdktf';
import { parseConfig } from '../../src';
import { synthApp } from '../../stacks/synth-app';

const outdir = mkdtempSync(join(tmpdir(), 'synth-app-'));
afterAll(() => rmSync(outdir, { recursive: true, force: true }));

const config = parseConfig(
  { owner: 'shop', budget: { notify: ['platform@shop.test'] }, environments: {}, local: { context: 'kind' } },
  'test',
);

test('tells what a deploy needs, by the stack that needs it', () => {
  expect(synthApp(new App({ outdir }), config)).toEqual([
    { level: 'info', path: 'local', message: expect.stringContaining('the image model-server:local') },
  ]);
});

test('says nothing of a deploy when it is rehearsed', () => {
  expect(synthApp(new App({ outdir }), { ...config, rehearsal: { stateDirectory: outdir } })).toEqual([]);
});
