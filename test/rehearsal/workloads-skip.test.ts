import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engines, startEngines } from '../../rehearsal/src/engines';
import { deploy, type StepContext, synthesize } from '../../rehearsal/src/steps';
import { Workspace } from '../../rehearsal/src/terraform/workspace';
import { findToolchain } from '../../rehearsal/src/toolchain/toolchain';
import { loadConfig } from '../../src';

const project = join(__dirname, '..', '..');
const stack = 'azure-dev';

describe('a stack that was deployed with its workloads, and then leaves them out', () => {
  let workspace: Workspace;
  let context: StepContext;
  let engines: Engines;

  /** As the config says, but for where the state is. */
  const choose = (workloads: 'deploy' | 'skip') => {
    const { environments, ...config } = loadConfig(project);
    const azure = { ...environments.dev?.azure, workloads };
    const file = join(workspace.folder, `${workloads}.json`);
    const rehearsal = { stateDirectory: workspace.folder };
    writeFileSync(file, JSON.stringify({ ...config, environments: { dev: { azure } }, rehearsal }));
    const image = `registry.example.com/model-server@sha256:${'0'.repeat(64)}`;
    workspace.setEnvironment({ CDKTF_RECOMMENDER_CONFIG: file, TF_VAR_image: image });
    return synthesize(context);
  };
  const inCluster = async () =>
    ((await engines.standIns?.inventory()) ?? []).filter(({ type }) => /^(kubernetes|helm)_/.test(type)).length;

  beforeAll(async () => {
    const toolchain = await findToolchain({});
    const terraform = toolchain.terraform?.path ?? 'terraform';
    workspace = await Workspace.open({ project, stack, terraform, timeoutSeconds: 120 });
    context = { workspace, stack, events: [] };
    engines = await startEngines(await choose('deploy'), workspace, toolchain, { project });
    await deploy(context);
  }, 120_000);
  afterAll(async () => {
    await engines?.stop();
    await workspace?.remove();
  });

  it('never asks the API server, which may be dead, and destroys nothing', async () => {
    const before = await inCluster();
    expect(before).toBeGreaterThan(9);
    await choose('skip');
    await workspace.terraform('init', '-input=false', '-no-color');
    const { output } = await workspace.terraform('plan', '-input=false', '-no-color');
    expect(output).toMatch(/^azurerm_storage_account\.\w+: Refreshing state/m);
    expect(output).not.toMatch(/^(kubernetes|helm)_\w+\.\w+: Refreshing state/m);
    expect(output).toContain('Plan: 0 to add, 0 to change, 0 to destroy.');

    await deploy(context);
    expect((await workspace.resourcesInState()).filter((address) => /^(kubernetes|helm)_/.test(address))).toEqual([]);
    expect(await inCluster()).toBe(before);
  }, 120_000);

  it('has nothing left to change', async () => {
    const plan = await workspace.terraform('plan', '-input=false', '-no-color', '-detailed-exitcode');
    expect(plan).toMatchObject({ exitCode: 0, output: expect.stringContaining('No changes.') });
  });
});
