import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { Construct } from 'constructs';
import {
  AlertTopic,
  CloudObservability,
  CostAnomalies,
  CostBudget,
  DashboardWidget,
  FindingAlerts,
  FunctionKey,
  LogGroup,
  logsKeyStatement,
  MetricSource,
  SloAlarms,
  type TeamsSubscriber,
} from '../../../../constructs/aws';
import { EncryptionKey } from '../../../../constructs/aws/encryption-key';
import { chatRole } from '../../../../constructs/aws/observability/teams-channel';
import { Budget, ServiceLevelObjective } from '../../../../src';
import { ACCOUNT_ID, type Area, REGION, TAGS } from '../area';
import { IMAGE } from './serverless';

/** A queue of somebody else's; a test that reads what is delivered makes it. */
export const INBOX = 'shop-prod-alerts';
const INBOX_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${INBOX}`;

/** PagerDuty's key, where a person has put it. */
export const ROUTING_KEY_ARN = `arn:aws:secretsmanager:${REGION}:${ACCOUNT_ID}:secret:shop-prod/pagerduty-AbCdEf`;
export const ROUTING_KEY_KEY_ARN = `arn:aws:kms:${REGION}:${ACCOUNT_ID}:key/5c1e8a3e-8f0d-4a55-9a3b-0d1f6a1c2b3d`;
/** Name of the function that hands findings on to PagerDuty, and of its role. */
export const PAGER = 'shop-prod-findings-PagerDuty';

/** Name of the role that chat acts as. */
export const CHAT_ROLE = 'shop-prod-findings-Platform';

function teamsChannel(stack: Construct): TeamsSubscriber {
  return {
    kind: 'teams',
    teamId: '00000000-0000-4000-8000-000000000001',
    tenantId: '00000000-0000-4000-8000-000000000002',
    channelId: '19%3Aalerts%40thread.tacv2',
    provider: new AwsProvider(stack, 'Ireland', {
      alias: 'ireland',
      region: 'eu-west-1',
      defaultTags: [{ tags: TAGS }],
    }),
  };
}

export const area: Area = {
  holdsData: true,
  leftOut: {
    aws_chatbot_teams_channel_configuration: 'moto has no Amazon Q Developer in chat applications (Chatbot) at all',
  },
  build: (stack, { protection, engine }) => {
    const slo = new ServiceLevelObjective();
    const logGroupName = '/shop/prod/scoring';
    const key = new EncryptionKey(stack, 'LogKey', {
      aliasName: 'shop-prod-logs',
      description: 'Lines of the scoring job',
      protection,
      statements: [logsKeyStatement(stack, [logGroupName])],
    });
    const logs = new LogGroup(stack, 'Logs', { logGroupName, retentionDays: 90, key, protection });
    const observability = new CloudObservability(stack, 'Observability', {
      serviceName: 'shop-prod',
      slo,
      source: MetricSource.loadBalancer({ arnSuffix: 'app/shop-prod/50dc6c495c0c9188' }),
      pages: {
        OnCall: { kind: 'email', address: 'on-call@shop.example' },
        Inbox: { kind: 'queue', queueArn: INBOX_ARN },
      },
      tickets: { Team: { kind: 'email', address: 'platform@shop.example' } },
      widgets: [DashboardWidget.text(`Lines are in ${logs.logGroupName}.`)],
    });
    new SloAlarms(stack, 'ApiAlarms', {
      serviceName: 'shop-prod-api',
      slo,
      source: MetricSource.httpApi({ apiId: 'a1b2c3d4e5', stage: 'v1' }),
      pages: observability.pages,
    });
    // Where nothing can act as it, the role is there by itself.
    if (engine === 'real') chatRole(stack, 'ChatRole', CHAT_ROLE);
    const findings = new AlertTopic(stack, 'Findings', {
      topicName: 'shop-prod-findings',
      subscribers: {
        Pager: { kind: 'function', functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:pager` },
        PagerDuty: {
          kind: 'pagerduty',
          secretArn: ROUTING_KEY_ARN,
          secretKeyArn: ROUTING_KEY_KEY_ARN,
          image: IMAGE,
          key: new FunctionKey(stack, 'FunctionKey', { keyName: 'shop-prod', protection }),
          severity: 'error',
          serviceRegion: 'eu',
        },
        ...(engine === 'stand-in' && { Platform: teamsChannel(stack) }),
      },
      fromEventBridge: true,
    });
    for (const [id, source] of [
      ['HubFindings', 'security-hub'],
      ['GuardDutyFindings', 'guard-duty'],
    ] as const) {
      new FindingAlerts(stack, id, { prefix: 'shop-prod', topic: findings, source });
    }
    const budget = new Budget({ notify: ['platform@shop.example'] });
    new CostBudget(stack, 'CostBudget', { budgetName: 'shop-prod-monthly', budget });
    new CostAnomalies(stack, 'CostAnomalies', { name: 'shop-prod-services', budget });
  },
};
