import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import type { TerraformStack } from 'cdktf';
import { AlertTopic, type TeamsSubscriber } from '../../../constructs/aws';
import { onAws, statements } from './fixtures';

const CHANNEL = {
  kind: 'teams',
  teamId: '11111111-1111-4111-8111-111111111111',
  tenantId: '22222222-2222-4222-8222-222222222222',
  channelId: '19%3Aalerts%40thread.tacv2',
} as const;
/** The stack's own provider is of us-east-1, where the service has no API. */
const inIreland = (stack: TerraformStack) => ({
  provider: new AwsProvider(stack, 'Ireland', { alias: 'ireland', region: 'eu-west-1' }),
});
const told = (props: Partial<TeamsSubscriber> = {}, topicName = 'shop-prod-pages', from = inIreland) =>
  onAws((stack) => {
    const subscribers = { Platform: { ...CHANNEL, ...from(stack), ...props } };
    new AlertTopic(stack, 'Topic', { topicName, subscribers });
  });
const defaults = told();
const channel = () => defaults.resource('aws_chatbot_teams_channel_configuration');

test('a channel of Teams is told what the topic is told', () => {
  expect(channel()).toMatchObject({
    configuration_name: 'shop-prod-pages-Platform',
    team_id: CHANNEL.teamId,
    tenant_id: CHANNEL.tenantId,
    channel_id: CHANNEL.channelId,
    sns_topic_arns: [expect.stringMatching(/^\$\{aws_sns_topic\.Topic_\w+\.arn\}$/)],
    provider: 'aws.ireland',
  });
  // The service subscribes the topic itself.
  expect(defaults.resources('aws_sns_topic_subscription')).toEqual({});
});

test('who is in the channel can do nothing with the account, by its role and by its guardrail', () => {
  expect(channel().guardrail_policy_arns).toEqual([expect.stringMatching(/:iam::aws:policy\/AWSDenyAll$/)]);
  expect(channel().iam_role_arn).toMatch(/^\$\{aws_iam_role\.Topic_Platform_Role_\w+\.arn\}$/);
  expect(statements(defaults.resource('aws_iam_role').assume_role_policy)).toEqual([
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'chatbot.amazonaws.com' } },
  ]);
  const attached = defaults.resourceTypes().filter((type) => /^aws_iam_role_/.test(type));
  expect(attached).toEqual([]);
});

test("errors are logged, for 30 days, in the log group of the service's own naming", () => {
  expect(channel().logging_level).toBe('ERROR');
  expect(defaults.resource('aws_cloudwatch_log_group')).toMatchObject({
    name: '/aws/chatbot/shop-prod-pages-Platform',
    retention_in_days: 30,
  });
  expect(channel().depends_on).toEqual([expect.stringMatching(/^aws_cloudwatch_log_group\./)]);
});

test('the key is no wider for it: SNS decrypts what it hands over', () => {
  const without = onAws((stack) => void new AlertTopic(stack, 'Topic', { topicName: 'shop-prod-pages' }));
  expect(defaults.resource('aws_kms_key').policy).toBe(without.resource('aws_kms_key').policy);
  expect(defaults.resource('aws_sns_topic_policy').policy).toBe(without.resource('aws_sns_topic_policy').policy);
});

test.each<[Partial<TeamsSubscriber>, string, string]>([
  [{ teamId: 'platform' }, 'shop-prod-pages', 'teamId is platform; it must be a UUID.'],
  [{ tenantId: 'shop' }, 'shop-prod-pages', 'tenantId is shop; it must be a UUID.'],
  [
    { channelId: '19:alerts@thread.tacv2' },
    'shop-prod-pages',
    "channelId is 19:alerts@thread.tacv2; it must be as in the channel's link, 19%3A<id>%40thread.tacv2.",
  ],
  [{}, 'p'.repeat(60), `the channel's name is ${'p'.repeat(60)}-Platform; it must be 1 to 64 letters`],
])('fails with %j and the topic %s', (props, topicName, message) => {
  expect(() => told(props, topicName)).toThrow(`test/Topic/Platform: ${message}`);
});

test('fails in a region where the service has no API', () => {
  expect(() => told({ provider: undefined })).toThrow(
    'test/Topic/Platform: the provider of shop-prod-pages-Platform is of us-east-1, where Amazon Q Developer in chat applications has no API; it has one in ap-southeast-1, eu-west-1, us-east-2, us-west-2.',
  );
});

test('the HCL of a channel', async () => {
  const hcl = await defaults.hcl();
  expect(hcl.slice(hcl.indexOf('resource "aws_chatbot_teams_channel_configuration"'))).toMatchSnapshot();
});
