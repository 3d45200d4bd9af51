import {
  type AlertSubscriber,
  AlertTopic,
  CloudObservability,
  DashboardWidget,
  LOG_RETENTION_DAYS,
  LogGroup,
  type LogGroupProps,
  logsKeyStatement,
  MetricSource,
  ServiceDashboard,
  SloAlarms,
} from '../../../constructs/aws';
import { EncryptionKey } from '../../../constructs/aws/encryption-key';
import { ServiceLevelObjective } from '../../../src';
import { addCluster, hclOf, named, onAws, rendered, statements } from './fixtures';

const ACCOUNT = { StringEquals: { 'aws:SourceAccount': expect.stringMatching(/aws_caller_identity/) } };

describe('an alert topic', () => {
  const topic = (subscribers?: Record<string, AlertSubscriber>, topicName = 'shop-prod-pages') =>
    onAws((stack) => void new AlertTopic(stack, 'Topic', { topicName, subscribers }));
  const defaults = topic();

  test('services of this account may publish, over TLS, and nobody else', () => {
    expect(statements(defaults.resource('aws_sns_topic_policy').policy)).toEqual([
      {
        Sid: 'PublishersOfThisAccount',
        Effect: 'Allow',
        Principal: { Service: ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'] },
        Action: 'sns:Publish',
        Resource: expect.stringMatching(/aws_sns_topic\.Topic_/),
        Condition: ACCOUNT,
      },
      expect.objectContaining({ Sid: 'TlsOnly', Effect: 'Deny', Action: 'sns:Publish' }),
    ]);
  });

  test('the same services may encrypt with its key, which rotates', () => {
    const key = defaults.resource('aws_kms_key');
    expect(key.enable_key_rotation).toBe(true);
    expect(statements(key.policy)[1]).toMatchObject({
      Principal: { Service: expect.arrayContaining(['cloudwatch.amazonaws.com']) },
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Condition: ACCOUNT,
    });
    expect(defaults.resource('aws_sns_topic').kms_master_key_id).toMatch(/aws_kms_key\.Topic_Key_/);
  });

  test('EventBridge, which names no account, is let in only when that is said, and to this topic only', () => {
    const stack = onAws(
      (stack) => void new AlertTopic(stack, 'Topic', { topicName: 'shop-prod-findings', fromEventBridge: true }),
    );
    const Principal = { Service: 'events.amazonaws.com' };
    const ofEventBridge = (template: typeof stack) =>
      [template.resource('aws_sns_topic_policy').policy, template.resource('aws_kms_key').policy]
        .flatMap(statements)
        .filter(({ Sid }) => Sid === 'EventBridge');
    expect(ofEventBridge(stack)).toEqual([
      {
        Sid: 'EventBridge',
        Effect: 'Allow',
        Principal,
        Action: 'sns:Publish',
        Resource: expect.stringMatching(/Topic_/),
      },
      expect.objectContaining({
        Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
        Condition: {
          ArnEquals: { 'kms:EncryptionContext:aws:sns:topicArn': expect.stringMatching(/:sns:.*:shop-prod-findings$/) },
        },
      }),
    ]);
    expect(ofEventBridge(defaults)).toEqual([]);
  });

  test('who is granted it may publish, and use its key through SNS only', () => {
    const template = onAws((stack) => {
      const topic = new AlertTopic(stack, 'Topic', { topicName: 'shop-prod-pages' });
      topic.grantPublish(
        addCluster(stack).addWorkloadIdentity('Job', { namespace: 'shop', serviceAccountName: 'job' }),
      );
    });
    expect(statements(named(template, 'aws_iam_role_policy', 'Cluster_Job_TopicPublish').policy)).toEqual([
      { Effect: 'Allow', Action: 'sns:Publish', Resource: expect.stringMatching(/aws_sns_topic\.Topic_/) },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
        Resource: expect.stringMatching(/aws_kms_key\.Topic_Key_/),
        Condition: { StringEquals: { 'kms:ViaService': expect.stringMatching(/^sns\..*\.amazonaws\.com$/) } },
      },
    ]);
  });

  test('it tells people, queues and functions', () => {
    const stack = topic({
      OnCall: { kind: 'email', address: 'on-call@shop.example' },
      Inbox: { kind: 'queue', queueArn: 'arn:aws:sqs:us-east-1:111122223333:alerts' },
      Pager: { kind: 'function', functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:pager' },
    });
    const subscriptions = Object.values(stack.resources('aws_sns_topic_subscription'));
    expect(subscriptions.map(({ protocol, endpoint }) => [protocol, endpoint])).toEqual([
      ['sqs', 'arn:aws:sqs:us-east-1:111122223333:alerts'],
      ['email', 'on-call@shop.example'],
      ['lambda', 'arn:aws:lambda:us-east-1:111122223333:function:pager'],
    ]);
    expect(defaults.resources('aws_sns_topic_subscription')).toEqual({});
  });

  test('fails when an address is none', () => {
    expect(() => topic({ OnCall: { kind: 'email', address: 'on-call' } })).toThrow(
      "test/Topic: a subscriber's address is on-call; it must be one e-mail address.",
    );
  });

  test("fails when a name is none of SNS'", () => {
    expect(() => topic({}, 'shop prod')).toThrow('topicName is shop prod; it must be 1 to 256 letters');
  });
});

describe('a log group', () => {
  const group = (props: Partial<LogGroupProps> = {}) =>
    onAws((stack) => void new LogGroup(stack, 'Logs', { logGroupName: '/shop/prod', ...props }));

  test('keeps lines for 30 days and refuses a destroy, by default', () => {
    expect(group().resource('aws_cloudwatch_log_group')).toMatchObject({
      name: '/shop/prod',
      retention_in_days: 30,
      lifecycle: { prevent_destroy: true },
    });
    expect(group({ protection: false }).resource('aws_cloudwatch_log_group').lifecycle).toEqual({
      prevent_destroy: false,
    });
  });

  test('a key is opened to CloudWatch for the lines of this group only', () => {
    const stack = onAws((stack) => {
      const logGroupName = '/shop/prod';
      const key = new EncryptionKey(stack, 'Key', {
        aliasName: 'logs',
        description: 'Lines',
        protection: true,
        statements: [logsKeyStatement(stack, [logGroupName])],
      });
      new LogGroup(stack, 'Logs', { logGroupName, key });
    });
    expect(statements(stack.resource('aws_kms_key').policy)[1]).toMatchObject({
      Principal: { Service: expect.stringMatching(/^logs\..*\.amazonaws\.com$/) },
      Condition: {
        ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': expect.stringMatching(/log-group:\/shop\/prod$/) },
      },
    });
    expect(stack.resource('aws_cloudwatch_log_group').kms_key_id).toMatch(/aws_kms_key\.Key_/);
  });

  test('retention is one of the periods that CloudWatch has', () => {
    expect(LOG_RETENTION_DAYS).toContain(30);
    expect(LOG_RETENTION_DAYS).not.toContain(31);
  });

  test("fails when a name is none of CloudWatch's", () => {
    expect(() => group({ logGroupName: '/shop prod' })).toThrow(
      'test/Logs: logGroupName is /shop prod; it must be 1 to 512 letters, digits and any of _-/.#',
    );
  });
});

describe('a service in CloudWatch', () => {
  const slo = new ServiceLevelObjective();
  const stack = onAws((stack) => {
    new CloudObservability(stack, 'Observability', {
      serviceName: 'shop-prod',
      slo,
      source: MetricSource.loadBalancer({ arnSuffix: 'app/shop/1' }),
      pages: { OnCall: { kind: 'email', address: 'on-call@shop.example' } },
      tickets: { Team: { kind: 'email', address: 'platform@shop.example' } },
      widgets: [DashboardWidget.text('# Runbooks')],
    });
  });

  test('the HCL of what burns fastest, whom it tells, and the dashboard', async () => {
    expect(await hclOf(stack, 'Observability_(?:Alarms_Errors1h|Pages|Dashboard)')).toMatchSnapshot();
  });

  test('pages and tickets reach different people', () => {
    const actions = (id: string) => named(stack, 'aws_cloudwatch_composite_alarm', id).alarm_actions;
    expect(actions('Observability_Alarms_Errors1h')).toEqual([expect.stringMatching(/Observability_Pages_/)]);
    expect(actions('Observability_Alarms_Errors3d')).toEqual([expect.stringMatching(/Observability_Tickets_/)]);
    expect(named(stack, 'aws_sns_topic', 'Observability_Pages').name).toBe('shop-prod-pages');
  });

  interface Body {
    widgets: {
      type: string;
      x: number;
      y: number;
      width: number;
      height: number;
      properties: Record<string, unknown>;
    }[];
  }
  const body = (): Body => {
    const text = stack.resource('aws_cloudwatch_dashboard').dashboard_body as string;
    const [, json = ''] = /^\$\{jsonencode\((.*)\)\}$/s.exec(text) ?? [];
    return JSON.parse(json.replaceAll('" = ', '": ').replace(/(?<=[[,] ?|": )((?:data\.)?aws_[\w.[\]]+\w)/g, '"$1"'));
  };

  test('the dashboard shows the objective, its alarms, requests and latency, and what the caller adds', () => {
    expect(body().widgets.map(({ type }) => type)).toEqual(['text', 'alarm', 'metric', 'metric', 'text']);
    expect(body().widgets[1]?.properties.alarms).toHaveLength(6);
    expect(body().widgets[3]?.properties).toMatchObject({
      metrics: [
        ['AWS/ApplicationELB', 'TargetResponseTime', 'LoadBalancer', 'app/shop/1', { stat: 'p50', label: 'p50' }],
        ['AWS/ApplicationELB', 'TargetResponseTime', 'LoadBalancer', 'app/shop/1', { stat: 'p99', label: 'p99' }],
      ],
      annotations: { horizontal: [{ label: 'objective of p99', value: 0.1 }] },
    });
  });

  test('its widgets lie in 24 columns and not on each other', () => {
    const { widgets } = body();
    for (const [index, one] of widgets.entries()) {
      expect(one.x + one.width).toBeLessThanOrEqual(24);
      for (const other of widgets.slice(index + 1)) {
        const apart =
          one.x + one.width <= other.x ||
          other.x + other.width <= one.x ||
          one.y + one.height <= other.y ||
          other.y + other.height <= one.y;
        expect(apart).toBe(true);
      }
    }
  });

  test('its region is the one that it is deployed to', () => {
    const region = rendered((stack) => DashboardWidget.graph({ title: 't', metrics: [] }).at(0, 0, stack.node.id));
    expect(region).toMatchObject({ properties: { region: 'test' } });
    expect(body().widgets[2]?.properties.region).toMatch(/data\.aws_region/);
  });
});

test('the HCL of a topic that takes findings', async () => {
  const template = onAws((stack) => {
    const subscribers = { OnCall: { kind: 'email', address: 'on-call@shop.example' } } as const;
    new AlertTopic(stack, 'Topic', { topicName: 'shop-prod-findings', subscribers, fromEventBridge: true });
  });
  expect(await hclOf(template, 'Topic')).toMatchSnapshot();
});

test('the HCL of a log group and its key', async () => {
  const template = onAws((stack) => {
    const logGroupName = '/shop/prod';
    const statements = [logsKeyStatement(stack, [logGroupName])];
    const key = new EncryptionKey(stack, 'Key', { aliasName: 'logs', description: 'Lines', statements });
    new LogGroup(stack, 'Logs', { logGroupName, key });
  });
  expect(await hclOf(template, '(?:Key|Logs)')).toMatchSnapshot();
});

describe('a dashboard of its own', () => {
  const template = onAws((stack) => {
    const service = {
      slo: new ServiceLevelObjective(),
      source: MetricSource.httpApi({ apiId: 'a1b2c3', stage: 'v1' }),
    };
    const pages = new AlertTopic(stack, 'Pages', { topicName: 'shop-prod-pages' });
    const alarms = new SloAlarms(stack, 'Alarms', { ...service, serviceName: 'shop-prod', pages });
    new ServiceDashboard(stack, 'Dashboard', { ...service, dashboardName: 'shop-prod', alarms });
  });

  test('the HCL', async () => {
    expect(await hclOf(template, 'Dashboard')).toMatchSnapshot();
  });
});
