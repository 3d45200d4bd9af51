import { HOLDS_DATA } from '../../src/lifecycle/data-holders';
import { AREA_NAMES } from '../rehearsal/aws/all-areas';
import { areaResources, type Resources } from '../rehearsal/aws/area-resources';
import { stackOn } from './both-clouds';

/** What a deploy makes anew as it was, by type or by what types begin with. */
const HOLDS_NONE = [
  /^aws_(budgets_budget|default_security_group|eip|flow_log|internet_gateway|launch_template|nat_gateway|subnet|vpc)$/,
  /^aws_(route|route_table|route_table_association|security_group|vpc_endpoint)$/,
  /^aws_vpc_security_group_(ingress|egress)_rule$/,
  // What happened is told by them for a while, and kept elsewhere for as long as it must be.
  /^aws_cloudwatch_(log_\w+|metric_alarm|composite_alarm|dashboard|event_rule|event_target)$/,
  /^aws_(accessanalyzer|config|guardduty|inspector2|securityhub)_\w+$|^aws_cloudtrail$|^aws_ce_anomaly_\w+$/,
  // What waits in a queue or a topic is worked off, or sent again by whoever sent it.
  /^aws_(sqs|sns)_\w+$|^aws_chatbot_teams_channel_configuration$/,
  /^aws_(acm_certificate|apigatewayv2|appautoscaling|autoscaling|cloudfront|lb|wafv2)(_\w+)?$/,
  /^aws_route53_(record|hosted_zone_dnssec|key_signing_key|query_log)$/,
  /^aws_(codebuild_project|codepipeline|codedeploy_\w+)$/,
  /^aws_(ecs|lambda|scheduler|sfn)_\w+$/,
  // A catalogue says how to read what is in the buckets, and who may; a workgroup and a delivery stream keep nothing.
  /^aws_(athena_workgroup|glue_catalog_\w+|kinesis_firehose_delivery_stream)$/,
  /^aws_lakeformation_(opt_in|permissions|resource)$/,
  /^aws_(db|elasticache)_(parameter_group|subnet_group|user|user_group)$/,
  /^aws_backup_(plan|restore_testing_\w+|selection|vault_lock_configuration|vault_notifications)$/,
  // A migration's: both databases are elsewhere.
  /^aws_dms_\w+$/,
  /^aws_eks_(access_entry|access_policy_association|addon|node_group|pod_identity_association)$/,
  /^aws_iam_(instance_profile|openid_connect_provider|role|role_policies_exclusive|role_policy|role_policy_attachment|role_policy_attachments_exclusive)$/,
  /^aws_kms_alias$/,
  /^aws_s3_bucket_\w+$/,
  // An endpoint serves what is in the model store.
  /^aws_sagemaker_(endpoint|endpoint_configuration|model|notebook_instance_lifecycle_configuration)$/,
];

/** Of a type that holds data, and keeps none itself, with the reason. */
const KEEPS_NONE: readonly [RegExp, string][] = [
  [/^aws_kms_key\.\w+_(Pages|Tickets|Findings|Topic|Approvers)_Key_/, 'encrypts messages until they are delivered'],
  [/^aws_kms_key\.Pages_Key_|^aws_kms_key\.Findings_Key_/, 'encrypts messages until they are delivered'],
  [/^aws_kms_key\.Migration_Key_/, 'encrypts the disk of an instance that copies from one database to another'],
  [/^aws_(kms_key|s3_bucket)\.Delivery_Artifacts_/, 'builds make their artifacts anew'],
];
const keepsNone = (address: string) => KEEPS_NONE.some(([pattern]) => pattern.test(address));
/** Of an area's own, beside its constructs: what they are used with. */
const isAreasOwn = (address: string) => !(address.split('.')[1] ?? '').includes('_');

const STACKS: [string, (protection: boolean) => Resources][] = [
  ['aws-prod', (protection) => stackOn('aws', { protection }).json.resource as Resources],
  ...AREA_NAMES.map((name): [string, (protection: boolean) => Resources] => [
    `the area ${name}`,
    (protection) => areaResources(name, { protection, engine: 'stand-in' }),
  ]),
];

const addresses = (resources: Resources, isHeld: (type: string, refuses: boolean) => boolean) =>
  Object.entries(resources).flatMap(([type, all]) =>
    Object.entries(all)
      .filter(([, { lifecycle }]) => isHeld(type, lifecycle?.prevent_destroy === true))
      .map(([id]) => `${type}.${id}`),
  );

describe.each(STACKS)('%s', (_, resources) => {
  let protectedOnes: Resources;
  beforeAll(() => {
    protectedOnes = resources(true);
  });

  test('has no type that is on neither list: it holds data, or a deploy makes it anew', () => {
    const types = Object.keys(protectedOnes).filter((type) => type.startsWith('aws_'));
    expect(types.length).toBeGreaterThan(0);
    const known = (type: string) => HOLDS_DATA.has(type) || HOLDS_NONE.some((pattern) => pattern.test(type));
    expect(types.filter((type) => !known(type))).toEqual([]);
  });

  test('refuses the destroy of all that holds data, and lets it through without protection', () => {
    const open = addresses(protectedOnes, (type, refuses) => HOLDS_DATA.has(type) && !refuses);
    expect(open.filter((address) => !keepsNone(address) && !isAreasOwn(address))).toEqual([]);
    expect(addresses(resources(false), (_, refuses) => refuses)).toEqual([]);
  });
});

test('no type is on both lists, and every list has what it says of the stack', () => {
  expect([...HOLDS_DATA].filter((type) => HOLDS_NONE.some((pattern) => pattern.test(type)))).toEqual([]);
  const types = Object.keys(stackOn('aws').json.resource as Resources);
  expect(types.filter((type) => HOLDS_DATA.has(type)).sort()).toEqual([
    'aws_eks_cluster',
    'aws_kms_key',
    'aws_s3_bucket',
  ]);
});
