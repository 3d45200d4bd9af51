import { join } from 'node:path';
import { type CheckovResult, runCheckov } from '@cdktf-recommender/rehearsal';
import { App } from 'cdktf';
import { loadConfig } from '../../../src';
import { synthesizedStack } from '../../../src/guards/guard-stacks';
import { verdicts } from '../../../src/security/find-violations';
import { SECURITY_RULES } from '../../../src/security/rules';
import { SynthesizedStack } from '../../../src/synthesized/synthesized-stack';
import { AwsStack } from '../../../stacks/aws-stack';
import { AzureStack } from '../../../stacks/azure-stack';
import { type CorpusCase, corpusCases, planOf } from './corpus-plan';

/** What both say of a resource. */
interface Comparison {
  readonly rule: string;
  readonly checkov: string;
  readonly address: string;
  /** Whether the stack is a base, a mutant or a variant of this very rule. */
  readonly isOwn: boolean;
  readonly ours: string;
  readonly theirs: string;
}

const BAR = 99;
const ROOT = join(__dirname, '../../..');

describe('our rules and checkov', () => {
  let compared: Comparison[];
  beforeAll(async () => {
    compared = await comparisons('the corpus', corpusCases());
  }, 300_000);

  it('agree on a resource in 99 of 100 cases, where both have a rule', () => {
    expect(share(compared)).toBeGreaterThanOrEqual(BAR);
  });

  it('are compared by every rule that says which of checkov is the same', () => {
    const rules = SECURITY_RULES.filter(({ checkov }) => checkov).map(({ id }) => id);
    expect(rules.length).toBeGreaterThan(60);
    const without = rules.filter((id) => !compared.some(({ rule, ours }) => rule === id && ours === 'broken'));
    expect(without).toEqual([]);
  });

  it('agree on the largest stacks that there are', async () => {
    const stacks = [
      stackOf(AwsStack, join(ROOT, 'examples/regulated.config.ts')),
      stackOf(AzureStack, join(ROOT, 'recommender.config.ts')),
    ];
    const onStacks = await comparisons(
      'regulated aws-prod and azure-prod',
      stacks.map((stack) => ({ rule: '', stack })),
    );
    expect(onStacks.length).toBeGreaterThan(400);
    expect(share(onStacks)).toBeGreaterThanOrEqual(BAR);
  }, 300_000);
});

/** A production with its variables set, as Terraform would have them. */
function stackOf(Stack: typeof AwsStack | typeof AzureStack, file: string): SynthesizedStack {
  const { name, json } = synthesizedStack(new Stack(new App(), { config: loadConfig(file), environment: 'prod' }));
  const image = { default: `registry.shop.example/recommender@sha256:${'0'.repeat(64)}` };
  return new SynthesizedStack(name, { ...json, variable: { ...json.variable, image } });
}

async function comparisons(title: string, cases: readonly CorpusCase[]): Promise<Comparison[]> {
  const result = await runCheckov({ plan: planOf(cases.map(({ stack }) => stack)), onProgress: console.log });
  const compared = compare(cases, result);
  report(`${title}, checkov ${result.version}`, compared);
  return compared;
}

function compare(cases: readonly CorpusCase[], { passed, failed }: CheckovResult): Comparison[] {
  const theirs = new Map([
    ...passed.map(({ id, address }) => [`${id} ${address}`, 'kept'] as const),
    ...failed.map(({ id, address }) => [`${id} ${address}`, 'broken'] as const),
  ]);
  return cases.flatMap(({ rule: own, stack }) =>
    verdicts(stack, SECURITY_RULES).flatMap(({ rule: { id, checkov }, subject: { address }, problem }) => {
      const verdict = theirs.get(`${checkov} ${address}`);
      if (!checkov || !verdict) return [];
      const ours = problem === undefined ? 'kept' : 'broken';
      return [{ rule: id, checkov, address, isOwn: id === own, ours, theirs: verdict }];
    }),
  );
}

const agrees = ({ ours, theirs }: Comparison) => ours === theirs;
const share = (all: readonly Comparison[]) => (100 * all.filter(agrees).length) / all.length;

function report(title: string, all: readonly Comparison[]): void {
  const own = all.filter(({ isOwn }) => isOwn);
  const lines = [
    `${title}: ${share(all).toFixed(2)} % of ${all.length} verdicts agree`,
    ...(own.length > 0 ? [`of the ${own.length} on stacks of the rule itself, ${share(own).toFixed(2)} %`] : []),
    ...all
      .filter((one) => !agrees(one))
      .map(({ rule, checkov, address, ours, theirs }) => `${rule} ${ours}, ${checkov} ${theirs}: ${address}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
