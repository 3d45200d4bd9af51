import { join } from 'node:path';
import { type Engines, startEngines } from '../../../rehearsal/src/engines';
import { deploy, synthesize } from '../../../rehearsal/src/steps';
import { Workspace } from '../../../rehearsal/src/terraform/workspace';
import { findToolchain } from '../../../rehearsal/src/toolchain/toolchain';
import { AREA } from './area';

/** An area that stays deployed on an emulated AWS until it is stopped, without protection. */
export class StandingStack {
  static async open(area: string): Promise<StandingStack> {
    const { terraform } = await findToolchain();
    if (!terraform) throw new Error('there is no terraform on PATH');
    const project = join(__dirname, 'app');
    const workspace = await Workspace.open({ project, stack: area, terraform: terraform.path, timeoutSeconds: 600 });
    return new StandingStack(area, project, workspace);
  }

  private engines?: Engines;

  private constructor(
    private readonly area: string,
    private readonly project: string,
    private readonly workspace: Workspace,
  ) {}

  /** Where the emulated AWS answers. */
  get endpoint(): string {
    const endpoint = this.engines?.moto?.endpoint;
    if (!endpoint) throw new Error(`${this.area} is not deployed`);
    return endpoint;
  }

  /**
   * `cdktf deploy`, the first time and again; answers the outputs.
   *
   * @param options what the area takes beside its engine and protection
   */
  async deploy(options: object = {}): Promise<Record<string, unknown>> {
    const context = { workspace: this.workspace, stack: this.area, events: [] };
    const area = { name: this.area, protection: false, engine: 'real', ...options };
    this.workspace.setEnvironment({ [AREA]: JSON.stringify(area) });
    const configuration = await synthesize(context);
    this.engines ??= await startEngines(configuration, this.workspace, await findToolchain(), {
      project: this.project,
    });
    await this.engines.connect(configuration);
    return deploy(context);
  }

  /** Stops the emulated AWS, with which all goes. */
  async stop(): Promise<void> {
    await this.engines?.stop();
    await this.workspace.remove();
  }
}
