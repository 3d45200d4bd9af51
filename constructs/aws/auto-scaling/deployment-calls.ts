import type { Catcher } from '../workflow/states';

const RETRY = [
  { ErrorEquals: ['States.ALL'], IntervalSeconds: 2, MaxAttempts: 4, BackoffRate: 2, JitterStrategy: 'FULL' },
];

interface CallOptions {
  readonly parameters: object;
  readonly selector?: object;
  readonly resultPath?: string | null;
  readonly catches?: readonly Catcher[];
  readonly next: string;
}

/** A call of AWS' API. */
export function call(action: string, { parameters, selector, resultPath = null, catches, next }: CallOptions) {
  return {
    Type: 'Task',
    Resource: `arn:aws:states:::aws-sdk:${action}`,
    Parameters: parameters,
    ...(selector && { ResultSelector: selector }),
    ResultPath: resultPath,
    TimeoutSeconds: 60,
    Retry: RETRY,
    ...(catches && { Catch: catches }),
    Next: next,
  };
}

/** Of the group of one side: how many machines it has, and of which version. */
export function resize(side: string, size: object, options: Pick<CallOptions, 'catches' | 'next'>) {
  return call('autoscaling:updateAutoScalingGroup', {
    parameters: { 'AutoScalingGroupName.$': `${side}.group`, ...size },
    ...options,
  });
}

interface ForwardOptions extends Pick<CallOptions, 'catches' | 'next'> {
  readonly to: string;
  readonly from: string;
  /** What `to` gets, or the path of an object with `percent` and `rest`. */
  readonly percent: 100 | string;
}

/** Of a listener: which share of requests each side gets. */
export function forward(listenerArn: string, { to, from, percent, ...options }: ForwardOptions) {
  const weights =
    percent === 100
      ? ([{ Weight: 100 }, { Weight: 0 }] as const)
      : ([{ 'Weight.$': `${percent}.percent` }, { 'Weight.$': `${percent}.rest` }] as const);
  return call('elasticloadbalancingv2:modifyListener', {
    parameters: {
      ListenerArn: listenerArn,
      DefaultActions: [
        {
          Type: 'forward',
          ForwardConfig: {
            TargetGroups: [
              { 'TargetGroupArn.$': `${to}.targetGroupArn`, ...weights[0] },
              { 'TargetGroupArn.$': `${from}.targetGroupArn`, ...weights[1] },
            ],
            TargetGroupStickinessConfig: { Enabled: false, DurationSeconds: 1 },
          },
        },
      ],
    },
    ...options,
  });
}
