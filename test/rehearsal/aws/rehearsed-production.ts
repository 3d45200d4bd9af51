import { join } from 'node:path';
import { stepTimes } from '@cdktf-recommender/rehearsal';
import { rehearseStack } from '../../../cli/rehearsal';
import { type Config, loadConfig, standardTags } from '../../../src';
import { AwsStack } from '../../../stacks/aws-stack';
import { synthesize } from '../../helpers/synth';
import { ACCOUNT_ID } from './account';
import { AreaPlan } from './area-plan';
import { RecordedCalls } from './deploy-calls/recorded-calls';

export const ROOT = join(__dirname, '..', '..', '..');
const PEER = {
  modelStoreUrl: 'az://account/models',
  issuerUrl: 'https://eastus.oic.prod-aks.azure.com/tenant/cluster/',
  readerClientId: '00000000-0000-4000-8000-00000000000b',
  tenantId: '00000000-0000-4000-8000-00000000000c',
};

interface RehearsedProductionOptions {
  /** The config's, or the folder that has it. */
  readonly file: string;
  /** Types that it has and the emulated AWS can't, with the emulator's cause. */
  readonly leftOut: Readonly<Record<string, string>>;
}

/** A config's production on AWS with a peer, of the project and the account that areas are of. */
function production(file: string): { readonly config: Config; readonly aws: NonNullable<Prod['aws']> } {
  const config = { ...loadConfig(file), project: 'shop' };
  const aws = config.environments.prod?.aws;
  if (!aws) throw new Error(`${file} has no environments.prod.aws`);
  const permissionsBoundaryArn = `arn:aws:iam::${ACCOUNT_ID}:policy/shop-prod-boundary`;
  Object.assign(aws, { accountId: ACCOUNT_ID, peer: PEER, permissionsBoundaryArn });
  return { config, aws };
}
type Prod = NonNullable<Config['environments']['prod']>;

/**
 * Adds tests that take a config's production on AWS through its life, with the calls that `calls/<list>.txt` has, and hold
 * what is deployed to its tags and to checkov's rules.
 */
export function rehearsedProduction(list: string, { file, leftOut }: RehearsedProductionOptions): void {
  const { config, aws } = production(file);
  const { project, owner, costCenter } = config;
  const plan = new AreaPlan(list, standardTags({ project, environment: 'prod', owner, costCenter }));
  it('is deployed, planned empty, protected and destroyed; it asks AWS for what its list says, which the deploy role is held against', async () => {
    const whole = synthesize((app) => new AwsStack(app, { config, environment: 'prod' })).resourceTypes();
    aws.parts.accessAnalyzer = false;
    const { steps, calls, created } = await rehearseStack({
      project: ROOT,
      config,
      stack: 'aws-prod',
      commands: 'terraform',
      afterDeploy: (deployed) => plan.ask(deployed),
    });
    process.stdout.write(`${list}: ${stepTimes(steps).join(', ')}\n`);
    expect(steps.filter(({ ok }) => !ok)).toEqual([]);
    expect(steps.map(({ step }) => step)).toEqual([
      'deploy',
      'second plan',
      'after deploy',
      'refused destroy',
      'deploy without protection',
      'destroy',
      'inventory',
    ]);
    const missing = whole.filter((type) => !(type in created));
    expect(missing).toEqual(Object.keys(leftOut));
    expect(await new RecordedCalls(list).faults(calls)).toEqual({ beyond: [], stale: [] });
  }, 1_200_000);
  plan.addTests();
}
