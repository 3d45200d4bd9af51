import {
  AlertTopic,
  CloudObservability,
  CostAnomalies,
  CostBudget,
  DashboardWidget,
  FindingAlerts,
  LogGroup,
  logsKeyStatement,
  MetricSource,
  SloAlarms,
} from '../../../../constructs/aws';
import { EncryptionKey } from '../../../../constructs/aws/encryption-key';
import { Budget, ServiceLevelObjective } from '../../../../src';
import { ACCOUNT_ID, type Area, REGION } from '../area';

/** A queue of somebody else's; a test that reads what is delivered makes it. */
export const INBOX = 'shop-prod-alerts';
const INBOX_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${INBOX}`;

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
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
    const findings = new AlertTopic(stack, 'Findings', {
      topicName: 'shop-prod-findings',
      subscribers: {
        Pager: { kind: 'function', functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT_ID}:function:pager` },
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
