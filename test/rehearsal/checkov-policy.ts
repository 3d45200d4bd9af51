import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CheckedRule, runCheckov } from '@cdktf-recommender/rehearsal';
import { parse } from 'yaml';

interface Entry {
  readonly checks: readonly string[];
  readonly resource: string;
  /** Stacks and areas that need it. */
  readonly seen: readonly string[];
  readonly reason: string;
}

/** What checkov finds and stays as it is: `ops/policies/checkov.yaml`. */
export const POLICY = parse(readFileSync(join(__dirname, '../../ops/policies/checkov.yaml'), 'utf8')) as {
  /** Of the examples' stacks on AWS; areas may need them too. */
  readonly stacks: readonly Entry[];
  /** Of areas alone. */
  readonly constructs: readonly Entry[];
  /** Of the example's stacks on Azure. */
  readonly azure: readonly Entry[];
};
const ENTRIES = Object.values(POLICY).flat();

export interface CheckovVerdict {
  readonly passed: number;
  /** Findings that nothing excepts. */
  readonly broken: readonly CheckedRule[];
  /** Entries that are said to be needed there, and aren't. */
  readonly unneeded: readonly Entry[];
}

/** @param name of the stack or area that the plan is of */
export async function checkovVerdict(name: string, plan: string): Promise<CheckovVerdict> {
  const { passed, failed } = await runCheckov({ plan, onProgress: console.log });
  const ours = failed.filter(({ address }) => !isAreasOwn(address));
  return {
    passed: passed.length,
    broken: ours.filter((one) => !ENTRIES.some((entry) => covers(entry, one))),
    unneeded: ENTRIES.filter(({ seen }) => seen.includes(name)).filter(
      (entry) => !ours.some((one) => covers(entry, one)),
    ),
  };
}

function covers({ checks, resource }: Entry, { id, address }: CheckedRule): boolean {
  return checks.includes(id) && new RegExp(`^${resource}$`).test(address);
}

/** Of an area's own, beside its constructs: what they are used with. */
function isAreasOwn(address: string): boolean {
  return !(address.split('.')[1] ?? '').includes('_');
}
