import { CloudwatchMetricAlarm } from '@cdktf/provider-aws/lib/cloudwatch-metric-alarm';
import { LambdaPermission } from '@cdktf/provider-aws/lib/lambda-permission';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { readSecrets } from '../compute/server-secret';
import { DeadLetterQueue } from '../serverless/dead-letter-queue';
import type { FunctionImage } from '../serverless/function-image';
import type { FunctionKey } from '../serverless/function-key';
import { RecommenderFunction } from '../serverless/recommender-function';

/** A service of PagerDuty, by its integration "Events API V2". */
export interface PagerDutySubscriber {
  readonly kind: 'pagerduty';
  /**
   * ARN of the secret whose value is the integration's routing key, its 32 characters and nothing else. A person puts it
   * there: neither the plan nor the state has it.
   */
  readonly secretArn: string;
  /**
   * ARN of the key that the secret is encrypted by.
   * @default - the account's key for Secrets Manager, which needs no permission
   */
  readonly secretKeyArn?: string;
  /** The functions' image, which has the command `page`. */
  readonly image: FunctionImage;
  /** Encrypts the function's environment, log and dead letters; the topic's name begins with its name. */
  readonly key: FunctionKey;
  /**
   * Of every alert.
   * @default 'critical'
   */
  readonly severity?: 'critical' | 'error' | 'warning' | 'info';
  /**
   * Where PagerDuty keeps the account, as its console's address says: `<name>.pagerduty.com`, or `<name>.eu.pagerduty.com`.
   * @default 'us'
   */
  readonly serviceRegion?: 'us' | 'eu';
}

export interface PagerDutyIntegrationProps {
  /** Name of the function and its role, and the beginning of those of dead letters and alarm: at most 64 characters. */
  readonly functionName: string;
  readonly subscriber: PagerDutySubscriber;
  readonly topicArn: string;
}

/** https://support.pagerduty.com/main/docs/service-regions */
const EVENTS_URLS = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;

/**
 * Hands on to PagerDuty what a topic is told, by a function that reads the key from Secrets Manager: an HTTPS
 * subscription would have it in its URL, and so in Terraform's state. An alarm that is over resolves its alert.
 */
export class PagerDutyIntegration extends Construct {
  readonly fn: RecommenderFunction;
  readonly deadLetters: DeadLetterQueue;
  readonly subscription: SnsTopicSubscription;
  /** Tells the topic's others that PagerDuty wasn't reached. */
  readonly alarm: CloudwatchMetricAlarm;

  constructor(scope: Construct, id: string, props: PagerDutyIntegrationProps) {
    super(scope, id);
    const { functionName, subscriber, topicArn } = props;
    this.check(subscriber);
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      queueName: `${functionName}-dead`,
      key: subscriber.key,
    });
    this.fn = this.addFunction(props);
    this.subscription = this.subscribe(topicArn);
    this.alarm = this.addAlarm(props);
  }

  private check({ secretArn }: PagerDutySubscriber): void {
    if (/^(arn:[\w-]+:secretsmanager:|\$\{)/.test(secretArn)) return;
    throw new ConfigError(
      `secretArn must be the ARN of a secret of Secrets Manager, arn:aws:secretsmanager:<region>:<account>:secret:<name>; a routing key itself doesn't belong here, as it would be in the state.`,
      this,
    );
  }

  private addFunction({ functionName, subscriber }: PagerDutyIntegrationProps): RecommenderFunction {
    const { secretArn, secretKeyArn: keyArn, image, key, severity = 'critical', serviceRegion = 'us' } = subscriber;
    const fn = new RecommenderFunction(this, 'Function', {
      functionName,
      description: 'Hands alerts on to PagerDuty',
      image,
      command: 'page',
      key,
      // Four attempts of 5 s each, with pauses of 3.5 s in all.
      size: { memoryMegabytes: 512, timeoutSeconds: 30 },
      failures: this.deadLetters,
      environment: {
        FUNCTIONS_SECRET_ARN: secretArn,
        FUNCTIONS_SEVERITY: severity,
        FUNCTIONS_EVENTS_URL: EVENTS_URLS[serviceRegion],
      },
    });
    fn.addPolicy('ReadRoutingKey', readSecrets(this, { RoutingKey: { secretArn, keyArn } }));
    return fn;
  }

  private subscribe(topicArn: string): SnsTopicSubscription {
    // That SNS says on whose account it acts is documented nowhere; the topic's ARN names the account.
    const permission = new LambdaPermission(this, 'Permission', {
      functionName: this.fn.resource.functionName,
      action: 'lambda:InvokeFunction',
      principal: 'sns.amazonaws.com',
      sourceArn: topicArn,
    });
    return new SnsTopicSubscription(this, 'Resource', {
      topicArn,
      protocol: 'lambda',
      endpoint: this.fn.functionArn,
      // Else the first message could come before it may.
      dependsOn: [permission],
    });
  }

  private addAlarm({ functionName, topicArn }: PagerDutyIntegrationProps): CloudwatchMetricAlarm {
    return new CloudwatchMetricAlarm(this, 'Alarm', {
      alarmName: `${functionName}-undelivered`,
      alarmDescription: `PagerDuty was not told what is in the queue ${functionName}-dead`,
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: this.deadLetters.resource.name },
      statistic: 'Maximum',
      period: 60,
      evaluationPeriods: 1,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: 1,
      // A queue that nobody uses has no figures.
      treatMissingData: 'notBreaching',
      alarmActions: [topicArn],
      // Else the alert that PagerDuty has of it, once reached again, would stay.
      okActions: [topicArn],
    });
  }
}
