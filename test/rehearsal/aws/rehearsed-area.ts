import { join } from 'node:path';
import {
  type Deployed,
  type Engine,
  type Moto,
  OpenStack,
  type RehearsalResult,
  rehearse,
  stepTimes,
} from '@cdktf-recommender/rehearsal';
import { areaOf } from './all-areas';
import { AREA, type AreaOptions, TAGS } from './area';
import { AreaPlan } from './area-plan';
import { areaResources } from './area-resources';
import { AreaRoles } from './area-roles';
import { RecordedCalls } from './deploy-calls/recorded-calls';

const PROJECT = join(__dirname, 'app');

/** Variables that have the app of the areas build one, or all. */
export function areaEnvironment<Options extends AreaOptions>(name: string, options: Options): Record<string, string> {
  return { [AREA]: JSON.stringify({ name, ...options }) };
}

/**
 * The stack of `areas/<name>.ts` for the real provider, unprotected, with an emulated AWS of its own, to which nothing
 * is applied yet: for tests of what it does once it is there.
 *
 * @param options what the area takes beside its engine and protection
 */
export function openArea(name: string, options: object = {}): Promise<OpenStack> {
  const environment = areaEnvironment(name, { engine: 'real', protection: false, ...options });
  return OpenStack.open({ project: PROJECT, stack: name, environment });
}

function withMoto(name: string, deployed: Deployed): Deployed & { moto: Moto } {
  const { moto } = deployed;
  if (!moto) throw new Error(`${name} has nothing of AWS`);
  return { ...deployed, moto };
}

const PROTECTION_STEPS = ['refused destroy', 'deploy without protection'];

interface LifecycleOptions {
  readonly engine: Engine;
  /** Is called while everything runs. */
  readonly afterDeploy?: (deployed: Deployed) => Promise<void>;
}

/** Takes an area through its life: it is deployed, planned empty, protected and destroyed, and nothing is left. */
export async function lifecycle(name: string, { engine, afterDeploy }: LifecycleOptions): Promise<RehearsalResult> {
  const { holdsData } = areaOf(name);
  const environment = (protection: boolean) => areaEnvironment(name, { engine, protection });
  const result = await rehearse({
    project: PROJECT,
    stack: name,
    // That cdktf does the same is held by what deploys whole stacks.
    commands: 'terraform',
    aws: engine,
    environment: environment(true),
    afterDeploy,
    ...(holdsData && { unprotectedEnvironment: environment(false) }),
  });
  process.stdout.write(`${name}: ${stepTimes(result.steps).join(', ')}\n`);
  expect(result.steps.filter(({ ok }) => !ok)).toEqual([]);
  expect(result.steps.map(({ step }) => step)).toEqual([
    'deploy',
    'second plan',
    ...(afterDeploy ? ['after deploy'] : []),
    ...(holdsData ? PROTECTION_STEPS : []),
    'destroy',
    'inventory',
  ]);
  return result;
}

interface RehearsedAreaOptions {
  /** Longest time. @default 10 */
  readonly minutes?: number;
  /**
   * Is called while everything runs, beside what is always asked: who may do what.
   * @default - nothing is asked
   */
  readonly afterDeploy?: (deployed: Deployed & { moto: Moto }) => Promise<void>;
}

/**
 * Adds tests that take the stack of `areas/<name>.ts` through its life with the real provider on the emulated AWS;
 * answers what came of it. With a stand-in, areas are taken through it together, in bindings.test.ts.
 */
export function rehearsedArea(name: string, { minutes = 10, afterDeploy }: RehearsedAreaOptions = {}) {
  let result: RehearsalResult | undefined;
  const real = () => {
    if (!result) throw new Error(`${name} was not rehearsed`);
    return result;
  };
  const roles = new AreaRoles(name);
  const plan = new AreaPlan(name, TAGS);
  const ask = async (deployed: Deployed) => {
    const asked = withMoto(name, deployed);
    await roles.ask(asked);
    await plan.ask(asked);
    await afterDeploy?.(asked);
  };
  it(
    'is deployed by the real provider, planned empty, protected and destroyed; nothing is left',
    async () => {
      result = await lifecycle(name, { engine: 'real', afterDeploy: ask });
    },
    minutes * 60_000,
  );
  roles.addTests();
  plan.addTests();
  it('asks AWS for what its list says, which the deploy role is held against, and for nothing else', async () => {
    expect(await new RecordedCalls(name).faults(real().calls)).toEqual({ beyond: [], stale: [] });
  });
  it("has every type that it has with a stand-in, but for what the emulated AWS can't have", () => {
    const withStandIn = Object.keys(areaResources(name, { engine: 'stand-in', protection: true }));
    const { leftOut } = areaOf(name);
    expect([...Object.keys(real().created), ...Object.keys(leftOut)].sort()).toEqual(withStandIn.sort());
  });
  return { real };
}
