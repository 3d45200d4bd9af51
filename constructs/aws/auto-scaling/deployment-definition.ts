import type { Catcher } from '../workflow/states';
import { call, forward, resize } from './deployment-calls';

/** One of the two groups, and the target group that its machines are in. */
export interface DeploymentSide {
  readonly group: string;
  readonly targetGroupArn: string;
}

export interface DeploymentDefinitionProps {
  readonly blue: DeploymentSide;
  readonly green: DeploymentSide;
  readonly listenerArn: string;
  readonly testListenerArn: string;
  readonly alarmNames: readonly string[];
  /** Machines that a group has at least and at most while it serves. */
  readonly bounds: { readonly min: number; readonly max: number };
  /** Which machines the new version is on, as EC2 Auto Scaling has it. */
  readonly mixedInstancesPolicy: object;
  /** Share of requests that the new version gets in each minute until it gets all, in percent. */
  readonly percents: readonly number[];
  /** Minutes that the version before is kept with all requests gone over, while alarms are looked at. */
  readonly keepMinutes: number;
  /** Minutes that new machines have to become healthy. */
  readonly startMinutes: number;
  /** Seconds of a minute: fewer in a rehearsal. */
  readonly minuteSeconds: number;
}

type States = Readonly<Record<string, object>>;

/** Longer than the longest shift that is allowed, with the start and the end. */
const TIMEOUT_HOURS = 24;

const TAKE_BACK: readonly Catcher[] = [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'TakeBack' }];

/**
 * What a deployment does, with AWS' own calls only: fills the group that is empty with the newest template, waits until
 * its machines are healthy, lets requests go over while no alarm rings, and empties the other one. What goes wrong
 * gives all requests back to the version before, which keeps its machines until the end.
 *
 * Which group serves is read from the listener, so that an execution that was stopped halfway is put right by the next.
 */
export function deploymentDefinition(props: DeploymentDefinitionProps) {
  return {
    Comment: 'Blue/green deployment of an auto-scaling group',
    StartAt: 'FindRunning',
    TimeoutSeconds: TIMEOUT_HOURS * 3600,
    States: { ...findSides(props), ...emptyIdle(props), ...fill(props), ...shift(props), ...finish(props) },
  };
}

/** One at a time: the later of two gives up before it has changed anything. */
function findSides({ blue, green, listenerArn }: DeploymentDefinitionProps): States {
  const forwarded = (index: number) => `$.forwards[${index}]`;
  const gets = (side: DeploymentSide, index: number, Next: string) => ({
    And: [
      { Variable: `${forwarded(index)}.TargetGroupArn`, StringEquals: side.targetGroupArn },
      { Variable: `${forwarded(index)}.Weight`, NumericGreaterThanPath: `${forwarded(1 - index)}.Weight` },
    ],
    Next,
  });
  // The load balancer promises no order of the two.
  const mostTo = (side: DeploymentSide, next: string) => [gets(side, 0, next), gets(side, 1, next)];
  return {
    FindRunning: call('sfn:listExecutions', {
      parameters: { 'StateMachineArn.$': '$$.StateMachine.Id', StatusFilter: 'RUNNING' },
      selector: { 'count.$': 'States.ArrayLength($.Executions)' },
      resultPath: '$.running',
      next: 'IsAlone',
    }),
    IsAlone: {
      Type: 'Choice',
      Choices: [{ Variable: '$.running.count', NumericGreaterThan: 1, Next: 'AlreadyRuns' }],
      Default: 'FindServing',
    },
    AlreadyRuns: {
      Type: 'Fail',
      Error: 'AlreadyRuns',
      Cause: 'Another deployment is under way; start again when it is over.',
    },
    FindServing: call('elasticloadbalancingv2:describeListeners', {
      parameters: { ListenerArns: [listenerArn] },
      selector: { 'forwards.$': '$.Listeners[0].DefaultActions[0].ForwardConfig.TargetGroups' },
      resultPath: '$',
      next: 'WhichServes',
    }),
    WhichServes: {
      Type: 'Choice',
      Choices: [...mostTo(blue, 'BlueServes'), ...mostTo(green, 'GreenServes')],
      Default: 'NobodyServes',
    },
    NobodyServes: {
      Type: 'Fail',
      Error: 'NobodyServes',
      Cause: 'Neither target group gets most of the requests; give one of them a greater weight in the listener.',
    },
    BlueServes: { Type: 'Pass', Result: { live: blue, idle: green, tries: { count: 0 } }, Next: 'ServeFromOne' },
    GreenServes: { Type: 'Pass', Result: { live: green, idle: blue, tries: { count: 0 } }, Next: 'ServeFromOne' },
  };
}

/** What an execution that was stopped left in the idle group is of another version. */
function emptyIdle({ listenerArn, minuteSeconds }: DeploymentDefinitionProps): States {
  return {
    ServeFromOne: forward(listenerArn, { to: '$.live', from: '$.idle', percent: 100, next: 'EmptyIdle' }),
    EmptyIdle: resize('$.idle', EMPTY, { next: 'CountIdle' }),
    CountIdle: call('autoscaling:describeAutoScalingGroups', {
      parameters: { 'AutoScalingGroupNames.$': 'States.Array($.idle.group)' },
      selector: { 'count.$': 'States.ArrayLength($.AutoScalingGroups[0].Instances)' },
      resultPath: '$.left',
      next: 'IsIdleEmpty',
    }),
    IsIdleEmpty: {
      Type: 'Choice',
      Choices: [{ Variable: '$.left.count', NumericEquals: 0, Next: 'CountServing' }],
      Default: 'AwaitEmpty',
    },
    AwaitEmpty: { Type: 'Wait', Seconds: minuteSeconds, Next: 'CountIdle' },
  };
}

/** As many machines as serve now; neither group scales in below it before the deployment is over. */
function fill({ mixedInstancesPolicy, bounds, startMinutes, minuteSeconds }: DeploymentDefinitionProps): States {
  const stateContained = (state: string) =>
    `States.ArrayContains($.TargetHealthDescriptions[*].TargetHealth.State, '${state}')`;
  return {
    CountServing: call('autoscaling:describeAutoScalingGroups', {
      parameters: { 'AutoScalingGroupNames.$': 'States.Array($.live.group)' },
      selector: { 'count.$': '$.AutoScalingGroups[0].DesiredCapacity' },
      resultPath: '$.machines',
      next: 'HoldServing',
    }),
    HoldServing: resize('$.live', { 'MinSize.$': '$.machines.count' }, { catches: TAKE_BACK, next: 'Fill' }),
    Fill: resize(
      '$.idle',
      {
        'MinSize.$': '$.machines.count',
        'DesiredCapacity.$': '$.machines.count',
        MaxSize: bounds.max,
        MixedInstancesPolicy: mixedInstancesPolicy,
      },
      { catches: TAKE_BACK, next: 'AwaitHealthy' },
    ),
    AwaitHealthy: { Type: 'Wait', Seconds: minuteSeconds, Next: 'AskHealth' },
    AskHealth: call('elasticloadbalancingv2:describeTargetHealth', {
      parameters: { 'TargetGroupArn.$': '$.idle.targetGroupArn' },
      selector: {
        'count.$': 'States.ArrayLength($.TargetHealthDescriptions)',
        ...Object.fromEntries(NOT_HEALTHY.map((state) => [`${state}.$`, stateContained(state)])),
      },
      resultPath: '$.health',
      catches: TAKE_BACK,
      next: 'IsHealthy',
    }),
    IsHealthy: {
      Type: 'Choice',
      Choices: [
        {
          And: [
            { Variable: '$.health.count', NumericGreaterThanEqualsPath: '$.machines.count' },
            ...NOT_HEALTHY.map((state) => ({ Variable: `$.health.${state}`, BooleanEquals: false })),
          ],
          Next: 'OpenTrial',
        },
        { Variable: '$.tries.count', NumericGreaterThanEquals: startMinutes, Next: 'NeverHealthy' },
      ],
      Default: 'CountTry',
    },
    CountTry: {
      Type: 'Pass',
      Parameters: { 'count.$': 'States.MathAdd($.tries.count, 1)' },
      ResultPath: '$.tries',
      Next: 'AwaitHealthy',
    },
    NeverHealthy: {
      Type: 'Pass',
      Result: { Error: 'NeverHealthy', Cause: `New machines were not healthy within ${startMinutes} minutes.` },
      ResultPath: '$.failure',
      Next: 'TakeBack',
    },
  };
}

/** Each minute sets the weights anew, and looks at the alarms at its end. */
function shift(props: DeploymentDefinitionProps): States {
  const { listenerArn, testListenerArn, alarmNames, percents, keepMinutes, minuteSeconds } = props;
  const minutes = [...percents, ...Array<number>(keepMinutes).fill(100)].map((percent) => ({
    percent,
    rest: 100 - percent,
  }));
  return {
    OpenTrial: forward(testListenerArn, {
      to: '$.idle',
      from: '$.live',
      percent: 100,
      catches: TAKE_BACK,
      next: 'PlanMinutes',
    }),
    PlanMinutes: { Type: 'Pass', Result: minutes, ResultPath: '$.minutes', Next: 'Shift' },
    Shift: {
      Type: 'Map',
      ItemsPath: '$.minutes',
      MaxConcurrency: 1,
      ItemSelector: { 'idle.$': '$.idle', 'live.$': '$.live', 'share.$': '$$.Map.Item.Value' },
      ItemProcessor: {
        ProcessorConfig: { Mode: 'INLINE' },
        StartAt: 'SetShare',
        States: {
          SetShare: forward(listenerArn, { to: '$.idle', from: '$.live', percent: '$.share', next: 'AwaitMinute' }),
          AwaitMinute: { Type: 'Wait', Seconds: minuteSeconds, Next: 'AskAlarms' },
          AskAlarms: call('cloudwatch:describeAlarms', {
            parameters: { AlarmNames: alarmNames, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] },
            selector: {
              'count.$': 'States.MathAdd(States.ArrayLength($.MetricAlarms), States.ArrayLength($.CompositeAlarms))',
              'metric.$': "States.ArrayContains($.MetricAlarms[*].StateValue, 'ALARM')",
              'composite.$': "States.ArrayContains($.CompositeAlarms[*].StateValue, 'ALARM')",
            },
            resultPath: '$.ringing',
            next: 'IsQuiet',
          }),
          IsQuiet: {
            Type: 'Choice',
            Choices: [
              { Variable: '$.ringing.metric', BooleanEquals: true, Next: 'AlarmRings' },
              { Variable: '$.ringing.composite', BooleanEquals: true, Next: 'AlarmRings' },
              // One that is not there must not pass for one that is silent.
              { Variable: '$.ringing.count', NumericLessThan: alarmNames.length, Next: 'AlarmMissing' },
            ],
            Default: 'Quiet',
          },
          AlarmMissing: { Type: 'Fail', Error: 'AlarmMissing', Cause: `One of ${alarmNames.join(', ')} is not there.` },
          AlarmRings: { Type: 'Fail', Error: 'AlarmRings', Cause: `One of ${alarmNames.join(', ')} is in ALARM.` },
          Quiet: { Type: 'Succeed' },
        },
      },
      ResultPath: null,
      Catch: TAKE_BACK,
      Next: 'ReleaseNew',
    },
  };
}

function finish({ listenerArn, bounds }: DeploymentDefinitionProps): States {
  const released = { MinSize: bounds.min };
  return {
    ReleaseNew: resize('$.idle', released, { next: 'EmptyOld' }),
    EmptyOld: resize('$.live', EMPTY, { next: 'Deployed' }),
    Deployed: { Type: 'Succeed' },
    TakeBack: forward(listenerArn, { to: '$.live', from: '$.idle', percent: 100, next: 'EmptyNew' }),
    EmptyNew: resize('$.idle', EMPTY, { next: 'ReleaseServing' }),
    ReleaseServing: resize('$.live', released, { next: 'TakenBack' }),
    TakenBack: { Type: 'Fail', ErrorPath: '$.failure.Error', CausePath: '$.failure.Cause' },
  };
}

const EMPTY = { MinSize: 0, MaxSize: 0, DesiredCapacity: 0 };

/** Source: Elastic Load Balancing API reference, TargetHealth; a machine that is draining is none of the new ones. */
const NOT_HEALTHY = ['initial', 'unhealthy', 'unused', 'unavailable'];
