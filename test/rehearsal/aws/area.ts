import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Engine } from '@cdktf-recommender/rehearsal';
import { type App, TerraformStack } from 'cdktf';
import type { Construct } from 'constructs';
import { standardTags } from '../../../src';
import { REHEARSED_AWS_PROVIDER } from '../../../src/config/rehearsal-config';
import { ACCOUNT_ID, REGION } from './account';

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
  readonly build: (scope: Construct, options: AreaOptions) => void;
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
