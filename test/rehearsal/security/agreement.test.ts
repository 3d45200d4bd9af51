import { type CheckovResult, runCheckov } from '@cdktf-recommender/rehearsal';
import { verdicts } from '../../../src/security/find-violations';
import { SECURITY_RULES } from '../../../src/security/rules';
import { corpusCases, planOf } from './corpus-plan';

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

describe('our rules and checkov', () => {
  let compared: Comparison[];
  beforeAll(async () => {
    const cases = corpusCases();
    const result = await runCheckov({ plan: planOf(cases.map(({ stack }) => stack)), onProgress: console.log });
    compared = compare(cases, result);
    report(compared, result.version);
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
});

function compare(cases: ReturnType<typeof corpusCases>, { passed, failed }: CheckovResult): Comparison[] {
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

function report(all: readonly Comparison[], version: string): void {
  const own = all.filter(({ isOwn }) => isOwn);
  const lines = [
    `checkov ${version}: ${share(all).toFixed(2)} % of ${all.length} verdicts agree;`,
    `of the ${own.length} on stacks of the rule itself, ${share(own).toFixed(2)} %. They don't on:`,
    ...all
      .filter((one) => !agrees(one))
      .map(({ rule, checkov, address, ours, theirs }) => `${rule} ${ours}, ${checkov} ${theirs}: ${address}`),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
