/** States of the Amazon States Language, as far as they are used here, with JSONPath. */
export type State =
  | TaskState
  | ChoiceState
  | ParallelState
  | MapState
  | PassState
  | { readonly Type: 'Succeed'; readonly Comment?: string }
  | { readonly Type: 'Fail'; readonly Error: string; readonly CausePath: string };

/** A value in which keys that end in `.$` hold paths. */
export type Template = {
  readonly [key: string]: Template | readonly Template[] | string | number | boolean | undefined;
};

export interface StateMachine {
  readonly Comment?: string;
  readonly StartAt: string;
  readonly TimeoutSeconds?: number;
  readonly States: Readonly<Record<string, State>>;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds: number;
  readonly MaxAttempts: number;
  readonly BackoffRate: number;
  readonly MaxDelaySeconds: number;
  readonly JitterStrategy: 'FULL';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly ResultPath: string | null;
  readonly Next: string;
}

interface Following {
  readonly Next?: string;
  readonly End?: true;
}

export interface TaskState extends Following {
  readonly Type: 'Task';
  readonly Resource: string;
  readonly Parameters: { readonly FunctionName: string; readonly Payload: Template };
  readonly ResultSelector?: Template;
  readonly ResultPath?: string | null;
  readonly TimeoutSeconds: number;
  readonly Retry: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export interface ParallelState extends Following {
  readonly Type: 'Parallel';
  readonly Branches: readonly StateMachine[];
  readonly ResultSelector?: Template;
  readonly ResultPath?: string | null;
  readonly Catch?: readonly Catcher[];
}

export interface MapState extends Following {
  readonly Type: 'Map';
  readonly ItemsPath: string;
  readonly ItemSelector: Template;
  readonly MaxConcurrency: number;
  readonly ItemProcessor: StateMachine & { readonly ProcessorConfig: { readonly Mode: 'INLINE' } };
  readonly ResultPath?: string | null;
  readonly Catch?: readonly Catcher[];
}

export interface PassState extends Following {
  readonly Type: 'Pass';
  readonly Result?: unknown;
  readonly ResultPath?: string | null;
}

export interface Rule {
  readonly Variable?: string;
  readonly IsPresent?: boolean;
  readonly BooleanEquals?: boolean;
  readonly NumericGreaterThanEquals?: number;
  readonly And?: readonly Rule[];
  readonly Next?: string;
}

export interface ChoiceState {
  readonly Type: 'Choice';
  readonly Choices: readonly (Rule & { readonly Next: string })[];
  readonly Default: string;
}

/** How often what failed for now is tried again. */
export interface RetrySettings {
  /** Seconds before the second attempt; each further wait is twice as long. */
  readonly intervalSeconds: number;
  readonly maxAttempts: number;
  /** Longest wait in seconds. */
  readonly maxDelaySeconds: number;
}

/** Source: Step Functions developer guide, "Handle transient Lambda service exceptions". */
const LAMBDA_FOR_NOW = [
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.TooManyRequestsException',
];

export interface TaskOptions {
  readonly functionArn: string;
  /** Seconds, a little more than the function's own. */
  readonly timeoutSeconds: number;
  readonly payload: Template;
  /** Fields of the function's answer that later states use. */
  readonly answers?: readonly string[];
  /** Where these fields go. @default - nowhere: the state's input is its output */
  readonly resultPath?: string;
  readonly retry: RetrySettings;
  readonly catches?: readonly Catcher[];
  /** @default - the end of the branch */
  readonly next?: string;
}

/**
 * A function as a Task: what is to be had again later (a store that doesn't answer, a Lambda that is throttled) is tried
 * again, at random times so that several don't return in step; anything else is for `catches`.
 */
export function task(options: TaskOptions): TaskState {
  const { functionArn, timeoutSeconds, payload, answers, resultPath, retry, catches, next } = options;
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::lambda:invoke',
    Parameters: { FunctionName: functionArn, Payload: payload },
    ...(answers && { ResultSelector: Object.fromEntries(answers.map((name) => [`${name}.$`, `$.Payload.${name}`])) }),
    // A branch's answer is its whole output; elsewhere what came before is kept.
    ...(next !== undefined && { ResultPath: resultPath ?? null }),
    TimeoutSeconds: timeoutSeconds,
    Retry: [
      {
        ErrorEquals: ['StoreUnavailable', ...LAMBDA_FOR_NOW],
        IntervalSeconds: retry.intervalSeconds,
        MaxAttempts: retry.maxAttempts,
        BackoffRate: 2,
        MaxDelaySeconds: retry.maxDelaySeconds,
        JitterStrategy: 'FULL',
      },
    ],
    ...(catches && { Catch: catches }),
    ...(next === undefined ? { End: true } : { Next: next }),
  };
}
