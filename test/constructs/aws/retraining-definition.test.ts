import { DEFAULT_RETRAINING_CANDIDATES, type RetrainingStage } from '../../../constructs/aws';
import {
  RETRAINING_STAGES,
  type RetrainingDefinitionProps,
  retrainingDefinition,
} from '../../../constructs/aws/workflow/retraining-definition';
import type { State, StateMachine, TaskState } from '../../../constructs/aws/workflow/states';
import { unresolvedPaths } from './definition-paths';

/** It has no types of its own. */
const asl: (definition: object, options?: object) => { isValid: boolean; errors: unknown[] } = require('asl-validator');

const PROPS: RetrainingDefinitionProps = {
  functions: Object.fromEntries(
    RETRAINING_STAGES.map((stage) => [
      stage,
      { functionArn: `arn:aws:lambda:us-east-1:123456789012:function:shop-${stage}`, timeoutSeconds: 60 },
    ]),
  ) as Record<RetrainingStage, { functionArn: string; timeoutSeconds: number }>,
  candidates: DEFAULT_RETRAINING_CANDIDATES,
  maxConcurrency: 2,
  minimumNewInteractions: 1000,
  timeoutSeconds: 3600,
  retry: { intervalSeconds: 2, maxAttempts: 4, maxDelaySeconds: 60 },
};
const definition = retrainingDefinition(PROPS);

/** All states, those of branches and rounds included. */
function statesOf(machine: StateMachine): [string, State][] {
  return Object.entries(machine.States).flatMap(([name, state]): [string, State][] => {
    const inner =
      state.Type === 'Parallel' ? state.Branches : state.Type === 'Map' ? [state.ItemProcessor as StateMachine] : [];
    return [[name, state], ...inner.flatMap(statesOf)];
  });
}

const all = statesOf(definition);
const tasks = all.filter((entry): entry is [string, TaskState] => entry[1].Type === 'Task');

test('it is a definition by the language’s own schema', () => {
  expect(asl(definition as object, { checkArn: true, checkPaths: true })).toMatchObject({ isValid: true, errors: [] });
});

test('the schema refuses what is none', () => {
  const { Begin, ...rest } = definition.States as Record<string, object>;
  const broken = { ...definition, States: { ...rest, Begin: { ...Begin, Next: 'Nowhere' } } };
  expect(asl(broken).isValid).toBe(false);
});

test('each path that a state reads is there on every way to it, and each state is reached', () => {
  expect(unresolvedPaths(definition)).toEqual([]);
});

test.each<[string, string, (states: Record<string, State>) => State]>([
  [
    'a field that no function answers',
    'Register: $.checks.speed.p99Ms',
    ({ CheckCandidate }) => ({ ...CheckCandidate, ResultSelector: { 'comparison.$': '$[0]' } }) as State,
  ],
])('a path check finds %s', (_, problem, change) => {
  const States = { ...definition.States, CheckCandidate: change(definition.States as Record<string, State>) };
  expect(unresolvedPaths({ ...definition, States })).toContain(problem);
});

test('each stage has a state of its own', () => {
  const named = tasks.map(([, { Parameters }]) => Parameters.FunctionName.split('-').at(-1));
  expect(new Set(named)).toEqual(new Set(RETRAINING_STAGES));
});

test.each(tasks)('%s has a limit, and tries again at random times what is wrong for now', (_, task) => {
  expect(task.TimeoutSeconds).toBe(75);
  expect(task.Retry).toEqual([
    expect.objectContaining({
      ErrorEquals: expect.arrayContaining(['StoreUnavailable', 'Lambda.TooManyRequestsException']),
      MaxAttempts: 4,
      BackoffRate: 2,
      MaxDelaySeconds: 60,
      JitterStrategy: 'FULL',
    }),
  ]);
});

test('what fails anywhere is noted, and ends in failure', () => {
  const uncaught = Object.entries(definition.States)
    .filter(([, { Type }]) => ['Task', 'Map', 'Parallel'].includes(Type))
    .filter(([, state]) => {
      const catches = 'Catch' in state ? (state.Catch ?? []) : [];
      return !catches.some(({ ErrorEquals }) => ErrorEquals[0] === 'States.ALL');
    });
  expect(uncaught).toEqual([]);
  expect(definition.States.RecordFailure).toMatchObject({ Next: 'Failed', Catch: [{ Next: 'Failed' }] });
});

test('candidates become settings of the trainer', () => {
  const states = retrainingDefinition({
    ...PROPS,
    candidates: [
      { name: 'plain', lambda: 300 },
      DEFAULT_RETRAINING_CANDIDATES[1] as (typeof DEFAULT_RETRAINING_CANDIDATES)[number],
    ],
  }).States;
  expect(states.Candidates).toMatchObject({
    Result: [
      { name: 'plain', settings: { lambda: 300, weighting: { kind: 'binary' } } },
      {
        name: 'lambda-200',
        settings: {
          lambda: 200,
          trainingHalfLifeDays: 240,
          trend: { windowDays: 28, exponent: 0.9 },
          weighting: { kind: 'exponential', halfLifeDays: 240 },
        },
      },
    ],
  });
});
