import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { S3BucketOwnershipControls } from '@cdktf/provider-aws/lib/s3-bucket-ownership-controls';
import { S3BucketPolicy } from '@cdktf/provider-aws/lib/s3-bucket-policy';
import { S3BucketPublicAccessBlock } from '@cdktf/provider-aws/lib/s3-bucket-public-access-block';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktf/provider-aws/lib/s3-bucket-server-side-encryption-configuration';
import type { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { EncryptionKey } from '../encryption-key';
import { type PolicyStatement, policyDocument } from '../policy-document';

/** @throws ConfigError naming the prop `bucketName` when S3 takes no such name */
export function checkBucketName(bucketName: string, scope: Construct): void {
  if (/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(bucketName)) return;
  throw new ConfigError(
    `bucketName is ${bucketName}; it must be 3 to 63 lowercase letters, digits and hyphens, with a letter or digit at both ends.`,
    scope,
  );
}

/** Denies everything on a connection without TLS. */
export function tlsOnly({ arn }: S3Bucket): PolicyStatement {
  return {
    Sid: 'TlsOnly',
    Effect: 'Deny',
    Principal: '*',
    // Everything is denied on such a connection, so every action is named by *.
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
}

/** What a bucket that can't become public and has no ACLs consists of, beside itself. */
export interface ClosedBucket {
  readonly block: S3BucketPublicAccessBlock;
  readonly policy: S3BucketPolicy;
}

/** Closes a bucket of `scope`, as its children `PublicAccessBlock`, `Ownership` and `Policy`, of these statements. */
export function closeBucket(scope: Construct, { id: bucket }: S3Bucket, statements: PolicyStatement[]): ClosedBucket {
  const block = new S3BucketPublicAccessBlock(scope, 'PublicAccessBlock', {
    bucket,
    blockPublicAcls: true,
    blockPublicPolicy: true,
    ignorePublicAcls: true,
    restrictPublicBuckets: true,
  });
  new S3BucketOwnershipControls(scope, 'Ownership', { bucket, rule: { objectOwnership: 'BucketOwnerEnforced' } });
  const policy = new S3BucketPolicy(scope, 'Policy', {
    bucket,
    policy: policyDocument(...statements),
    // S3 answers one of two changes to a bucket's access at a time with a conflict.
    dependsOn: [block],
  });
  return { block, policy };
}

/** Encrypts what comes into a bucket of `scope`, as its child `Encryption`: by a key, or by S3's own. */
export function encryptBucket(scope: Construct, { id: bucket }: S3Bucket, encryption: EncryptionKey | 's3'): void {
  new S3BucketServerSideEncryptionConfigurationA(scope, 'Encryption', {
    bucket,
    rule: [
      encryption === 's3'
        ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
        : {
            applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: encryption.keyArn },
            // One data key for the bucket for a while, instead of a paid KMS request for each object.
            bucketKeyEnabled: true,
          },
    ],
  });
}
