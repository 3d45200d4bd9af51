import { AwsAccount } from '../aws-account';
import type { EncryptionKey } from '../encryption-key';
import type { PolicyStatement } from '../policy-document';

/** Lets a role use a key through one service only, e.g. `throughService(key, 'sqs', ['kms:Decrypt'])`. */
export function throughService(key: EncryptionKey, service: string, actions: readonly string[]): PolicyStatement {
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: key.keyArn,
    Condition: { StringEquals: { 'kms:ViaService': `${service}.${AwsAccount.of(key).region}.amazonaws.com` } },
  };
}
