import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table';
import { SnsTopic } from '@cdktf/provider-aws/lib/sns-topic';
import { Backup, BackupRule, BackupSelection, VaultLock } from '../../../../constructs/aws';
import { ACCOUNT_ID, type Area } from '../area';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const topic = new SnsTopic(stack, 'Topic', { name: 'shop-prod-backups' });
    new Backup(stack, 'Backup', {
      vaultName: 'shop-prod',
      selection: BackupSelection.byTag('backup', 'yes'),
      protection,
      copyToVaultArn: `arn:aws:backup:us-west-2:${ACCOUNT_ID}:backup-vault:shop-prod`,
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
