import { join } from 'node:path';
import { loadConfig } from '../../src';
import { AwsStack } from '../../stacks/aws-stack';
import { synthesize } from '../helpers/synth';
import { type Options, stackOn } from './both-clouds';

const GATEWAY: NonNullable<Options['choices']> = {
  gateway: {
    hostname: 'origin.shop.test',
    certificate: { kind: 'secret', secretName: 'tls' },
    authentication: { kind: 'none' },
  },
};

const made = new Map<string, ReturnType<typeof stackOn>>();
function stackWith(settings: object, choices?: Options['choices']): ReturnType<typeof stackOn> {
  const key = JSON.stringify([settings, choices]);
  const stack = made.get(key) ?? stackOn('aws', { settings, choices });
  made.set(key, stack);
  return stack;
}

/** Kinds of resources that settings add to a stack, AWS' own without what each construct has, such as keys and roles. */
function added(settings: object, choices?: Options['choices']): string[] {
  const before = new Map(counts(stackWith({}, choices)));
  return counts(stackWith(settings, choices))
    .filter(([type, count]) => count > (before.get(type) ?? 0))
    .map(([type]) => type)
    .filter((type) => !/^aws_(kms|iam|s3_bucket_|security_group|vpc_security|cloudwatch_log|eks_pod)/.test(type));
}

function counts(stack: ReturnType<typeof stackOn>): [type: string, count: number][] {
  const { resource } = stack.json as { resource: Record<string, object> };
  return Object.entries(resource).map(([type, all]) => [type, Object.keys(all).length]);
}

const TRAIL = ['aws_cloudtrail', 'aws_s3_bucket'];
const BACKUP = ['aws_backup_plan', 'aws_backup_selection', 'aws_backup_vault', 'aws_backup_vault_lock_configuration'];

describe('a profile', () => {
  test('is lean if none is named', () => {
    expect(added({ profile: 'lean' })).toEqual([]);
  });

  test('standard adds what tells of the past, and copies', () => {
    expect(added({ profile: 'standard' })).toEqual(['aws_accessanalyzer_analyzer', ...BACKUP, ...TRAIL]);
  });

  test('regulated adds every part to that', () => {
    const types = added({ profile: 'regulated' });
    expect(types).toEqual(expect.arrayContaining([...BACKUP, ...TRAIL]));
    expect(types).toEqual(
      expect.arrayContaining([
        'aws_backup_restore_testing_plan',
        'aws_config_config_rule',
        'aws_guardduty_detector',
        'aws_nat_gateway',
      ]),
    );
  });

  test('is overruled by a part that is switched by itself', () => {
    const parts = { accessAnalyzer: false, accessLogs: false, auditTrail: false, backup: false };
    expect(added({ profile: 'standard', parts })).toEqual([]);
    expect(added({ parts: { auditTrail: true } })).toEqual(TRAIL);
  });
});

describe('a part', () => {
  test.each<[string, string[]]>([
    ['accessAnalyzer', ['aws_accessanalyzer_analyzer']],
    ['accessLogs', ['aws_s3_bucket']],
    ['auditTrail', TRAIL],
    ['backup', BACKUP],
    [
      'configRules',
      [
        'aws_config_config_rule',
        'aws_config_configuration_recorder',
        'aws_config_configuration_recorder_status',
        'aws_config_delivery_channel',
        'aws_s3_bucket',
      ],
    ],
    ['encryptedFlowLogs', []],
    ['natPerZone', ['aws_eip', 'aws_nat_gateway']],
    ['objectLock', []],
    ['standby', []],
    ['yearOfLogs', []],
  ])('%s adds what it says, and nothing else', (part, types) => {
    expect(added({ parts: { [part]: true } })).toEqual(types);
  });

  test('threatDetection watches, and tells the contacts, or who hears of the budget', () => {
    const contacts = (settings: object) =>
      Object.values(
        stackWith({ parts: { threatDetection: true }, ...settings }).resources('aws_sns_topic_subscription'),
      ).map(({ endpoint }) => endpoint);
    expect(contacts({})).toEqual(['platform@shop.example']);
    const securityContacts = ['security@shop.example', 'night@shop.example'];
    expect(contacts({ securityContacts })).toEqual(securityContacts);
  });

  test('objectLock keeps what is in the model store for 30 days', () => {
    const stack = stackWith({ parts: { objectLock: true } });
    expect(JSON.stringify(stack.resource('aws_s3_bucket_object_lock_configuration'))).toContain('"days":30');
  });

  test('accessLogs has S3 write who asked any bucket for what, but that of these logs', () => {
    const parts = { auditTrail: true, configRules: true };
    const chosen = { parts: { ...parts, accessLogs: true }, dataLake: { since: '2026-01-01' }, retraining: {} };
    const stack = stackWith(chosen);
    const buckets = Object.keys(stack.resources('aws_s3_bucket')).filter((id) => !id.startsWith('AccessLogs_'));
    expect(buckets.length).toBeGreaterThan(6);
    const logged = Object.values(stack.resources('aws_s3_bucket_logging'));
    expect(logged.map(({ bucket }) => bucket).sort()).toEqual(buckets.map((id) => `\${aws_s3_bucket.${id}.id}`).sort());
    expect(new Set(logged.map(({ target_bucket }) => target_bucket)).size).toBe(1);
    expect(stackWith({ parts }).resources('aws_s3_bucket_logging')).toEqual({});
  });

  test('auditTrailLogs keeps the events of the trail in CloudWatch for a year too', () => {
    const trail = (parts: object) => stackWith({ parts: { auditTrail: true, ...parts } });
    const before = trail({}).resource('aws_cloudtrail');
    expect(before).not.toHaveProperty('cloud_watch_logs_group_arn');
    const stack = trail({ auditTrailLogs: true });
    expect(stack.resource('aws_cloudtrail').cloud_watch_logs_group_arn).toMatch(/AuditTrail_LogGroup.*:\*$/);
    const groups = Object.values(stack.resources('aws_cloudwatch_log_group'));
    expect(groups.find(({ name }) => /^\/aws\/cloudtrail\//.test(`${name}`))).toMatchObject({ retention_in_days: 365 });
  });

  test('dnsQueryLogs keeps the questions for names of the zone, in us-east-1, where Route 53 writes them', () => {
    const domain = { name: 'shop.test' };
    expect(added({ domain })).not.toContain('aws_route53_query_log');
    const stack = stackWith({ domain, parts: { dnsQueryLogs: true }, region: 'eu-central-1' });
    expect(stack.resource('aws_route53_query_log').zone_id).toMatch(/aws_route53_zone\.Zone/);
    const groups = Object.values(stack.resources('aws_cloudwatch_log_group'));
    expect(groups.find(({ name }) => name === '/aws/route53/shop.test')).toMatchObject({
      retention_in_days: 90,
      provider: 'aws.us_east_1',
    });
  });

  test('yearOfLogs has every log group keep its lines for a year', () => {
    const days = (parts: object) =>
      Object.values(stackWith({ parts }).resources('aws_cloudwatch_log_group')).map(
        ({ retention_in_days }) => retention_in_days,
      );
    expect(days({}).length).toBeGreaterThan(1);
    expect(days({})).not.toContain(365);
    expect(new Set(days({ yearOfLogs: true }))).toEqual(new Set([365]));
  });

  test('encryptedFlowLogs has a key of the network', () => {
    const keys = (settings: object) =>
      Object.keys(stackWith(settings).resources('aws_kms_key')).filter((id) => id.startsWith('Network_'));
    expect(keys({})).toEqual([]);
    expect(keys({ parts: { encryptedFlowLogs: true } })).toHaveLength(1);
  });

  test('nat wins over natPerZone', () => {
    expect(added({ nat: 'one', parts: { natPerZone: true } })).toEqual([]);
  });
});

describe('what is chosen for AWS', () => {
  test.each<[string, object, string]>([
    ['database', {}, 'aws_db_instance'],
    ['dataLake', { since: '2026-01-01' }, 'aws_kinesis_firehose_delivery_stream'],
    ['retraining', {}, 'aws_sfn_state_machine'],
    ['costAnomalies', {}, 'aws_ce_anomaly_monitor'],
    ['domain', { name: 'shop.test' }, 'aws_route53_zone'],
  ])('%s adds itself', (name, value, type) => {
    expect(added({ [name]: value })).toContain(type);
  });

  test('a monitor of services that the account has is used', () => {
    const monitorArn = 'arn:aws:ce::111122223333:anomalymonitor/11111111-2222-4333-8444-555555555555';
    const stack = stackWith({ costAnomalies: { monitorArn } });
    expect(stack.resource('aws_ce_anomaly_subscription').monitor_arn_list).toEqual([monitorArn]);
  });

  test('the database has a standby where the profile says so, and is backed up', () => {
    const stack = (profile: string) => stackWith({ profile, database: {} });
    expect(stack('lean').resource('aws_db_instance').multi_az).toBe(false);
    expect(stack('standard').resource('aws_db_instance').multi_az).toBe(true);
    const selected = JSON.stringify(stack('standard').resource('aws_backup_selection').resources);
    expect(selected).toContain('aws_db_instance.Database');
    expect(selected).toContain('aws_s3_bucket.ModelStore');
  });

  test('backups are copied to a vault of the region that is chosen, and by default to none', () => {
    const vaults = (settings: object) => Object.values(stackWith(settings).resources('aws_backup_vault'));
    const copied = { profile: 'standard', backup: { copyTo: 'eu-west-1' } };
    expect(vaults({ profile: 'standard' })).toHaveLength(1);
    expect(vaults(copied).map(({ provider }) => provider)).toContain('aws.backup_region');
    const stack = stackWith(copied);
    expect(JSON.stringify(stack.resource('aws_backup_plan').rule)).toContain('aws_backup_vault.BackupCopy_');
  });

  test('the cache holds what replicas share, and no Valkey runs in the cluster', () => {
    const caches = ['histories', 'answers'] as const;
    const stack = stackWith({ cache: {} }, { caches: [...caches] });
    expect(stack.resource('aws_elasticache_replication_group').num_cache_clusters).toBe(1);
    const releases = Object.values(stack.resources('helm_release')).map(({ name }) => name);
    expect(releases).toContain('external-secrets');
    expect(releases).not.toContain('histories');
    const settings = JSON.stringify(stack.resources('kubernetes_config_map_v1'));
    for (const variable of ['RECOMMENDER_USERS', 'RECOMMENDER_RESULT_CACHE', 'RECOMMENDER_RATE_LIMIT_REDIS'])
      expect(settings).toContain(`${variable}_FILE`);
  });

  test("the domain names the gateway's load balancer, by an identity that may change that zone only", () => {
    const stack = stackWith({ domain: { name: 'shop.test' } }, GATEWAY);
    expect(Object.values(stack.resources('helm_release')).map(({ name }) => name)).toContain('external-dns');
    expect(stack.outputs().name_servers?.value).toMatch(/aws_route53_zone\.Zone/);
  });

  test('the edge asks the gateway, from a provider of us-east-1 when the stack is elsewhere', () => {
    const settings = { domain: { name: 'shop.test' }, edge: { hostnames: ['api.shop.test'] } };
    const here = stackWith(settings, GATEWAY);
    expect(JSON.stringify(here.resource('aws_cloudfront_distribution').origin)).toContain('origin.shop.test');
    expect(here.resource('aws_acm_certificate').provider).toBeUndefined();
    const away = stackWith({ ...settings, region: 'eu-central-1' }, GATEWAY);
    expect(away.resource('aws_acm_certificate').provider).toBe('aws.us_east_1');
    expect(away.resource('aws_wafv2_web_acl').provider).toBe('aws.us_east_1');
  });

  test('the edge refuses callers behind anonymizers where the config says so', () => {
    const rules = (edge: object) => {
      const settings = { domain: { name: 'shop.test' }, edge: { hostnames: ['api.shop.test'], ...edge } };
      return JSON.stringify(stackWith(settings, GATEWAY).resource('aws_wafv2_web_acl').rule);
    };
    expect(rules({})).not.toContain('AWSManagedRulesAnonymousIpList');
    expect(rules({ refuseAnonymous: true })).toContain('AWSManagedRulesAnonymousIpList');
  });

  test('every role is bounded by the policy that is named', () => {
    const permissionsBoundaryArn = 'arn:aws:iam::111122223333:policy/shop-prod-boundary';
    const roles = Object.values(stackWith({ permissionsBoundaryArn }).resources('aws_iam_role'));
    expect(roles.length).toBeGreaterThan(5);
    expect(new Set(roles.map(({ permissions_boundary }) => permissions_boundary))).toEqual(
      new Set([permissionsBoundaryArn]),
    );
  });

  test('zones are as many as are chosen, each with a node', () => {
    const stack = stackWith({ zones: 3 });
    expect(Object.keys(stack.resources('aws_subnet')).filter((id) => id.includes('Private'))).toHaveLength(3);
    expect(JSON.stringify(stack.resource('aws_eks_node_group').scaling_config)).toContain('"min_size":3');
  });

  test('spot nodes come beside those that AWS may not take back', () => {
    const spot = { instanceTypes: ['t4g.large', 'm7g.large'] };
    const groups = Object.values(stackWith({ node: { spot } }).resources('aws_eks_node_group'));
    expect(groups.map(({ capacity_type }) => capacity_type).sort()).toEqual(['ON_DEMAND', 'SPOT']);
  });
});

test('with every part and option the ids of what holds data are these', () => {
  const config = loadConfig(join(__dirname, '../../examples/regulated.config.ts'));
  const { json } = synthesize((app) => new AwsStack(app, { config, environment: 'prod' }));
  const resources = json.resource as Record<string, Record<string, { lifecycle?: { prevent_destroy?: boolean } }>>;
  const refusing = Object.entries(resources).flatMap(([type, all]) =>
    Object.entries(all)
      .filter(([, { lifecycle }]) => lifecycle?.prevent_destroy)
      .map(([id]) => `${type}.${id}`),
  );
  expect(refusing.sort()).toMatchSnapshot();
});
