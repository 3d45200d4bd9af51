import type { OpenStack, Plan } from '@cdktf-recommender/rehearsal';
import { atLeast, type Bar, type CheckResult, exactly } from '../bars';
import { openAwsProd, STACK } from './aws-prod';
import { CHANGES, Deployed, type OutOfBandChange } from './changes';

/** What came of one change. */
interface Found {
  readonly what: string;
  /** Whether the next plan names what was changed. */
  readonly named: boolean;
  /** Whether it is as it was after the next apply. */
  readonly repaired: boolean;
}

/** Changes the deployed stack behind Terraform's back; `stack` is deployed, and is again as it was when this ends well. */
export async function drifted(stack: OpenStack, onProgress: (line: string) => void): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const [round, changes] of rounds(CHANGES).entries()) {
    onProgress(`round ${round + 1}: ${changes.length} changes`);
    found.push(...(await changed(stack, changes)));
  }
  return found;
}

/** The bar by itself: on a stack of its own. */
export async function drift({ onProgress }: { readonly onProgress: (line: string) => void }): Promise<CheckResult> {
  const started = performance.now();
  const { stack, close } = await openAwsProd({ onNote: onProgress });
  try {
    onProgress(`deploys ${STACK}`);
    await stack.apply();
    const found = await drifted(stack, onProgress);
    return {
      name: 'aws-drift',
      conditions: `${STACK} of the example's config, deployed once; ${CHANGES.length} changes by calls of AWS's API in ${rounds(CHANGES).length} rounds, in each at most one change of a resource; then a plan, an apply of it and another plan`,
      bars: bars(found),
      notes: found
        .filter(({ named, repaired }) => !named || !repaired)
        .map(({ what }) => `not found or not repaired: ${what}`),
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await close();
  }
}

/** A change is told from the others of its round by its resource. */
function rounds(changes: readonly OutOfBandChange[]): OutOfBandChange[][] {
  const made: Map<string, OutOfBandChange>[] = [];
  for (const change of changes) {
    const resource = `${change.type} ${change.part}`;
    const free = made.find((round) => !round.has(resource)) ?? made[made.push(new Map()) - 1];
    free?.set(resource, change);
  }
  return made.map((round) => [...round.values()]);
}

async function changed(stack: OpenStack, changes: readonly OutOfBandChange[]): Promise<Found[]> {
  const deployed = new Deployed(await stack.inState());
  for (const call of changes.flatMap(({ calls }) => calls(deployed))) await stack.moto.call(call);
  const touches = (planned: Plan, { type, part = '' }: OutOfBandChange) =>
    planned.changes.some((change) => change.type === type && change.address.includes(part));
  const before = await stack.plan();
  await stack.applyPlanned();
  const after = await stack.plan();
  return changes.map((change) => ({
    what: change.what,
    named: touches(before, change),
    repaired: !touches(after, change),
  }));
}

const bars = (found: readonly Found[]): Bar[] => [
  atLeast('changes', found.length, 25),
  exactly('a plan names what was changed', found.filter(({ named }) => named).length, found.length),
  exactly('an apply puts it right', found.filter(({ repaired }) => repaired).length, found.length),
];
