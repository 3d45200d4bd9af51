import { flowLogsRole } from '../parts/flow-logs-role';
import type { RoleExpectation } from '../role-expectation';

const KEY = '{{documents_key_arn}}';
const on = (resource: string, ...actions: string[]) => actions.map((action) => ({ action, resource }));

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  {
    role: 'shop-prod-atlas',
    allowed: on(KEY, 'kms:Encrypt', 'kms:Decrypt', 'kms:DescribeKey'),
    denied: [
      ...on(
        KEY,
        'kms:ScheduleKeyDeletion',
        'kms:DisableKey',
        'kms:PutKeyPolicy',
        'kms:CreateGrant',
        'kms:ReEncryptFrom',
      ),
      ...on(KEY, 'kms:GenerateDataKey', 'kms:DisableKeyRotation'),
      ...on('arn:aws:kms:us-east-1:123456789012:key/other', 'kms:Decrypt', 'kms:Encrypt'),
      ...on('*', 'kms:ListKeys', 'ec2:DescribeVpcs', 's3:ListAllMyBuckets'),
    ],
  },
];
