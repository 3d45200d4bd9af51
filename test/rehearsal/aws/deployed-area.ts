import { join } from 'node:path';
import type { Moto } from '@cdktf-recommender/rehearsal';
import { type Engines, startEngines } from '../../../rehearsal/src/engines';
import { deploy, synthesize } from '../../../rehearsal/src/steps';
import { Workspace } from '../../../rehearsal/src/terraform/workspace';
import { findToolchain } from '../../../rehearsal/src/toolchain/toolchain';
import { AREA } from './area';

const PROJECT = join(__dirname, 'app');

/** An area on an emulated AWS of its own, for tests of what it does once it is there. */
export interface StandingArea {
  readonly moto: Moto;
  readonly workspace: Workspace;
  /** Terraform's, on disk. */
  readonly stateFile: string;
  /** The terraform program. */
  readonly terraform: string;
  /** As `cdktf deploy` does. */
  deploy(): Promise<void>;
  /** Stops the emulated AWS; everything in it goes with it. */
  stop(): Promise<void>;
}

/** Synthesizes `areas/<name>.ts` for the real provider, and starts an emulated AWS for it; nothing is deployed. */
export async function standingArea(name: string): Promise<StandingArea> {
  const toolchain = await findToolchain();
  if (!toolchain.terraform) throw new Error('there is no terraform on PATH');
  const { path: terraform } = toolchain.terraform;
  const workspace = await Workspace.open({ project: PROJECT, stack: name, terraform, timeoutSeconds: 300 });
  let engines: Engines | undefined;
  const stop = async () => {
    await engines?.stop();
    await workspace.remove();
  };
  try {
    workspace.setEnvironment({ [AREA]: JSON.stringify({ name, protection: false, engine: 'real' }) });
    const context = { workspace, stack: name, events: [] };
    const configuration = await synthesize(context);
    engines = await startEngines(configuration, workspace, toolchain, { project: PROJECT });
    await engines.connect(configuration);
    const { moto } = engines;
    if (!moto) throw new Error(`${name} has nothing on AWS`);
    const stateFile = join(workspace.folder, 'terraform.tfstate');
    return { moto, workspace, stateFile, terraform, stop, deploy: async () => void (await deploy(context)) };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The same, deployed. */
export async function deployedArea(name: string): Promise<StandingArea> {
  const area = await standingArea(name);
  try {
    await area.deploy();
    return area;
  } catch (error) {
    await area.stop();
    throw error;
  }
}
