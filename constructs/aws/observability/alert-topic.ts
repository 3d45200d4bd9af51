import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { SnsTopicPolicy } from '@cdktf/provider-aws/lib/sns-topic-policy';
import { SnsTopicSubscription } from '@cdktf/provider-aws/lib/sns-topic-subscription';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import { type IGrantee, type PolicyStatement, policyDocument } from '../policy-document';
import { PagerDutyIntegration, type PagerDutySubscriber } from './pager-duty-integration';
import { TeamsChannel, type TeamsSubscriber } from './teams-channel';

/**
 * Somebody who hears of alerts. An HTTPS endpoint is not among them: one that pages has its key in the URL, and Terraform
 * would keep it in the state. PagerDuty is told by a function; others people subscribe by hand, and the topic leaves alone
 * what it didn't make.
 */
export type AlertSubscriber =
  | { readonly kind: 'email'; readonly address: string }
  | { readonly kind: 'queue'; readonly queueArn: string }
  | { readonly kind: 'function'; readonly functionArn: string }
  | PagerDutySubscriber
  | TeamsSubscriber;

type DirectSubscriber = Exclude<AlertSubscriber, PagerDutySubscriber | TeamsSubscriber>;

export interface AlertTopicProps {
  /** Name of the topic and its key's alias, e.g. `shop-prod-pages`. */
  readonly topicName: string;
  /**
   * By names that are their logical ids: `{ OnCall: { kind: 'email', address: 'on-call@shop.example' } }`. Who has an
   * e-mail address has to confirm it once. Beside PagerDuty there is somebody else, who hears when that isn't reached.
   * @default {}
   */
  readonly subscribers?: Readonly<Record<string, AlertSubscriber>>;
  /**
   * Lets EventBridge publish, too. It says of no account that it acts for it, so a rule of anybody who knows the topic's
   * ARN is let in. Source: "Enable compatibility between event sources from AWS services and encrypted topics", SNS'
   * documentation.
   * @default false
   */
  readonly fromEventBridge?: boolean;
}

/** Services that tell a topic of their own accord, and on whose behalf. */
const PUBLISHERS = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];
const PROTOCOLS = { email: 'email', queue: 'sqs', function: 'lambda' } as const;

/**
 * What alarms tell people through: an encrypted topic that CloudWatch and Budgets of this account may publish to, over
 * TLS. It has a key of its own, because SNS' own can't be opened to those services.
 */
export class AlertTopic extends Construct {
  readonly resource: SnsTopic;
  readonly key: EncryptionKey;
  readonly topicArn: string;
  readonly subscriptions: readonly SnsTopicSubscription[];
  /** Of Teams, which the service subscribes itself. */
  readonly channels: readonly TeamsChannel[];
  /** Of PagerDuty, each with a subscription of its own. */
  readonly integrations: readonly PagerDutyIntegration[];

  constructor(scope: Construct, id: string, props: AlertTopicProps) {
    super(scope, id);
    const { topicName, subscribers = {}, fromEventBridge = false } = props;
    if (!/^[\w-]{1,256}$/.test(topicName)) {
      throw new ConfigError(
        `topicName is ${topicName}; it must be 1 to 256 letters, digits, hyphens and underscores.`,
        this,
      );
    }
    this.checkOthers(subscribers);
    this.key = this.addKey(topicName, fromEventBridge);
    this.resource = new SnsTopic(this, 'Resource', { name: topicName, kmsMasterKeyId: this.key.keyArn });
    this.topicArn = this.resource.arn;
    this.addPolicy(fromEventBridge);
    const entries = Object.entries(subscribers);
    this.subscriptions = entries.flatMap(([name, to]) =>
      to.kind === 'teams' || to.kind === 'pagerduty' ? [] : [this.subscribe(name, to)],
    );
    this.channels = entries.flatMap(([name, to]) =>
      to.kind === 'teams' ? [this.addChannel(name, topicName, to)] : [],
    );
    this.integrations = entries.flatMap(([name, to]) =>
      to.kind === 'pagerduty' ? [this.addIntegration(name, topicName, to)] : [],
    );
  }

  /** Lets somebody publish to it who is no service. */
  grantPublish(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Publish`, [
      { Effect: 'Allow', Action: 'sns:Publish', Resource: this.topicArn },
      keyUse(this, { keyArn: this.key.keyArn, through: 'sns', actions: ['kms:Decrypt', 'kms:GenerateDataKey'] }),
    ]);
  }

  private checkOthers(subscribers: Readonly<Record<string, AlertSubscriber>>): void {
    const kinds = Object.values(subscribers).map(({ kind }) => kind);
    if (kinds.length === 0 || kinds.some((kind) => kind !== 'pagerduty')) return;
    throw new ConfigError(
      'subscribers has nobody but PagerDuty, so nobody would hear that it was not reached; add one of another kind, such as an e-mail address.',
      this,
    );
  }

  /** Only alerts on their way are encrypted with it, so nothing is lost with it. */
  private addKey(topicName: string, fromEventBridge: boolean): EncryptionKey {
    return new EncryptionKey(this, 'Key', {
      aliasName: topicName,
      description: `Alerts of the topic ${topicName}`,
      protection: false,
      statements: [
        {
          Sid: 'PublishersOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: PUBLISHERS },
          Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
          // In a key policy the only resource is the key itself.
          Resource: '*',
          Condition: this.ofThisAccount(),
        },
        ...(fromEventBridge ? [this.eventBridgeEncrypts(topicName)] : []),
      ],
    });
  }

  private eventBridgeEncrypts(topicName: string): PolicyStatement {
    return {
      Sid: 'EventBridge',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
      Condition: {
        ArnEquals: { 'kms:EncryptionContext:aws:sns:topicArn': AwsAccount.of(this).arn('sns', topicName) },
      },
    };
  }

  private addPolicy(fromEventBridge: boolean): void {
    new SnsTopicPolicy(this, 'Policy', {
      arn: this.topicArn,
      policy: policyDocument(
        {
          Sid: 'PublishersOfThisAccount',
          Effect: 'Allow',
          Principal: { Service: PUBLISHERS },
          Action: 'sns:Publish',
          Resource: this.topicArn,
          Condition: this.ofThisAccount(),
        },
        {
          Sid: 'TlsOnly',
          Effect: 'Deny',
          Principal: '*',
          Action: 'sns:Publish',
          Resource: this.topicArn,
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        },
        ...(fromEventBridge ? [this.eventBridgePublishes()] : []),
      ),
    });
  }

  private eventBridgePublishes(): PolicyStatement {
    return {
      Sid: 'EventBridge',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sns:Publish',
      Resource: this.topicArn,
    };
  }

  private ofThisAccount(): PolicyStatement['Condition'] {
    return { StringEquals: { 'aws:SourceAccount': AwsAccount.of(this).accountId } };
  }

  /** SNS decrypts what it hands over, so the service needs nothing of the key. */
  private addChannel(name: string, topicName: string, subscriber: TeamsSubscriber): TeamsChannel {
    return new TeamsChannel(this, name, { channelName: `${topicName}-${name}`, subscriber, topicArn: this.topicArn });
  }

  private addIntegration(name: string, topicName: string, subscriber: PagerDutySubscriber): PagerDutyIntegration {
    const functionName = `${topicName}-${name}`;
    return new PagerDutyIntegration(this, name, { functionName, subscriber, topicArn: this.topicArn });
  }

  private subscribe(name: string, to: DirectSubscriber): SnsTopicSubscription {
    return new SnsTopicSubscription(this, name, {
      topicArn: this.topicArn,
      protocol: PROTOCOLS[to.kind],
      endpoint: this.endpointOf(to),
    });
  }

  private endpointOf(to: DirectSubscriber): string {
    if (to.kind === 'queue') return to.queueArn;
    if (to.kind === 'function') return to.functionArn;
    if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(to.address)) {
      throw new ConfigError(`a subscriber's address is ${to.address}; it must be one e-mail address.`, this);
    }
    return to.address;
  }
}
