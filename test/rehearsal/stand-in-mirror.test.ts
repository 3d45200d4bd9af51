import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../rehearsal/src/process/run';
import { writeStandInMirror } from '../../rehearsal/src/standin/mirror';
import { findProviderPackage } from '../../rehearsal/src/standin/provider-package';
import { cliConfig } from '../../rehearsal/src/terraform/cli-config';
import { findMirrors } from '../../rehearsal/src/toolchain/mirror';

describe('stand-ins in a filesystem mirror', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stand-in-mirror-'));
  const mirror = join(folder, 'mirror');
  afterAll(() => rmSync(folder, { recursive: true }));

  const configure = (version: string) =>
    writeFileSync(
      join(folder, 'main.tf.json'),
      JSON.stringify({
        terraform: { required_providers: { random: { source: 'hashicorp/random', version } } },
        resource: { random_password: { it: { length: 12 } } },
        output: { length: { value: `\${nonsensitive(length(random_password.it.result))}` } },
      }),
    );
  const terraform = (...args: string[]) =>
    run('terraform', [...args, '-no-color'], {
      cwd: folder,
      timeoutSeconds: 120,
      env: {
        ...process.env,
        TF_CLI_CONFIG_FILE: join(folder, 'terraformrc'),
        TF_DISABLE_PLUGIN_TLS: '1',
        CHECKPOINT_DISABLE: '1',
      },
    });

  beforeAll(async () => {
    const random = findProviderPackage(join(__dirname, '..', '..'), 'random') as string;
    const sources = await writeStandInMirror(mirror, [{ name: 'random', folder: random }]);
    const mirrors = (await findMirrors(mirror)).filter((found) => found.folder === mirror);
    writeFileSync(
      join(folder, 'terraformrc'),
      cliConfig(
        mirrors,
        sources.map((source) => ({ source })),
        folder,
      ),
    );
  });

  it('are refused when the version is not the one that the configuration asks for', async () => {
    configure('~> 99.0');
    const result = await terraform('init');
    expect(result).toMatchObject({ exitCode: 1, output: expect.stringContaining('99.0') });
  });

  it('are installed, locked, applied and destroyed like any provider', async () => {
    configure('~> 3.7');
    expect(await terraform('init')).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(folder, '.terraform.lock.hcl'), 'utf8')).toMatch(/version\s+= "3\.7\.2"[\s\S]*h1:/);
    expect(await terraform('apply', '-auto-approve')).toMatchObject({
      exitCode: 0,
      output: expect.stringContaining('length = 12'),
    });
    expect(await terraform('plan', '-detailed-exitcode')).toMatchObject({ exitCode: 0 });
    expect(await terraform('destroy', '-auto-approve')).toMatchObject({ exitCode: 0 });
  }, 120_000);
});
