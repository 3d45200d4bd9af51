import type { Construct } from 'constructs';
import { AwsAccount } from './aws-account';
import type { PolicyStatement } from './policy-document';

/**
 * Lets CloudWatch Logs encrypt log groups with a key, and no others; for the key's policy.
 *
 * @param logGroupNames as text
 * @param region where the log groups are; the stack's own if left out
 */
export function logsKeyStatement(
  scope: Construct,
  logGroupNames: readonly string[],
  region: string = AwsAccount.of(scope).region,
): PolicyStatement {
  const { partition, accountId } = AwsAccount.of(scope);
  const arns = logGroupNames.map((name) => `arn:${partition}:logs:${region}:${accountId}:log-group:${name}`);
  return {
    Sid: 'LogGroups',
    Effect: 'Allow',
    Principal: { Service: `logs.${region}.amazonaws.com` },
    Action: ['kms:Encrypt', 'kms:Decrypt', 'kms:ReEncrypt*', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    // In a key policy the only resource is the key itself.
    Resource: '*',
    Condition: { ArnEquals: { 'kms:EncryptionContext:aws:logs:arn': arns.length === 1 ? (arns[0] as string) : arns } },
  };
}
