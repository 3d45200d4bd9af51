import { errorText, type OpenStack } from '@cdktf-recommender/rehearsal';
import { type CheckResult, exactly } from '../bars';
import { openAwsProd, STACK } from './aws-prod';

export interface LockingOptions {
  /** How often two apply at once. @default 10 */
  readonly rounds?: number;
  readonly onProgress: (line: string) => void;
}

/** What came of two applies at once. */
interface Round {
  readonly winners: number;
  /** Whether the one that lost says that the state is locked, and by which lock. */
  readonly named: boolean;
  /** Whether what is deployed is what the winner asked for, and nothing of the other's. */
  readonly whole: boolean;
}

/** An image for each of two, that each tries to deploy. */
const image = (round: number, who: number) =>
  `registry.example.com/recommender/model-server@sha256:${`${round}${who}`.padStart(64, '0')}`;

/** Has two people deploy different images at the same time, again and again. */
export async function locking({ rounds = 10, onProgress }: LockingOptions): Promise<CheckResult> {
  const started = performance.now();
  const { stack, close } = await openAwsProd({ onNote: onProgress });
  try {
    const done: Round[] = [];
    for (let round = 0; round < rounds; round++) {
      onProgress(`${round + 1} of ${rounds}`);
      done.push(await twoAtOnce(stack, round));
    }
    const count = (which: (round: Round) => boolean) => done.filter(which).length;
    return {
      name: 'aws-locking',
      conditions: `two applies of ${STACK} at once by two processes, each with an image of its own, ${rounds} times, the first time with nothing there; state and lock in S3 as the stack's backend has them`,
      bars: [
        exactly(
          'one of two goes through',
          count(({ winners }) => winners === 1),
          rounds,
        ),
        exactly(
          'the other one is told of the lock by its id',
          count(({ named }) => named),
          rounds,
        ),
        exactly(
          "what is deployed is the winner's",
          count(({ whole }) => whole),
          rounds,
        ),
      ],
      seconds: (performance.now() - started) / 1000,
    };
  } finally {
    await close();
  }
}

async function twoAtOnce(stack: OpenStack, round: number): Promise<Round> {
  const images = [image(round, 1), image(round, 2)];
  const results = await Promise.all(images.map((name) => stack.tryApply(`-var=image=${name}`)));
  const winners = images.filter((_, who) => results[who]?.exitCode === 0);
  const lost = results.find(({ exitCode }) => exitCode !== 0);
  const told = errorText(lost?.stdout ?? '');
  const deployed = JSON.stringify(await stack.inState());
  return {
    winners: winners.length,
    named: /Error acquiring the state lock[\s\S]*PreconditionFailed[\s\S]*Lock Info:\s+ID:\s+[0-9a-f-]{36}/.test(told),
    whole: images.every((name) => deployed.includes(name) === winners.includes(name)),
  };
}
