import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { type Deployed, type Engine, type Moto, type RehearsalResult, rehearse } from '@cdktf-recommender/rehearsal';
import { type App, TerraformStack } from 'cdktf';
import { standardTags } from '../../../src';
import { REHEARSED_AWS_PROVIDER } from '../../../src/config/rehearsal-config';
import { ACCOUNT_ID, REGION } from './account';
import { AreaPlan } from './area-plan';
import { AreaRoles } from './area-roles';
import { RecordedCalls } from './deploy-calls/recorded-calls';

/** What a stack of one area of AWS is built with. */
export interface AreaOptions {
  /** Whether what holds data refuses a destroy. */
  readonly protection: boolean;
  /** What serves the AWS provider; a stand-in serves what the emulated AWS can't have, too. */
  readonly engine: Engine;
}

/** Constructs of one area of AWS with every option on, as far as options don't exclude each other. */
export interface Area {
  /** Whether something in it is protected, so that a destroy must be refused first. */
  readonly holdsData: boolean;
  readonly build: (stack: TerraformStack, options: AreaOptions) => void;
  /** Types that the area builds for the stand-in only, with the emulator's cause. */
  readonly leftOut: Readonly<Record<string, string>>;
}

/** Variable in which the app of the areas finds which one to build, and how. */
export const AREA = 'AWS_AREA';

export { ACCOUNT_ID, REGION };

/** Of each area's stack; for what default tags don't reach, too. */
export const TAGS = standardTags({ project: 'shop', environment: 'prod', owner: 'shop-platform' });

export function areaStack(app: App, name: string, { engine }: AreaOptions): TerraformStack {
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, 'Aws', { region: REGION, allowedAccountIds: [ACCOUNT_ID], defaultTags: [{ tags: TAGS }] });
  // A stand-in has the schema of the bindings, whatever the emulator was measured with.
  if (engine === 'real') stack.addOverride('terraform.required_providers.aws.version', REHEARSED_AWS_PROVIDER);
  return stack;
}

function areaOf(name: string): Area {
  return (require(`./areas/${name}`) as { area: Area }).area;
}

function environment(name: string, options: AreaOptions): Record<string, string> {
  return { [AREA]: JSON.stringify({ name, ...options }) };
}

function deployment(name: string, options: AreaOptions) {
  return { project: PROJECT, stack: name, aws: options.engine, environment: environment(name, options) };
}

/**
 * Deploys the stack of `areas/<name>.ts` by the real provider to an emulated AWS, and answers what `ask` finds there
 * while it runs: who may do what, or what a plan says of a change that was made by hand.
 *
 * @throws Error when it can't be deployed
 */
export async function askDeployedArea<Answer>(
  name: string,
  ask: (deployed: Deployed & { moto: Moto }) => Promise<Answer>,
): Promise<Answer> {
  let answer: { readonly is: Answer } | undefined;
  const { steps } = await rehearse({
    ...deployment(name, { engine: 'real', protection: true }),
    until: 'deploy',
    afterDeploy: async (deployed) => {
      answer = { is: await ask(withMoto(name, deployed)) };
    },
  });
  const failed = steps.find(({ ok }) => !ok);
  if (!answer) throw new Error(`${name} was not deployed: ${failed?.error}`);
  return answer.is;
}

function withMoto(name: string, deployed: Deployed): Deployed & { moto: Moto } {
  const { moto } = deployed;
  if (!moto) throw new Error(`${name} has nothing of AWS`);
  return { ...deployed, moto };
}

const PROJECT = join(__dirname, 'app');
const PROTECTION_STEPS = ['refused destroy', 'deploy without protection'];

interface RehearsedAreaOptions {
  /** Longest time for one engine. @default 10 */
  readonly minutes?: number;
  /**
   * Is called with the real provider, while everything runs, beside what is always asked: who may do what.
   * @default - nothing is asked
   */
  readonly afterDeploy?: (deployed: Deployed & { moto: Moto }) => Promise<void>;
}

/**
 * Adds tests that take the stack of `areas/<name>.ts` through its life, with the real provider on the emulated AWS and
 * with the stand-in of the bindings' version; answers what came of it.
 */
export function rehearsedArea(name: string, { minutes = 10, afterDeploy }: RehearsedAreaOptions = {}) {
  const { leftOut, holdsData } = areaOf(name);
  const results = new Map<Engine, RehearsalResult>();
  const roles = new AreaRoles(name);
  const plan = new AreaPlan(name, TAGS);
  const ask = async (deployed: Deployed) => {
    const asked = withMoto(name, deployed);
    await roles.ask(asked);
    await plan.ask(asked);
    await afterDeploy?.(asked);
  };
  const rehearseOn = async (engine: Engine) => {
    const result = await rehearse({
      ...deployment(name, { engine, protection: true }),
      ...(engine === 'real' && { afterDeploy: ask }),
      ...(holdsData && { unprotectedEnvironment: environment(name, { engine, protection: false }) }),
    });
    results.set(engine, result);
    expect(result.steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(result.steps.map(({ step }) => step)).toEqual([
      'deploy',
      ...(engine === 'real' ? ['after deploy'] : []),
      'second plan',
      ...(holdsData ? PROTECTION_STEPS : []),
      'destroy',
      'inventory',
    ]);
    return result;
  };
  const of = (engine: Engine) => () => {
    const result = results.get(engine);
    if (!result) throw new Error(`${name} was not rehearsed with the ${engine} provider`);
    return result;
  };
  it(
    'is deployed by the real provider, planned empty, protected and destroyed; nothing is left',
    async () => {
      const { created } = await rehearseOn('real');
      expect(Object.keys(created).filter((type) => type in leftOut)).toEqual([]);
    },
    minutes * 60_000,
  );
  roles.addTests();
  plan.addTests();
  it('asks AWS for what its list says, which the deploy role is held against, and for nothing else', async () => {
    const { calls } = of('real')();
    expect(await new RecordedCalls(name).faults(calls)).toEqual({ beyond: [], stale: [] });
  });
  it(
    "goes through the same with a stand-in of the bindings' own version, with what the emulated AWS can't have",
    async () => {
      const { created } = await rehearseOn('stand-in');
      const real = Object.keys(results.get('real')?.created ?? {});
      expect(Object.keys(created).sort()).toEqual([...real, ...Object.keys(leftOut)].sort());
    },
    minutes * 60_000,
  );
  return { real: of('real'), standIn: of('stand-in') };
}
