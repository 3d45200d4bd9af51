import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Engines, startEngines } from '../../rehearsal/src/engines';
import { deploy, planAgain, type StepContext, synthesize } from '../../rehearsal/src/steps';
import { Workspace } from '../../rehearsal/src/terraform/workspace';
import { findToolchain } from '../../rehearsal/src/toolchain/toolchain';
import { loadConfig } from '../../src';

const project = join(__dirname, '..', '..');
const stack = 'azure-prod';
const type = 'kubernetes_deployment_v1';
const id = 'recommender/model-server';
const replicas = ['spec', 0, 'replicas'];

describe('a stack whose controllers have been at work', () => {
  let workspace: Workspace;
  let context: StepContext;
  let engines: Engines;

  beforeAll(async () => {
    const toolchain = await findToolchain({});
    const terraform = toolchain.terraform?.path ?? 'terraform';
    workspace = await Workspace.open({ project, stack, terraform, timeoutSeconds: 120 });
    context = { workspace, stack, events: [] };
    const { environments, ...config } = loadConfig(project);
    const file = join(workspace.folder, 'config.json');
    const rehearsal = { stateDirectory: workspace.folder };
    writeFileSync(file, JSON.stringify({ ...config, environments: { prod: environments.prod }, rehearsal }));
    const image = `registry.example.com/model-server@sha256:${'0'.repeat(64)}`;
    workspace.setEnvironment({ CDKTF_RECOMMENDER_CONFIG: file, TF_VAR_image: image });
    engines = await startEngines(await synthesize(context), workspace, toolchain, { project });
    await deploy(context);
  }, 120_000);
  afterAll(async () => {
    await engines?.stop();
    await workspace?.remove();
  });

  it.each([
    ['an autoscaler has added replicas', '37'],
    ['Flagger has promoted a version and put away what it was tried in', '0'],
  ])(
    'has nothing to change when %s',
    async (_, value) => {
      await engines.standIns?.inject({ drift: [{ type, id, path: replicas, value }] });
      await planAgain(context);
    },
    60_000,
  );

  it('has nothing to change when the follower has pinned another version', async () => {
    const drift = { type: 'kubernetes_config_map_v1', id: 'recommender/model-server-version', path: ['data'] };
    await engines.standIns?.inject({ drift: [{ ...drift, value: { RECOMMENDER_VERSION: 'b'.repeat(64) } }] });
    await planAgain(context);
    // The same in the ConfigMap with the settings, which nobody but Terraform owns.
    const settings = { ...drift, id: 'recommender/model-server', value: { RECOMMENDER_VERSION: 'b'.repeat(64) } };
    await engines.standIns?.inject({ drift: [settings] });
    await expect(planAgain(context)).rejects.toThrow(/The second plan is not empty/);
  }, 60_000);

  it('does see what a person changed by hand', async () => {
    const path = ['spec', 0, 'template', 0, 'spec', 0, 'container', 0, 'image'];
    await engines.standIns?.inject({ drift: [{ type, id, path, value: 'registry.example.com/other:latest' }] });
    await expect(planAgain(context)).rejects.toThrow(/The second plan is not empty[\s\S]*other:latest/);
  }, 60_000);
});
