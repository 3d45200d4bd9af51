import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rehearse } from '@cdktf-recommender/rehearsal';
import { loadConfig } from '../../src';

const project = join(__dirname, '..', '..');

// The AWS provider that the bindings are of can't be had where only 5.100.0 is, so its schema stands in for it.
test('aws-prod deploys and plans empty against the schema of the provider that its bindings are of', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aws-bindings-'));
  try {
    const file = join(folder, 'config.json');
    await writeFile(file, JSON.stringify({ ...loadConfig(project), rehearsal: { stateDirectory: folder } }));
    const image = `registry.example.com/model-server@sha256:${'0'.repeat(64)}`;
    const { steps, tiers } = await rehearse({
      project,
      stack: 'aws-prod',
      aws: 'stand-in',
      until: 'second plan',
      environment: { CDKTF_RECOMMENDER_CONFIG: file, TF_VAR_image: image },
      logFolder: folder,
    });
    expect(steps).toMatchObject([
      { step: 'deploy', ok: true },
      { step: 'second plan', ok: true },
    ]);
    expect(tiers.find(({ tier }) => tier === 'aws')?.engine).toBe('stand-in of 6.25.0');
  } finally {
    await rm(folder, { recursive: true });
  }
}, 180_000);
