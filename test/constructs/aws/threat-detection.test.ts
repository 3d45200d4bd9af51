import {
  ConfigRecorder,
  ConfigRules,
  type ConfigRulesProps,
  MANAGED_CONFIG_RULES,
  ThreatDetection,
  type ThreatDetectionProps,
} from '../../../constructs/aws';
import { hclOf, named, onAws, statements } from './fixtures';

describe('threat detection', () => {
  const withProps = (props: Partial<ThreatDetectionProps> = {}) =>
    onAws((stack) => void new ThreatDetection(stack, 'Threats', { prefix: 'shop-prod', ...props }));
  const defaults = withProps();
  const features = (stack = defaults) =>
    Object.fromEntries(
      Object.values(stack.resources('aws_guardduty_detector_feature')).map(({ name, status }) => [name, status]),
    );

  test('watches objects and clusters, looks into images and gathers findings, by default', () => {
    expect(defaults.resourceTypes()).toEqual([
      'aws_accessanalyzer_analyzer',
      'aws_guardduty_detector',
      'aws_guardduty_detector_feature',
      'aws_inspector2_enabler',
      'aws_securityhub_account',
      'aws_securityhub_standards_subscription',
    ]);
    expect(features()).toEqual({
      S3_DATA_EVENTS: 'ENABLED',
      EKS_AUDIT_LOGS: 'ENABLED',
      RUNTIME_MONITORING: 'DISABLED',
    });
    expect(defaults.resource('aws_inspector2_enabler').resource_types).toEqual(['ECR']);
  });

  test('one standard is checked, not the two that the service would add by itself', () => {
    expect(defaults.resource('aws_securityhub_account').enable_default_standards).toBe(false);
    expect(defaults.resource('aws_securityhub_standards_subscription').standards_arn).toMatch(
      /:securityhub:.*::standards\/aws-foundational-security-best-practices\/v\/1\.0\.0$/,
    );
  });

  test("processes are watched by an agent that is GuardDuty's to keep", () => {
    const stack = withProps({ guardDuty: ['RUNTIME_MONITORING'] });
    expect(features(stack)).toMatchObject({ RUNTIME_MONITORING: 'ENABLED', S3_DATA_EVENTS: 'DISABLED' });
    expect(
      named(stack, 'aws_guardduty_detector_feature', 'Threats_RuntimeMonitoring').additional_configuration,
    ).toEqual([{ name: 'EKS_ADDON_MANAGEMENT', status: 'ENABLED' }]);
  });

  test.each<[keyof ThreatDetectionProps, string]>([
    ['guardDuty', 'aws_guardduty_detector'],
    ['inspector', 'aws_inspector2_enabler'],
    ['securityHub', 'aws_securityhub_account'],
    ['accessAnalyzer', 'aws_accessanalyzer_analyzer'],
  ])('what the account has already is left alone: %s', (prop, type) => {
    const types = withProps({ [prop]: 'elsewhere' }).resourceTypes();
    expect(types).not.toContain(type);
    expect(defaults.resourceTypes()).toContain(type);
    expect(types.length).toBeGreaterThan(2);
  });

  test('fails when Inspector is to look into nothing', () => {
    expect(() => withProps({ inspector: [] })).toThrow(
      "test/Threats: inspector is []; name what it looks into, or say 'elsewhere' to leave it out.",
    );
  });

  test('the HCL', async () => {
    const stack = withProps({ securityHub: 'elsewhere', accessAnalyzer: 'elsewhere' });
    const blocks = (await stack.hcl()).split(/^(?=resource )/m).slice(1);
    expect(blocks.join('')).toMatchSnapshot();
  });
});

describe('rules', () => {
  const withRules = (props: Partial<ConfigRulesProps> = {}) =>
    onAws((stack) => void new ConfigRules(stack, 'Rules', { prefix: 'shop-prod', ...props }));

  test("all are AWS' own, each once, with names that say whose they are", () => {
    const rules = Object.values(withRules().resources('aws_config_config_rule'));
    expect(rules).toHaveLength(Object.keys(MANAGED_CONFIG_RULES).length);
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
    for (const rule of rules) {
      expect(rule.name).toMatch(/^shop-prod-[a-z0-9-]{1,110}$/);
      expect(rule.source).toMatchObject({ owner: 'AWS' });
    }
  });

  test('what is given to a rule is JSON', () => {
    expect(named(withRules(), 'aws_config_config_rule', 'Rules_OwnersAreNamed').input_parameters).toMatch(
      /jsonencode\(\{"tag1Key" = "owner", "tag2Key" = "environment"\}\)/,
    );
  });

  test('they wait for the recorder that is made with them, and for none that the account has', () => {
    const stack = onAws((stack) => {
      const recorder = new ConfigRecorder(stack, 'Recorder', {
        recorderName: 'shop-prod-config',
        bucketName: 'shop-prod-config-1',
      });
      new ConfigRules(stack, 'Rules', {
        prefix: 'shop-prod',
        recorder,
        rules: { One: MANAGED_CONFIG_RULES.KeysRotate },
      });
    });
    expect(stack.resource('aws_config_config_rule').depends_on).toEqual([
      expect.stringMatching(/^aws_config_configuration_recorder_status\.Recorder_Status_/),
    ]);
    expect(
      withRules({ rules: { One: MANAGED_CONFIG_RULES.KeysRotate } }).resource('aws_config_config_rule'),
    ).not.toHaveProperty('depends_on');
  });
});

describe('the recorder', () => {
  const stack = onAws((stack) => {
    new ConfigRecorder(stack, 'Recorder', { recorderName: 'shop-prod-config', bucketName: 'shop-prod-config-1' });
  });

  test('records everything, and is started once it can deliver', () => {
    expect(stack.resource('aws_config_configuration_recorder').recording_group).toEqual({
      all_supported: true,
      include_global_resource_types: true,
    });
    expect(stack.resource('aws_config_configuration_recorder_status')).toMatchObject({
      is_enabled: true,
      depends_on: [expect.stringMatching(/^aws_config_delivery_channel\./)],
    });
  });

  test('its bucket has no lock, which Config could not deliver to, and lets in no service', () => {
    expect(stack.resourceTypes()).not.toContain('aws_s3_bucket_object_lock_configuration');
    expect(stack.resource('aws_s3_bucket').object_lock_enabled).toBe(false);
    expect(statements(stack.resource('aws_s3_bucket_policy').policy).map(({ Sid }) => Sid)).toEqual(['TlsOnly']);
  });

  test('its role writes to its own folder of that bucket', () => {
    const [looks, writes, encrypts] = statements(
      named(stack, 'aws_iam_role_policy', 'Recorder_Role_DeliverSnapshots').policy,
    );
    expect(looks).toMatchObject({ Action: ['s3:GetBucketAcl', 's3:ListBucket'] });
    expect(writes).toMatchObject({
      Action: 's3:PutObject',
      Resource: expect.stringMatching(/\.arn\}\/AWSLogs\/.*\/Config\/\*$/),
    });
    expect(encrypts).toMatchObject({ Action: ['kms:Decrypt', 'kms:GenerateDataKey'] });
  });

  test('fails when its name is too long for the role', () => {
    const recorderName = 'r'.repeat(61);
    const build = () =>
      onAws((scope) => void new ConfigRecorder(scope, 'Recorder', { recorderName, bucketName: 'b-1' }));
    expect(build).toThrow(`test/Recorder: recorderName is ${recorderName}; it must be 2 to 60 lowercase letters`);
  });
});

test('the HCL of a recorder and a rule', async () => {
  const template = onAws((stack) => {
    const names = { recorderName: 'shop-prod-config', bucketName: 'shop-prod-config-1' };
    const recorder = new ConfigRecorder(stack, 'Recorder', names);
    const rules = { KeysRotate: MANAGED_CONFIG_RULES.KeysRotate };
    new ConfigRules(stack, 'Rules', { prefix: 'shop-prod', recorder, rules });
  });
  expect(await hclOf(template, '(?:Recorder|Rules)')).toMatchSnapshot();
});
