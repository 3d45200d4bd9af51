import { setTimeout as pause } from 'node:timers/promises';
import {
  errorText,
  type OpenStack,
  type Remaining,
  type ResourceEvent,
  type StateResource,
} from '@cdktf-recommender/rehearsal';
import { type CheckResult, exactly } from '../bars';
import { Adoption } from './adoption';
import { openAwsProd, STACK } from './aws-prod';
import { chance } from './chance';
import { orphans } from './inventory';

/** Resources of AWS in the stack, about: the apply is killed while one of them is made. */
const RESOURCES = 85;
const MOST_PAUSE_MS = 1000;

export interface InterruptedOptions {
  readonly seed: number;
  /** Applies to kill. @default 10 */
  readonly points?: number;
  /** How many are done at the same time. @default 2 */
  readonly lanes?: number;
  readonly onProgress: (line: string) => void;
}

/** What came of one killed apply. */
interface Outcome {
  readonly at: number;
  readonly imported: readonly string[];
  /** Whether, all that is to be done being done, an apply goes through and the plan after it is empty. */
  readonly converged: boolean;
  /** How many with tags were there and in no state. */
  readonly orphans: number;
  /** Addresses of those that `recommender inventory` said nothing of, and ARNs that it called orphans although they are none. */
  readonly misjudged: readonly string[];
  /** What nothing knows of any more: there after the destroy. */
  readonly left: readonly Remaining[];
  readonly note: string;
}

/** Kills the first apply of a stack at seeded points, and takes the stack on from there. */
export async function interrupted(options: InterruptedOptions): Promise<CheckResult> {
  const { seed, points = 10, lanes = 2, onProgress } = options;
  const started = performance.now();
  const queue = Array.from({ length: points }, (_, point) => point);
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (let point = queue.shift(); point !== undefined; point = queue.shift()) {
      onProgress(`${outcomes.length} of ${points} killed`);
      const outcome = await killed(seed + point, onProgress);
      outcomes.push(outcome);
      onProgress(described(outcome));
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, points) }, lane));
  const count = (which: (outcome: Outcome) => boolean) => outcomes.filter(which).length;
  return {
    name: 'aws-interrupted',
    conditions: `the first apply of ${STACK} is killed by SIGKILL, with its providers, while one of its resources is made, at ${points} points by seed ${seed}; state and lock in S3; then \`terraform force-unlock\`, \`recommender inventory\`, imports of what the state doesn't know of, found by names and tags, an apply, a plan and a destroy`,
    bars: [
      exactly(
        'converges to an empty plan',
        count(({ converged }) => converged),
        points,
      ),
      exactly(
        '`recommender inventory` names the orphans, and none once they are imported',
        count(({ misjudged }) => misjudged.length === 0),
        points,
      ),
      exactly(
        'a destroy leaves nothing',
        count(({ left }) => left.length === 0),
        points,
      ),
    ],
    notes: [
      `${count(({ imported }) => imported.length === 0)} of ${points} needed no import: an apply after the unlock was enough`,
      ...outcomes.map(described),
    ],
    seconds: (performance.now() - started) / 1000,
  };
}

function described({ at, imported, orphans, misjudged, left, note }: Outcome): string {
  const summary = `killed while resource ${at} was made: ${imported.length} imported, of which ${orphans} have tags; ${left.length} left behind`;
  const details = [
    misjudged.length > 0 && `the inventory is wrong about ${misjudged.join(', ')}`,
    ...left.map(({ type, id }) => `left: ${type} ${id}`),
    note,
  ];
  return [summary, ...details.filter(Boolean)].join('\n');
}

async function killed(seed: number, onNote: (line: string) => void): Promise<Outcome> {
  const at = 1 + Math.floor(chance(seed, 'resource') * RESOURCES);
  const kill = new AbortController();
  let begun = 0;
  const onEvent = ({ action, state, address }: ResourceEvent) => {
    if (action !== 'create' || state !== 'started' || !address.startsWith('aws_') || ++begun !== at) return;
    setTimeout(() => kill.abort(), chance(seed, 'pause') * MOST_PAUSE_MS);
  };
  const { stack, close } = await openAwsProd({ protection: false, onEvent, onNote });
  try {
    const { exitCode } = await stack.applyUntil(kill.signal);
    if (exitCode === 0) throw new Error(`the apply ended before it was killed at resource ${at}`);
    await unlock(stack);
    return { at, ...(await takenOn(stack)) };
  } finally {
    await close();
  }
}

/** The lock is still the killed apply's: Terraform names it, and takes it off by its id. */
async function unlock(stack: OpenStack): Promise<void> {
  // The call in flight is answered, and the emulator is done with it.
  await pause(MOST_PAUSE_MS);
  const refused = await stack.tryApply();
  const id = /Lock Info:\s+ID:\s+([0-9a-f-]{36})/.exec(errorText(refused.output))?.[1];
  if (refused.exitCode === 0 || !id) throw new Error(`the killed apply left no lock:\n${refused.output}`);
  const { exitCode, output } = await stack.terraform('force-unlock', '-force', id);
  if (exitCode !== 0) throw new Error(output);
}

async function takenOn(stack: OpenStack): Promise<Omit<Outcome, 'at'>> {
  const adoption = new Adoption(stack);
  const named = await orphans(stack);
  // Before an apply, which would make all that has no name of its own a second time.
  await adoption.adopt();
  const { failed } = await adoption.apply();
  const changes = failed ? [] : (await stack.plan()).changes;
  const known = await stack.inState();
  const tagged = known.filter(
    ({ address, attributes: { tags_all } }) => adoption.imports.has(address) && Object.keys(tags_all ?? {}).length > 0,
  );
  const misjudged = [
    ...tagged.filter((resource) => !named.some((arn) => isOf(arn, resource))).map(({ address }) => address),
    // What is not imported may be one too: a VPC's default security group is there before any apply of its own.
    ...named.filter((arn) => !known.some((resource) => isOf(arn, resource))),
    ...(failed ? [] : await orphans(stack)),
  ];
  const destroyed = await stack.terraform('destroy', '-auto-approve', '-input=false', '-no-color');
  const left = (await stack.existing()).filter(({ service }) => !STAND_INS.includes(service));
  return {
    imported: [...adoption.imports.keys()],
    converged: !failed && changes.length === 0,
    orphans: tagged.length,
    misjudged,
    left,
    note: [
      failed,
      changes.map(({ address, actions }) => `still planned: ${actions} ${address}`).join('\n'),
      destroyed.exitCode === 0 ? '' : `destroy: ${errorText(destroyed.output)}`,
    ]
      .filter(Boolean)
      .join('\n'),
  };
}

/** Whether an ARN is a resource's; a log group's may end in `:*`, and a NAT gateway's is its id behind where it is. */
function isOf(arn: string, { attributes }: StateResource): boolean {
  return Object.values(attributes).includes(arn.replace(/:\*$/, '')) || arn.endsWith(`/${attributes.id}`);
}

/** They make things up anew on each create, where a real API server would say that the name is taken. */
const STAND_INS = ['kubernetes', 'helm', 'time'];
