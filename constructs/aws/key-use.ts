import type { Construct } from 'constructs';
import { AwsAccount } from './aws-account';
import type { PolicyStatement } from './policy-document';

export interface KeyUse {
  readonly keyArn: string | readonly string[];
  /** Service that calls KMS for whoever uses it: `s3`, `sqs`. */
  readonly through: string;
  readonly actions: string | readonly string[];
  /**
   * Where the service is.
   * @default - the stack's own region
   */
  readonly region?: string;
}

/** Lets a role use a key through one service only, and never by calling KMS itself. */
export function keyUse(scope: Construct, { keyArn, through, actions, region }: KeyUse): PolicyStatement {
  const where = region ?? AwsAccount.of(scope).region;
  return {
    Effect: 'Allow',
    Action: actions,
    Resource: keyArn,
    Condition: { StringEquals: { 'kms:ViaService': `${through}.${where}.amazonaws.com` } },
  };
}
