import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { overrideAwsProviders, readStack, requiredProviders } from '../../../rehearsal/src/terraform/synthesized';

describe('a synthesized stack', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stack-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const write = (configuration: object) => writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify(configuration));

  it('names the providers that it needs', async () => {
    write({
      terraform: { backend: { local: {} }, required_providers: { aws: { source: 'aws', version: '5.100.0' } } },
    });
    expect(requiredProviders(await readStack(folder, 'shop'))).toEqual([
      { name: 'aws', source: 'registry.terraform.io/hashicorp/aws', constraint: '5.100.0' },
    ]);
  });

  it('fails when its state is not local, and says what to do', async () => {
    write({ terraform: { backend: { s3: {} } } });
    await expect(readStack(folder, 'shop')).rejects.toMatchObject({
      message: 'Stack shop keeps its state in s3; a rehearsal keeps it in a folder of its own',
      hint: 'Rehearse with a configuration whose state is local',
    });
  });

  it('fails when the project has no such stack', async () => {
    await expect(readStack(join(folder, 'gone'), 'gone')).rejects.toThrow('The project has no stack gone');
  });

  it('is pointed at the emulator in each of its AWS providers, aliased ones too', async () => {
    write({ terraform: {}, provider: { aws: [{ region: 'eu-west-1' }, { alias: 'us', region: 'us-east-1' }] } });
    await overrideAwsProviders(folder, await readStack(folder, 'shop'));
    const { provider } = JSON.parse(readFileSync(join(folder, 'rehearsal_override.tf.json'), 'utf8'));
    expect(provider.aws).toEqual([
      { s3_use_path_style: true, skip_metadata_api_check: true, max_retries: 5 },
      { alias: 'us', s3_use_path_style: true, skip_metadata_api_check: true, max_retries: 5 },
    ]);
  });
});
