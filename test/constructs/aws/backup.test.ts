import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import {
  Backup,
  BackupCopyVault,
  type BackupCopyVaultProps,
  type BackupProps,
  BackupRule,
  BackupSelection,
  VaultLock,
} from '../../../constructs/aws';
import { named, onAws, statements } from './fixtures';

const backup = (props: Partial<BackupProps> = {}) =>
  onAws(
    (stack) =>
      void new Backup(stack, 'Backup', {
        vaultName: 'shop-prod',
        selection: BackupSelection.byTag('backup', 'yes'),
        ...props,
      }),
  );
const defaults = backup();
const rules = (props: Partial<BackupProps> = {}) => backup(props).resource('aws_backup_plan').rule as object[];

test('by default backups are made daily, weekly and monthly, and the monthly ones get cold', () => {
  expect(rules()).toEqual([
    expect.objectContaining({ rule_name: 'daily', schedule: 'cron(0 3 ? * * *)' }),
    expect.objectContaining({ rule_name: 'weekly', schedule: 'cron(0 3 ? * 1 *)' }),
    expect.objectContaining({ rule_name: 'monthly', schedule: 'cron(0 3 1 * ? *)' }),
  ]);
  expect(rules().map((rule) => (rule as { lifecycle: object }).lifecycle)).toEqual([
    { delete_after: 35, opt_in_to_archive_for_supported_resources: false },
    { delete_after: 90, opt_in_to_archive_for_supported_resources: false },
    { delete_after: 365, cold_storage_after: 30, opt_in_to_archive_for_supported_resources: true },
  ]);
});

test('the vault is encrypted by a key of its own, which rotates', () => {
  expect(defaults.resource('aws_backup_vault').kms_key_arn).toMatch(/aws_kms_key\.Backup_Key_/);
  expect(defaults.resource('aws_kms_key').enable_key_rotation).toBe(true);
});

describe('the lock', () => {
  const lock = (props: Partial<BackupProps> = {}) => backup(props).resource('aws_backup_vault_lock_configuration');

  test('spans what the rules keep, and can be taken away', () => {
    expect(lock()).toMatchObject({ min_retention_days: 35, max_retention_days: 365 });
    expect(lock()).not.toHaveProperty('changeable_for_days');
  });

  test('is there before the first backup can be made', () => {
    expect(defaults.resource('aws_backup_plan').depends_on).toEqual([
      expect.stringMatching(/^aws_backup_vault_lock_configuration\.Backup_Lock_/),
    ]);
  });

  test('is final only where compliance is asked for, after the days to cool off', () => {
    const compliance = VaultLock.compliance({ minDays: 7, maxDays: 400, coolingOffDays: 14 });
    expect(lock({ lock: compliance })).toMatchObject({
      min_retention_days: 7,
      max_retention_days: 400,
      changeable_for_days: 14,
    });
  });
});

describe('what is backed up', () => {
  test('is what carries a tag', () => {
    const selection = defaults.resource('aws_backup_selection');
    expect(selection.selection_tag).toEqual([{ type: 'STRINGEQUALS', key: 'backup', value: 'yes' }]);
    expect(selection).not.toHaveProperty('resources');
  });

  test('or what is named', () => {
    const arn = 'arn:aws:dynamodb:us-east-1:111122223333:table/orders';
    const selection = backup({ selection: BackupSelection.resources([arn]) }).resource('aws_backup_selection');
    expect(selection.resources).toEqual([arn]);
    expect(selection).not.toHaveProperty('selection_tag');
  });

  test('by a role that AWS Backup acts as for this account, and that may not restore', () => {
    const [trust] = statements(defaults.resource('aws_iam_role').assume_role_policy);
    expect(trust).toMatchObject({
      Principal: { Service: 'backup.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': expect.stringMatching(/aws_caller_identity/) } },
    });
    const attached = Object.values(defaults.resources('aws_iam_role_policy_attachment')).map(({ policy_arn }) =>
      String(policy_arn).split('/').at(-1),
    );
    expect(attached.sort()).toEqual(['AWSBackupServiceRolePolicyForBackup', 'AWSBackupServiceRolePolicyForS3Backup']);
    expect(defaults.resourceTypes()).not.toContain('aws_iam_role_policy');
  });
});

test('a copy in another region is kept as long', () => {
  const copyToVaultArn = 'arn:aws:backup:us-west-2:111122223333:backup-vault:shop-prod';
  const [daily] = rules({ copyToVaultArn });
  expect(daily).toMatchObject({
    copy_action: [{ destination_vault_arn: copyToVaultArn, lifecycle: { delete_after: 35 } }],
  });
  expect(rules()[0]).not.toHaveProperty('copy_action');
});

describe('a vault for copies in another region', () => {
  const copied = (props: Partial<BackupCopyVaultProps> = {}, region = 'us-west-2') =>
    onAws((stack) => {
      const provider = new AwsProvider(stack, 'Oregon', { alias: 'oregon', region });
      const copy = new BackupCopyVault(stack, 'Copy', { vaultName: 'shop-prod', provider, ...props });
      const { vaultArn: copyToVaultArn } = copy;
      new Backup(stack, 'Backup', {
        vaultName: 'shop-prod',
        selection: BackupSelection.byTag('backup', 'yes'),
        copyToVaultArn,
      });
    });
  const template = copied();

  test('is there with its key and its lock, and everything else is where it was', () => {
    const elsewhere = template
      .resourceTypes()
      .filter((type) => Object.values(template.resources(type)).some(({ provider }) => provider === 'aws.oregon'));
    expect(elsewhere.sort()).toEqual([
      'aws_backup_vault',
      'aws_backup_vault_lock_configuration',
      'aws_kms_alias',
      'aws_kms_key',
    ]);
    expect(named(template, 'aws_backup_vault', 'Copy')).toMatchObject({
      provider: 'aws.oregon',
      kms_key_arn: expect.stringMatching(/aws_kms_key\.Copy_Key_/),
      lifecycle: { prevent_destroy: true },
    });
    expect(named(template, 'aws_backup_vault', 'Backup')).not.toHaveProperty('provider');
  });

  test('is where each backup is copied to, and its lock takes what the first one takes', () => {
    for (const rule of template.resource('aws_backup_plan').rule as object[]) {
      expect(rule).toMatchObject({
        copy_action: [{ destination_vault_arn: expect.stringMatching(/^\$\{aws_backup_vault\.Copy_\w+\.arn\}$/) }],
      });
    }
    const locks = Object.values(template.resources('aws_backup_vault_lock_configuration'));
    expect(locks.map((one) => [one.min_retention_days, one.max_retention_days])).toEqual([
      [35, 365],
      [35, 365],
    ]);
  });

  test('can be destroyed where it is not protected', () => {
    expect(named(copied({ protection: false }), 'aws_backup_vault', 'Copy')).toMatchObject({
      force_destroy: true,
      lifecycle: { prevent_destroy: false },
    });
  });

  test("fails in the stack's own region", () => {
    expect(() => copied({}, 'us-east-1')).toThrow(
      "test/Copy: the provider of shop-prod is of us-east-1, as the stack's own; what takes the region takes both. Pass an AwsProvider with an alias and another region.",
    );
  });

  test('fails when its lock does not take what a rule makes', () => {
    expect(() => copied({ lock: VaultLock.governance({ minDays: 40, maxDays: 400 }) })).toThrow(
      'test/Copy: BackupRule.daily keeps a backup 35 days, and the lock takes 40 to 400;',
    );
  });

  test('keeps the logical ids of vault and key', () => {
    const ids = ['aws_backup_vault', 'aws_kms_key'].flatMap((type) => Object.keys(template.resources(type)));
    expect(ids.filter((id) => id.startsWith('Copy_'))).toEqual(['Copy_1ED8A51E', 'Copy_Key_BC7A318D']);
  });

  test('the HCL', async () => {
    const hcl = await template.hcl();
    expect(hcl.match(/resource "aws_backup_vault\w*" "Copy_[\s\S]*?\n\}/g)?.join('\n')).toMatchSnapshot();
  });
});

test('a topic is told of what ended, and of copies that failed', () => {
  const notificationTopicArn = 'arn:aws:sns:us-east-1:111122223333:backups';
  expect(backup({ notificationTopicArn }).resource('aws_backup_vault_notifications')).toMatchObject({
    sns_topic_arn: notificationTopicArn,
    backup_vault_events: [
      'BACKUP_JOB_COMPLETED',
      'COPY_JOB_FAILED',
      'RESTORE_JOB_COMPLETED',
      'S3_BACKUP_OBJECT_FAILED',
    ],
  });
  expect(defaults.resourceTypes()).not.toContain('aws_backup_vault_notifications');
});

test('a restore test restores the newest backup of each kind, by a role that may not back up', () => {
  const tested = backup({ restoreTest: { resourceTypes: ['RDS', 'S3'], keepHours: 4 } });
  expect(tested.resource('aws_backup_restore_testing_plan')).toMatchObject({
    name: 'shop_prod',
    recovery_point_selection: [
      expect.objectContaining({ algorithm: 'LATEST_WITHIN_WINDOW', selection_window_days: 7 }),
    ],
  });
  const selections = Object.values(tested.resources('aws_backup_restore_testing_selection'));
  expect(selections.map((one) => [one.protected_resource_type, one.validation_window_hours])).toEqual([
    ['RDS', 4],
    ['S3', 4],
  ]);
  expect(named(tested, 'aws_iam_role', 'Backup_RestoreTest_Role').name).toBe('shop-prod-restore-test');
  expect(named(tested, 'aws_iam_role_policy_attachment', 'Backup_RestoreTest_Role_Restores').policy_arn).toMatch(
    /AWSBackupServiceRolePolicyForRestores$/,
  );
  expect(defaults.resourceTypes()).not.toContain('aws_backup_restore_testing_plan');
});

test.each([
  [undefined, true],
  [false, false],
])('with protection %p, a destroy is refused: %p', (protection, refused) => {
  const stack = backup({ protection });
  expect(stack.resource('aws_backup_vault')).toMatchObject({
    force_destroy: !refused,
    lifecycle: { prevent_destroy: refused },
  });
  expect(stack.resource('aws_kms_key').lifecycle).toEqual({ prevent_destroy: refused });
});

test('the logical ids of vault and key stay what they are', () => {
  expect(Object.keys(defaults.resources('aws_backup_vault'))).toEqual(['Backup_DA3807AC']);
  expect(Object.keys(defaults.resources('aws_kms_key'))).toEqual(['Backup_Key_570ED138']);
});

test.each<[() => unknown, string]>([
  [
    () => BackupRule.monthly({ keepDays: 119, coldAfterDays: 30 }),
    'BackupRule.monthly keeps a backup 119 days and moves it to cold storage after 30; it has to stay there 90 days, so keepDays must be 120 or more.',
  ],
  [
    () => BackupRule.daily({ keepDays: 0 }),
    'BackupRule.daily has keepDays 0; it must be a whole number of days from 1.',
  ],
  [
    () => BackupRule.weekly({ keepDays: 7, hour: 24 }),
    'BackupRule.weekly has hour 24; it must be a whole hour from 0 to 23',
  ],
  [
    () => VaultLock.compliance({ minDays: 1, maxDays: 9, coolingOffDays: 2 }),
    'VaultLock.compliance has coolingOffDays 2;',
  ],
  [() => VaultLock.governance({ minDays: 9, maxDays: 1 }), 'VaultLock has minDays 9 and maxDays 1;'],
  [() => BackupSelection.resources([]), 'BackupSelection.resources has no ARNs;'],
  [() => backup({ vaultName: 'shop_prod' }), 'test/Backup: vaultName is shop_prod; it must be 2 to 50 letters'],
  [() => backup({ rules: [] }), 'test/Backup: rules is empty;'],
  [
    () => backup({ rules: [BackupRule.daily({ keepDays: 7 }), BackupRule.daily({ keepDays: 9 })] }),
    'test/Backup: rules has BackupRule.daily twice;',
  ],
  [
    () => backup({ lock: VaultLock.governance({ minDays: 40, maxDays: 400 }) }),
    'test/Backup: BackupRule.daily keeps a backup 35 days, and the lock takes 40 to 400; each of its backups would fail.',
  ],
  [() => backup({ restoreTest: { resourceTypes: [] } }), 'test/Backup: restoreTest.resourceTypes is empty;'],
  [
    () => backup({ restoreTest: { resourceTypes: ['S3'], keepHours: 169 } }),
    'test/Backup: restoreTest.keepHours is 169; it must be whole hours from 1 to 168.',
  ],
])('fails with what is wrong: %#', (build, message) => {
  expect(build).toThrow(message);
});

test('the HCL', async () => {
  expect(await defaults.hcl()).toMatchSnapshot();
});
