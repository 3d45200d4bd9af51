import { type AwsFault, errorText } from '@cdktf-recommender/rehearsal';
import { type CheckResult, exactly } from '../bars';
import { Adoption } from './adoption';
import { type AwsProd, openAwsProd, STACK } from './aws-prod';

const SHARE = 0.05;
const KINDS: readonly AwsFault[] = ['error', 'throttle', 'reset'];
const MOST_DESTROYS = 8;
const PRODUCTION: Subject = { name: STACK, open: (onNote) => openAwsProd({ protection: false, onNote }) };

export interface FaultsOptions {
  readonly seed: number;
  /** Lives of the stack, each with faults of its own. @default 10 */
  readonly rounds?: number;
  /** How many are lived at the same time. @default 2 */
  readonly lanes?: number;
  /** @default - the example's production */
  readonly subject?: Subject;
  readonly onProgress: (line: string) => void;
}

/** What is deployed. */
export interface Subject {
  readonly name: string;
  /** On an emulated AWS of its own, unprotected, and not deployed yet. */
  readonly open: (onNote: (line: string) => void) => Promise<AwsProd>;
}

interface Outcome {
  readonly applies: number;
  readonly imported: number;
  readonly untainted: readonly string[];
  readonly converged: boolean;
  readonly left: number;
  readonly failed: number;
  readonly calls: number;
  readonly note: string;
}

/** Deploys a stack on an AWS that fails one call in twenty, from the first apply to the destroy. */
export async function faults(options: FaultsOptions): Promise<CheckResult> {
  const { seed, rounds = 10, lanes = 2, subject = PRODUCTION, onProgress } = options;
  const started = performance.now();
  const queue = Array.from({ length: rounds }, (_, round) => round);
  const outcomes: Outcome[] = [];
  const lane = async () => {
    for (let round = queue.shift(); round !== undefined; round = queue.shift()) {
      onProgress(`${outcomes.length} of ${rounds}`);
      outcomes.push(await lived(await subject.open(onProgress), seed + round));
    }
  };
  await Promise.all(Array.from({ length: Math.min(lanes, rounds) }, lane));
  const sum = (of: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    name: 'aws-faults',
    conditions: `${subject.name} on an AWS that fails ${SHARE * 100} % of the calls, the state's too, a third each by a 500, by throttling and by a broken connection; ${rounds} times, seed ${seed}; the provider tries a call twice, where production's default is 25 times; apply until one goes through, after each that failed importing what the state doesn't know of and untainting what Terraform would make a second time, once more where the plan is not empty, plan, destroy`,
    bars: [
      exactly('converges to an empty plan', outcomes.filter(({ converged }) => converged).length, rounds),
      exactly('a destroy leaves nothing', outcomes.filter(({ left }) => left === 0).length, rounds),
    ],
    notes: [
      `${sum(({ failed }) => failed)} of ${sum(({ calls }) => calls)} calls failed; applies until one went through: ${outcomes.map(({ applies }) => applies).join(', ')}; imported: ${sum(({ imported }) => imported)}; untainted: ${outcomes.flatMap(({ untainted }) => untainted).join(', ') || 'nothing'}`,
      ...outcomes.flatMap(({ note }) => (note ? [note] : [])),
    ],
    seconds: (performance.now() - started) / 1000,
  };
}

async function lived({ stack, close }: AwsProd, seed: number): Promise<Outcome> {
  try {
    await stack.moto.fail({ seed, share: SHARE, kinds: KINDS });
    const adoption = new Adoption(stack);
    let { failed, applies } = await adoption.apply();
    const { calls = 0, ...kinds } = await stack.moto.failed();
    // What there is, is told by an AWS that answers.
    await stack.moto.fail();
    const halfDone = failed ? [] : (await stack.plan()).changes;
    let changes = halfDone;
    if (halfDone.length > 0) {
      // What was tainted and made a second time may be deleted as the first, and a provider may take a change for made whose
      // call failed: the next apply makes it.
      const again = await adoption.apply();
      failed = again.failed;
      applies += again.applies;
      changes = failed ? [] : (await stack.plan()).changes;
    }
    await stack.moto.fail({ seed: seed + 1, share: SHARE, kinds: KINDS });
    let errors = '';
    for (let i = 0; i < MOST_DESTROYS; i++) {
      const { exitCode, output } = await stack.terraform('destroy', '-auto-approve', '-input=false', '-no-color');
      errors = exitCode === 0 ? '' : errorText(output);
      if (errors === '') break;
    }
    await stack.moto.fail();
    return {
      applies,
      imported: adoption.imports.size,
      untainted: [...adoption.untainted],
      converged: !failed && changes.length === 0,
      left: (await stack.existing()).length,
      failed: Object.values(kinds).reduce((sum, count) => sum + count, 0),
      calls,
      note: [
        failed,
        errors,
        ...halfDone.map(({ address, actions }) => `the first plan wanted to ${actions} ${address}`),
      ]
        .filter(Boolean)
        .join('\n'),
    };
  } finally {
    await close();
  }
}
