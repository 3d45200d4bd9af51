import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { Construct } from 'constructs';
import type { IModelStoreGrants } from '../contracts';
import { AwsAccount } from './aws-account';
import type { EncryptionKey } from './encryption-key';
import type { PodIdentity } from './pod-identity';
import type { IGrantee, PolicyStatement } from './policy-document';

interface GrantedStore extends Construct {
  readonly resource: S3Bucket;
  readonly key: EncryptionKey;
}

/** Who may use a model store. Nobody is granted a delete: what expires, expires by the bucket's lifecycle. */
export class ModelStoreGrants implements IModelStoreGrants<PodIdentity> {
  constructor(private readonly store: GrantedStore) {}

  read(grantee: IGrantee): void {
    grantee.addPolicy(`${this.store.node.id}Read`, this.statements(['s3:GetObject'], ['kms:Decrypt']));
  }

  readWrite(grantee: IGrantee): void {
    grantee.addPolicy(
      `${this.store.node.id}ReadWrite`,
      this.statements(
        ['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload'],
        ['kms:Decrypt', 'kms:GenerateDataKey'],
      ),
    );
  }

  private statements(objectActions: string[], keyActions: string[]): PolicyStatement[] {
    const { resource, key } = this.store;
    return [
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: resource.arn },
      // The trailing * is the objects of this bucket.
      { Effect: 'Allow', Action: objectActions, Resource: `${resource.arn}/*` },
      {
        Effect: 'Allow',
        Action: keyActions,
        Resource: key.keyArn,
        Condition: { StringEquals: { 'kms:ViaService': `s3.${AwsAccount.of(this.store).region}.amazonaws.com` } },
      },
    ];
  }
}
