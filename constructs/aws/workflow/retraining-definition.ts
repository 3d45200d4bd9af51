import type { RetrainingCandidate } from './retraining-candidates';
import { type Catcher, type RetrySettings, type StateMachine, type Template, task } from './states';

/** The stages, each a function; also the commands of the functions' image. */
export const RETRAINING_STAGES = [
  'begin',
  'prepare',
  'train',
  'choose',
  'compare',
  'measure',
  'register',
  'promote',
  'finish',
] as const;
export type RetrainingStage = (typeof RETRAINING_STAGES)[number];

export interface RetrainingDefinitionProps {
  /** ARN and time limit in seconds of each stage's function. */
  readonly functions: Readonly<
    Record<RetrainingStage, { readonly functionArn: string; readonly timeoutSeconds: number }>
  >;
  readonly candidates: readonly RetrainingCandidate[];
  /** Candidates trained at once. */
  readonly maxConcurrency: number;
  /** Purchases that must have come since the serving model was trained; an execution with `force` needs none. */
  readonly minimumNewInteractions: number;
  /** Seconds for all of it. */
  readonly timeoutSeconds: number;
  readonly retry: RetrySettings;
}

/** A Task's own limit ends what Lambda's limit didn't. */
const GRACE_SECONDS = 15;

/** The execution's name is the run's. */
const RUN = { 'runId.$': '$$.Execution.Name' };

const ON_FAILURE: Catcher = { ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'RecordFailure' };
/** The state is noted as well as it goes; the execution fails for its own reason in any case. */
const THEN_FAIL: Catcher = { ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Failed' };

/**
 * A retraining as a state machine: prepare what the shop exported, train several candidates, choose the best, compare it
 * with the model that serves while its speed is measured, register it, and promote it when it is better and fast.
 */
export function retrainingDefinition(props: RetrainingDefinitionProps): StateMachine {
  const { functions, retry } = props;
  const stage = (
    name: RetrainingStage,
    next: string | undefined,
    options: { payload?: Template; answers?: string[]; resultPath?: string; catches?: Catcher[] } = {},
  ) =>
    task({
      functionArn: functions[name].functionArn,
      timeoutSeconds: functions[name].timeoutSeconds + GRACE_SECONDS,
      retry,
      next,
      ...options,
      payload: { ...RUN, ...options.payload },
      catches: options.catches ?? (next === undefined ? undefined : [ON_FAILURE]),
    });
  const finish = (outcome: string, payload: Template = {}) =>
    stage('finish', 'Done', { payload: { outcome, ...payload } });

  return {
    Comment: 'Trains a new model from what the shop exported, and promotes it when it is better',
    StartAt: 'Begin',
    TimeoutSeconds: props.timeoutSeconds,
    States: {
      Begin: stage('begin', 'Prepare', {
        catches: [{ ErrorEquals: ['RunUnderWay'], ResultPath: '$.failure', Next: 'AnotherRunIsUnderWay' }, ON_FAILURE],
      }),
      AnotherRunIsUnderWay: { Type: 'Succeed', Comment: 'Another execution has the lock; nothing was done' },
      Prepare: stage('prepare', 'IsEnoughNew', {
        answers: ['interactions', 'newInteractions', 'cut', 'champion'],
        resultPath: '$.prepared',
      }),
      IsEnoughNew: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.force', IsPresent: true },
              { Variable: '$.force', BooleanEquals: true },
            ],
            Next: 'Candidates',
          },
          {
            Variable: '$.prepared.newInteractions',
            NumericGreaterThanEquals: props.minimumNewInteractions,
            Next: 'Candidates',
          },
        ],
        Default: 'FinishNothingNew',
      },
      Candidates: {
        Type: 'Pass',
        Result: props.candidates.map(candidateOf),
        ResultPath: '$.candidates',
        Next: 'TrainCandidates',
      },
      TrainCandidates: {
        Type: 'Map',
        ItemsPath: '$.candidates',
        ItemSelector: { ...RUN, 'cut.$': '$.prepared.cut', 'candidate.$': '$$.Map.Item.Value' },
        MaxConcurrency: props.maxConcurrency,
        ItemProcessor: {
          ProcessorConfig: { Mode: 'INLINE' },
          StartAt: 'TrainCandidate',
          States: {
            TrainCandidate: stage('train', undefined, {
              payload: { 'cut.$': '$.cut', 'candidate.$': '$.candidate' },
              answers: ['name', 'trained', 'ndcg', 'version'],
              catches: [{ ErrorEquals: ['InputUnusable'], ResultPath: '$.failure', Next: 'LeaveOutCandidate' }],
            }),
            // Settings that don't suit the data must not cost the other candidates.
            LeaveOutCandidate: { Type: 'Pass', Result: { trained: false }, ResultPath: '$', End: true },
          },
        },
        ResultPath: '$.trained',
        Catch: [ON_FAILURE],
        Next: 'ChooseCandidate',
      },
      ChooseCandidate: stage('choose', 'CheckCandidate', {
        payload: { 'candidates.$': '$.trained' },
        answers: ['name', 'ndcg', 'version', 'prefix'],
        resultPath: '$.chosen',
      }),
      CheckCandidate: {
        Type: 'Parallel',
        Branches: [
          {
            StartAt: 'CompareWithChampion',
            States: {
              CompareWithChampion: stage('compare', undefined, {
                payload: {
                  'cut.$': '$.prepared.cut',
                  'champion.$': '$.prepared.champion',
                  'ndcg.$': '$.chosen.ndcg',
                  'version.$': '$.chosen.version',
                },
                answers: ['better', 'championNdcg'],
              }),
            },
          },
          {
            StartAt: 'MeasureSpeed',
            States: {
              MeasureSpeed: stage('measure', undefined, {
                payload: { 'prefix.$': '$.chosen.prefix' },
                answers: ['fast', 'p99Ms'],
              }),
            },
          },
        ],
        ResultSelector: { 'comparison.$': '$[0]', 'speed.$': '$[1]' },
        ResultPath: '$.checks',
        Catch: [ON_FAILURE],
        Next: 'Register',
      },
      Register: stage('register', 'IsBetter', {
        payload: {
          'prefix.$': '$.chosen.prefix',
          report: {
            'candidate.$': '$.chosen.name',
            'champion.$': '$.prepared.champion',
            'championNdcg.$': '$.checks.comparison.championNdcg',
            'better.$': '$.checks.comparison.better',
            'fast.$': '$.checks.speed.fast',
            'p99Ms.$': '$.checks.speed.p99Ms',
          },
        },
        answers: ['version'],
        resultPath: '$.registered',
      }),
      IsBetter: {
        Type: 'Choice',
        Choices: [
          {
            And: [
              { Variable: '$.checks.comparison.better', BooleanEquals: true },
              { Variable: '$.checks.speed.fast', BooleanEquals: true },
            ],
            Next: 'Promote',
          },
        ],
        Default: 'FinishKept',
      },
      Promote: stage('promote', 'FinishPromoted', {
        payload: { 'version.$': '$.registered.version', 'champion.$': '$.prepared.champion' },
        catches: [{ ErrorEquals: ['ConflictError'], ResultPath: '$.failure', Next: 'FinishSuperseded' }, ON_FAILURE],
      }),
      FinishPromoted: finish('promoted', { 'version.$': '$.registered.version' }),
      FinishKept: finish('kept', { 'version.$': '$.registered.version' }),
      FinishSuperseded: finish('superseded', { 'version.$': '$.registered.version', 'error.$': '$.failure' }),
      FinishNothingNew: finish('nothing-new'),
      Done: { Type: 'Succeed' },
      RecordFailure: stage('finish', 'Failed', {
        payload: { outcome: 'failed', 'error.$': '$.failure' },
        catches: [THEN_FAIL],
      }),
      // A name of its own, since a state may not fail by the language's names; the error as it was is in the cause.
      Failed: { Type: 'Fail', Error: 'RetrainingFailed', CausePath: 'States.JsonToString($.failure)' },
    },
  };
}

/** As the training stage takes it. */
function candidateOf({
  name,
  lambda,
  trainingHalfLifeDays,
  trend,
  historyHalfLifeDays,
}: RetrainingCandidate): Template {
  return {
    name,
    settings: {
      lambda,
      ...(trainingHalfLifeDays !== undefined && { trainingHalfLifeDays }),
      ...(trend && { trend: { ...trend } }),
      weighting:
        historyHalfLifeDays === undefined
          ? { kind: 'binary' }
          : { kind: 'exponential', halfLifeDays: historyHalfLifeDays },
    },
  };
}
