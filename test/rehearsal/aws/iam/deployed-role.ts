import type { EmulatedRole, Moto } from '@cdktf-recommender/rehearsal';
import type { Call, RoleExpectation, Wildcard } from '../role-expectation';
import { allows, conditional } from './decision';
import type { Policy } from './policy';
import { trusted } from './trust';
import { wildcardActions } from './wildcards';

/** What a deployed role is like, held against what is expected of it: everything in it is a fault. */
export interface Faults {
  /** Calls that are refused and should not be. */
  readonly refused: readonly string[];
  /** Calls that go through and should not. */
  readonly letThrough: readonly string[];
  /** Calls on which moto's evaluator, where it can judge, says otherwise than ours. */
  readonly disputed: readonly string[];
  /** Actions with a `*`, or on everything, that nobody gave a reason for; and reasons that nothing needs. */
  readonly wildcards: readonly string[];
  readonly trust: readonly string[];
}

export const NO_FAULTS: Faults = { refused: [], letThrough: [], disputed: [], wildcards: [], trust: [] };

/** Holds a role, as it is in the emulated AWS, against what is expected of it. */
export async function faultsOf(role: EmulatedRole, expected: RoleExpectation, moto: Moto): Promise<Faults> {
  const policies = role.policies.map(({ document }) => document as Policy);
  const goesThrough = (call: Call) => allows(policies, call);
  const disputed: string[] = [];
  for (const call of [...expected.allowed, ...expected.denied]) {
    if (conditional(policies, call).length > 0) continue;
    const verdict = await moto.permits(role.name, call.action, call.resource);
    if (verdict !== goesThrough(call)) disputed.push(describeCall(call));
  }
  return {
    refused: expected.allowed.filter((call) => !goesThrough(call)).map(describeCall),
    letThrough: expected.denied.filter(goesThrough).map(describeCall),
    disputed,
    wildcards: wildcardFaults(role, expected.wildcards ?? []),
    trust: trustFaults(role, expected.trusts),
  };
}

/**
 * An expectation with the outputs of the area's stack in the place of their names.
 *
 * @throws Error when there is no such output
 */
export function withOutputs(expected: RoleExpectation, outputs: Readonly<Record<string, unknown>>): RoleExpectation {
  const fill = (text: string) =>
    text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
      const value = outputs[name];
      if (typeof value !== 'string') throw new Error(`the area has no output ${name}, which ${expected.role} asks for`);
      return value;
    });
  const filled = ({ context, ...call }: Call): Call => ({
    ...call,
    resource: fill(call.resource),
    ...(context && {
      context: Object.fromEntries(
        Object.entries(context).map(([key, value]) => [key, typeof value === 'string' ? fill(value) : value]),
      ),
    }),
  });
  return { ...expected, allowed: expected.allowed.map(filled), denied: expected.denied.map(filled) };
}

function describeCall({ action, resource, context }: Call): string {
  return `${action} on ${resource}${context ? ` with ${JSON.stringify(context)}` : ''}`;
}

function wildcardFaults({ policies }: EmulatedRole, expected: readonly Wildcard[]): string[] {
  const own = policies.filter(({ managed }) => !managed).map(({ document }) => document as Policy);
  const found = new Set(own.flatMap(wildcardActions));
  const explained = new Set(expected.map(({ action }) => action));
  return [
    ...[...found].filter((action) => !explained.has(action)).map((action) => `${action} has no reason`),
    ...[...explained]
      .filter((action) => !found.has(action))
      .map((action) => `${action} has a reason, and is not there`),
  ];
}

function trustFaults({ trust }: EmulatedRole, expected?: readonly string[]): string[] {
  const found = trusted(trust as Policy).sort();
  if (found.length === 0 || found.includes('*')) return [`trusts ${found.join() || 'nobody'}`];
  const same = expected === undefined || found.join() === [...expected].sort().join();
  return same ? [] : [`trusts ${found.join()}, not ${expected.join()}`];
}
