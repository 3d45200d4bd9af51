import { KmsAlias } from '@cdktf/provider-aws/lib/kms-alias';
import { KmsKey } from '@cdktf/provider-aws/lib/kms-key';
import type { TerraformProvider } from 'cdktf';
import { Construct } from 'constructs';
import { AwsAccount } from './aws-account';
import { type PolicyStatement, policyDocument } from './policy-document';

export interface EncryptionKeyProps {
  /** Without `alias/`. */
  readonly aliasName: string;
  readonly description: string;
  /**
   * Refuses a destroy: what was encrypted is lost with its key.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * What services may do with the key, beside what IAM policies of the account allow.
   * @default []
   */
  readonly statements?: readonly PolicyStatement[];
  /**
   * Whose region it is in.
   * @default - the stack's own
   */
  readonly provider?: TerraformProvider;
}

/**
 * A KMS key of one's own: rotated every year, deleted 30 days after a destroy, used by alias. $1 a month, and $1 more
 * after each of its first two rotations: https://aws.amazon.com/kms/pricing/
 */
export class EncryptionKey extends Construct {
  readonly resource: KmsKey;
  readonly alias: KmsAlias;
  readonly keyArn: string;

  constructor(scope: Construct, id: string, props: EncryptionKeyProps) {
    super(scope, id);
    this.resource = new KmsKey(this, 'Resource', {
      description: props.description,
      enableKeyRotation: true,
      deletionWindowInDays: 30,
      policy: policyDocument(
        {
          Sid: 'IamPoliciesOfThisAccount',
          Effect: 'Allow',
          Principal: { AWS: AwsAccount.of(this).iamArn('root') },
          // In a key policy the only resource is the key itself; kms:* leaves the decision to the account's IAM.
          Action: 'kms:*',
          Resource: '*',
        },
        ...(props.statements ?? []),
      ),
      lifecycle: { preventDestroy: props.protection ?? true },
      provider: props.provider,
    });
    this.keyArn = this.resource.arn;
    this.alias = new KmsAlias(this, 'Alias', {
      name: `alias/${props.aliasName}`,
      targetKeyId: this.resource.keyId,
      provider: props.provider,
    });
  }
}
