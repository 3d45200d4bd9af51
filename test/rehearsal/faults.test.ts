import { join } from 'node:path';
import { startEngines } from '../../rehearsal/src/engines';
import { deploy, destroy, planAgain, remaining, type StepContext, synthesize } from '../../rehearsal/src/steps';
import { Workspace } from '../../rehearsal/src/terraform/workspace';
import { findToolchain } from '../../rehearsal/src/toolchain/toolchain';

describe('a stack whose cloud misbehaves', () => {
  const project = join(__dirname, 'fixture');
  const stack = 'fixture-azure';
  let workspace: Workspace;
  let context: StepContext;
  let engines: Awaited<ReturnType<typeof startEngines>>;
  const type = 'kubernetes_config_map_v1';

  beforeAll(async () => {
    const toolchain = await findToolchain();
    workspace = await Workspace.open({
      project,
      stack,
      terraform: toolchain.terraform?.path ?? 'terraform',
      timeoutSeconds: 120,
    });
    workspace.setEnvironment({ FIXTURE_PROTECTION: 'off' });
    context = { workspace, stack, events: [] };
    engines = await startEngines(await synthesize(context), workspace, toolchain, { project });
  }, 120_000);
  afterAll(async () => {
    await engines.stop();
    await workspace.remove();
  });

  it("fails its deploy with the provider's error, and is put right by the next deploy", async () => {
    await engines.standIns?.inject({ failApply: [{ type, message: 'the API server said no' }] });
    await expect(deploy(context)).rejects.toThrow(
      /Error: the API server said no[\s\S]*with kubernetes_config_map_v1\.Settings/,
    );
    await engines.standIns?.inject({});
    await deploy(context);
    await planAgain(context);
  }, 120_000);

  it('shows by a second plan what someone else changed, and a deploy puts it right', async () => {
    await engines.standIns?.inject({ drift: [{ type, path: ['data', 'greeting'], value: 'changed by hand' }] });
    await expect(planAgain(context)).rejects.toThrow(/The second plan is not empty[\s\S]*"changed by hand" -> "hello"/);
    await deploy(context);
    await planAgain(context);
  }, 120_000);

  it('leaves nothing in the stand-ins after its destroy', async () => {
    expect((await remaining(engines)).map((thing) => thing.type)).toContain('azurerm_kubernetes_cluster');
    await destroy(context);
    expect(await remaining(engines)).toEqual([]);
  }, 120_000);
});
