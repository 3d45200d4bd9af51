import { z } from 'zod';

/** As PagerDuty's Events API v2 has it. Source: developer.pagerduty.com, "Send an Alert Event" and "PD-CEF". */
export interface PagerDutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  /** What belongs to one alert: 255 characters at most. */
  readonly dedup_key: string;
  readonly payload: {
    /** 1,024 characters at most. */
    readonly summary: string;
    readonly source: string;
    readonly severity: Severity;
    readonly timestamp: string;
    readonly custom_details: Details;
  };
}

type Details = Readonly<Record<string, string>>;

export const SEVERITIES = ['critical', 'error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What SNS hands to a function. Source: AWS Lambda developer guide, "Invoking Lambda functions with Amazon SNS". */
export const SnsEvent = z.object({
  Records: z
    .array(
      z.object({
        EventSource: z.literal('aws:sns'),
        Sns: z.object({
          MessageId: z.string(),
          TopicArn: z.string(),
          Subject: z.string().nullish(),
          Message: z.string(),
          Timestamp: z.string(),
        }),
      }),
    )
    .min(1),
});
export type Notification = z.infer<typeof SnsEvent>['Records'][number]['Sns'];

/** What CloudWatch says of an alarm, metric or composite, that changed its state. */
const AlarmChange = z.object({
  AlarmName: z.string(),
  AlarmArn: z.string(),
  AlarmDescription: z.string().nullish(),
  NewStateValue: z.enum(['ALARM', 'OK', 'INSUFFICIENT_DATA']),
  NewStateReason: z.string(),
});
type AlarmChange = z.infer<typeof AlarmChange>;

/** What an event says, in whichever form SNS was told. */
interface Alert {
  readonly action: PagerDutyEvent['event_action'];
  readonly key: string;
  readonly summary: string;
  readonly source: string;
  readonly details: Details;
}

const MOST_DETAILS = 20_000;

/**
 * An alarm's change as the event of one alert, which an alarm that is OK resolves; anything else that a topic is told is
 * an alert of its own, which a person resolves.
 */
export function pagerDutyEvent(notification: Notification, severity: Severity): PagerDutyEvent {
  const alarm = alarmChange(notification.Message);
  const { action, key, summary, source, details } = alarm ? alertOfAlarm(alarm) : alertOfText(notification);
  return {
    event_action: action,
    // An ARN that is longer is still known by its end, as an alarm's name has 255 characters at most.
    dedup_key: key.slice(-255),
    payload: {
      summary: summary.slice(0, 1024),
      source,
      severity,
      timestamp: notification.Timestamp,
      custom_details: details,
    },
  };
}

function alertOfAlarm(alarm: AlarmChange): Alert {
  const { AlarmArn, AlarmName, AlarmDescription, NewStateReason: reason, NewStateValue: state } = alarm;
  return {
    action: state === 'OK' ? 'resolve' : 'trigger',
    key: AlarmArn,
    summary: `${AlarmName} is ${state}: ${AlarmDescription || reason}`,
    source: AlarmArn,
    details: { reason },
  };
}

function alertOfText({ Message, MessageId, Subject, TopicArn }: Notification): Alert {
  return {
    action: 'trigger',
    key: MessageId,
    summary: Subject || Message.trim().split('\n', 1)[0] || `A message without text of ${TopicArn}`,
    source: TopicArn,
    details: { message: Message.slice(0, MOST_DETAILS) },
  };
}

function alarmChange(message: string): AlarmChange | undefined {
  try {
    return AlarmChange.safeParse(JSON.parse(message)).data;
  } catch {
    return undefined;
  }
}
