import { ChatbotTeamsChannelConfiguration } from '@cdktf/provider-aws/lib/chatbot-teams-channel-configuration';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { IamRole } from '@cdktf/provider-aws/lib/iam-role';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { serviceTrust } from '../policy-document';
import { providerRegion } from '../provider-region';
import { inUsEast1 } from '../us-east-1';

/** A channel of Microsoft Teams. Somebody signs in to its team by the service's console, once for each account. */
export interface TeamsSubscriber {
  readonly kind: 'teams';
  /** UUID of the team, as the service's console has it. */
  readonly teamId: string;
  /** UUID of the tenant. */
  readonly tenantId: string;
  /** As in the channel's link: `19%3Aabc%40thread.tacv2`. */
  readonly channelId: string;
  /**
   * Of one of the regions whose API the service has.
   * @default - the stack's own
   */
  readonly provider?: TerraformProvider;
  /**
   * Of us-east-1, where the service keeps its log.
   * @default - the stack's own
   */
  readonly usEast1?: TerraformProvider;
}

export interface TeamsChannelProps {
  /** Name of the configuration and its role, unique in the account: 1 to 64 letters, digits, hyphens, underscores. */
  readonly channelName: string;
  readonly subscriber: TeamsSubscriber;
  readonly topicArn: string;
}

/** https://docs.aws.amazon.com/general/latest/gr/chatbot.html */
const API_REGIONS = ['ap-southeast-1', 'eu-west-1', 'us-east-2', 'us-west-2'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * What Amazon Q Developer in chat applications acts as in a channel. It may do nothing, as SNS hands over what is told.
 * That the service names the account it acts for is documented nowhere, so its trust doesn't ask for it.
 */
export function chatRole(scope: Construct, id: string, name: string): IamRole {
  return new IamRole(scope, id, {
    name,
    description: 'Amazon Q Developer in a channel of Teams, which may do nothing',
    assumeRolePolicy: serviceTrust('chatbot.amazonaws.com'),
  });
}

/**
 * Tells a channel of Microsoft Teams what a topic is told, and nothing else: whoever is in the channel can't act on the
 * account. The guardrail binds roles that members bring along, too; by default it is AdministratorAccess.
 */
export class TeamsChannel extends Construct {
  readonly resource: ChatbotTeamsChannelConfiguration;
  readonly role: IamRole;
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, { channelName, subscriber, topicArn }: TeamsChannelProps) {
    super(scope, id);
    this.check(channelName, subscriber);
    const { teamId, tenantId, channelId, provider, usEast1 } = subscriber;
    this.role = chatRole(this, 'Role', channelName);
    // The service makes it otherwise, in us-east-1 wherever it is configured, and keeps its lines for good:
    // https://docs.aws.amazon.com/chatbot/latest/adminguide/cloudwatch-logs.html
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name: `/aws/chatbot/${channelName}`,
      retentionInDays: 30,
      provider: inUsEast1(this, usEast1),
    });
    this.resource = new ChatbotTeamsChannelConfiguration(this, 'Resource', {
      configurationName: channelName,
      teamId,
      tenantId,
      channelId,
      iamRoleArn: this.role.arn,
      guardrailPolicyArns: [AwsAccount.of(this).managedPolicyArn('AWSDenyAll')],
      snsTopicArns: [topicArn],
      loggingLevel: 'ERROR',
      dependsOn: [this.logGroup],
      provider,
    });
  }

  private check(channelName: string, { teamId, tenantId, channelId, provider }: TeamsSubscriber): void {
    if (!/^[\w-]{1,64}$/.test(channelName)) {
      throw new ConfigError(
        `the channel's name is ${channelName}; it must be 1 to 64 letters, digits, hyphens and underscores. Choose shorter names of topic and subscriber.`,
        this,
      );
    }
    for (const [name, value] of Object.entries({ teamId, tenantId })) {
      if (!UUID.test(value)) throw new ConfigError(`${name} is ${value}; it must be a UUID.`, this);
    }
    if (!/^[\w\-=+/.,]+%3a[\w\-=+/.,]+%40[\w\-=+/.,]+$/i.test(channelId)) {
      throw new ConfigError(
        `channelId is ${channelId}; it must be as in the channel's link, 19%3A<id>%40thread.tacv2.`,
        this,
      );
    }
    const region = providerRegion(this, provider);
    if (region !== undefined && !API_REGIONS.includes(region)) {
      throw new ConfigError(
        `the provider of ${channelName} is of ${region}, where Amazon Q Developer in chat applications has no API; it has one in ${API_REGIONS.join(', ')}. Pass an AwsProvider with an alias and one of these regions.`,
        this,
      );
    }
  }
}
