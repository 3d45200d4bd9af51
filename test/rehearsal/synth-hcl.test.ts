import { appendFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../rehearsal/src/process/run';
import { findProviderPackage } from '../../rehearsal/src/standin/provider-package';
import { type StandIns, startStandIns } from '../../rehearsal/src/standin/start';

const ROOT = join(__dirname, '..', '..');
const STACKS = ['aws-dev', 'aws-prod', 'azure-dev', 'azure-prod', 'local'];
const PROVIDERS = ['aws', 'azurerm', 'kubernetes', 'helm', 'time'];

describe('cdktf synth --hcl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'synth-hcl-'));
  const [json, hcl] = [join(folder, 'json'), join(folder, 'hcl')];
  let standIns: StandIns | undefined;
  const environment = { ...process.env, CI: '1', CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' };

  const synth = async (...args: string[]) => {
    const program = join(ROOT, 'node_modules/.bin/cdktf');
    const started = performance.now();
    const result = await run(program, ['synth', ...args], { cwd: ROOT, timeoutSeconds: 60, env: environment });
    expect(result).toMatchObject({ exitCode: 0 });
    return (performance.now() - started) / 1000;
  };
  const terraform = (stack: string, ...args: string[]) =>
    run('terraform', [...args, '-no-color'], {
      cwd: join(hcl, 'stacks', stack),
      timeoutSeconds: 60,
      env: { ...environment, TF_REATTACH_PROVIDERS: standIns?.reattach },
    });

  beforeAll(async () => {
    // The stand-ins serve the types that the JSON names.
    const seconds = await synth('--output', json);
    console.log(`cdktf synth of all stacks: ${seconds.toFixed(1)} s`);
    await synth('--hcl', '--output', hcl);
    const providers = PROVIDERS.map((name) => ({ name, folder: findProviderPackage(ROOT, name) as string }));
    standIns = await startStandIns({ providers, outputFolder: json });
  }, 120_000);
  afterAll(async () => {
    await standIns?.stop();
    rmSync(folder, { recursive: true });
  });

  it('writes every stack of the example config', () => {
    expect(readdirSync(join(hcl, 'stacks')).sort()).toEqual(STACKS);
  });

  it.each(STACKS)(
    '%s is a configuration that Terraform takes, by the schemas of the bindings',
    async (stack) => {
      expect(await terraform(stack, 'init', '-backend=false')).toMatchObject({ exitCode: 0 });
      expect(await terraform(stack, 'validate')).toMatchObject({
        exitCode: 0,
        output: expect.stringContaining('The configuration is valid'),
      });
    },
    60_000,
  );

  it('is refused when it says what a provider has not', async () => {
    appendFileSync(
      join(hcl, 'stacks/aws-dev/cdk.tf'),
      '\nresource "aws_s3_bucket" "Wrong" {\n  buckett = "wrong"\n}\n',
    );
    expect(await terraform('aws-dev', 'validate')).toMatchObject({
      exitCode: 1,
      output: expect.stringContaining('An argument named "buckett" is not expected here'),
    });
  });
});
