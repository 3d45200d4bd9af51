import { SchedulerSchedule } from '@cdktf/provider-aws/lib/scheduler-schedule';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import type { IGrantee } from '../policy-document';
import { ServiceRole } from '../service-role';
import type { DeadLetterQueue } from './dead-letter-queue';
import type { FunctionKey } from './function-key';
import type { RecommenderFunction } from './recommender-function';

/** Something that EventBridge Scheduler starts. */
export interface IScheduleTarget {
  readonly startArn: string;
  /** Lets a role start it, and nothing else. */
  grantStart(grantee: IGrantee): void;
}

/** A function as something to start. */
export function startsFunction(fn: RecommenderFunction): IScheduleTarget {
  return { startArn: fn.functionArn, grantStart: (grantee) => fn.grantInvoke(grantee) };
}

export interface ScheduleProps {
  /** At most 64 letters, digits, hyphens, underscores and dots. The role has the same name, with `-schedule` behind it. */
  readonly scheduleName: string;
  /** EventBridge's expression: `cron(0 3 * * ? *)`, `rate(1 day)` or `at(2026-12-24T03:00:00)`. */
  readonly expression: string;
  /**
   * IANA name of the zone that the expression is read in.
   * @default 'UTC'
   */
  readonly timeZone?: string;
  /**
   * Minutes by which the start may be later, 1 to 1,440, so that not all start on the hour.
   * @default 15
   */
  readonly flexibleMinutes?: number;
  readonly target: IScheduleTarget;
  /** What the target is told. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly key: FunctionKey;
  /** Takes starts that failed for an hour. */
  readonly failures: DeadLetterQueue;
  /**
   * Whether it starts anything.
   * @default true
   */
  readonly enabled?: boolean;
}

/** Starts one thing at times, by EventBridge Scheduler, as a role that may start that thing alone. */
export class Schedule extends Construct {
  readonly resource: SchedulerSchedule;
  readonly role: ServiceRole;

  constructor(scope: Construct, id: string, props: ScheduleProps) {
    super(scope, id);
    const { scheduleName, target, failures, key, flexibleMinutes = 15 } = props;
    this.check(props.expression, flexibleMinutes);
    this.role = new ServiceRole(this, 'Role', {
      roleName: `${scheduleName}-schedule`,
      description: `Starts ${scheduleName}`,
      service: 'scheduler.amazonaws.com',
      // The service names the group. Source: EventBridge Scheduler user guide, "Confused deputy prevention".
      sourceArn: AwsAccount.of(this).arn('scheduler', 'schedule-group/default'),
    });
    target.grantStart(this.role);
    failures.grantSend(this.role);
    this.role.addPolicy('ReadSchedule', [{ Effect: 'Allow', Action: 'kms:Decrypt', Resource: key.keyArn }]);
    this.resource = new SchedulerSchedule(this, 'Resource', {
      name: scheduleName,
      scheduleExpression: props.expression,
      scheduleExpressionTimezone: props.timeZone ?? 'UTC',
      flexibleTimeWindow: { mode: 'FLEXIBLE', maximumWindowInMinutes: flexibleMinutes },
      state: (props.enabled ?? true) ? 'ENABLED' : 'DISABLED',
      kmsKeyArn: key.keyArn,
      target: {
        arn: target.startArn,
        roleArn: this.role.roleArn,
        input: Fn.jsonencode(props.input),
        retryPolicy: { maximumRetryAttempts: 5, maximumEventAgeInSeconds: 3600 },
        deadLetterConfig: { arn: failures.queueArn },
      },
      dependsOn: this.role.ready,
    });
  }

  private check(expression: string, flexibleMinutes: number): void {
    if (!/^(cron|rate|at)\(.+\)$/.test(expression)) {
      throw new ConfigError(
        `expression is ${expression}; it must be cron(…), rate(…) or at(…), as EventBridge Scheduler writes them.`,
        this,
      );
    }
    if (!Number.isInteger(flexibleMinutes) || flexibleMinutes < 1 || flexibleMinutes > 1440) {
      throw new ConfigError(`flexibleMinutes is ${flexibleMinutes}; it must be a whole number from 1 to 1440.`, this);
    }
  }
}
