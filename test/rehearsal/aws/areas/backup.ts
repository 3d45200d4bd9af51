import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { Backup, BackupCopyVault, BackupRule, BackupSelection, VaultLock } from '../../../../constructs/aws';
import { type Area, TAGS } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const topic = new SnsTopic(stack, 'Topic', { name: 'shop-prod-backups' });
    const provider = new AwsProvider(stack, 'Oregon', {
      alias: 'oregon',
      region: 'us-west-2',
      defaultTags: [{ tags: TAGS }],
    });
    const copy = new BackupCopyVault(stack, 'Copy', { vaultName: 'shop-prod', provider, protection });
    new Backup(stack, 'Backup', {
      vaultName: 'shop-prod',
      selection: BackupSelection.byTag('backup', 'yes'),
      protection,
      copyToVaultArn: copy.vaultArn,
      notificationTopicArn: topic.arn,
      restoreTest: { resourceTypes: ['DynamoDB', 'S3'], keepHours: 4 },
    });
    const table = new DynamodbTable(stack, 'Table', {
      name: 'shop-prod-orders',
      billingMode: 'PAY_PER_REQUEST',
      hashKey: 'id',
      attribute: [{ name: 'id', type: 'S' }],
    });
    new Backup(stack, 'Ledger', {
      vaultName: 'shop-prod-ledger',
      selection: BackupSelection.resources([table.arn]),
      rules: [BackupRule.daily({ keepDays: 30, hour: 1 })],
      lock: VaultLock.compliance({ minDays: 7, maxDays: 365, coolingOffDays: 3 }),
      protection,
    });
  },
};
