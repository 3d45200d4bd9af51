import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import type { Construct } from 'constructs';
import type { ChannelScope, IModelStoreGrants, ModelScope } from '../../contracts';
import type { EncryptionKey } from '../encryption-key';
import { keyUse } from '../key-use';
import type { PodIdentity } from '../pod-identity';
import type { IGrantee, PolicyStatement } from '../policy-document';

interface GrantedStore extends Construct {
  readonly resource: S3Bucket;
  readonly key: EncryptionKey;
}

/** Who may use a model store. Nobody is granted a delete: what expires, expires by the bucket's lifecycle. */
export class ModelStoreGrants implements IModelStoreGrants<PodIdentity> {
  constructor(private readonly store: GrantedStore) {}

  read(grantee: IGrantee): void {
    grantee.addPolicy(`${this.store.node.id}Read`, this.reading('kms:Decrypt'));
  }

  write(grantee: IGrantee, { model = '*' }: ModelScope = {}): void {
    this.grantPuts(grantee, 'Write', [`${model}/versions/*`, `${model}/runs/*`]);
  }

  promote(grantee: IGrantee, { model = '*', channel = '*' }: ChannelScope = {}): void {
    this.grantPuts(grantee, 'Promote', [`${model}/channels/${channel}.json`]);
  }

  reportRollouts(grantee: IGrantee, { model = '*', channel }: ChannelScope = {}): void {
    this.grantPuts(grantee, 'ReportRollouts', [`${model}/rollouts/${channel ? `${channel}/` : ''}*`]);
  }

  /** A key's * takes slashes too: only a named model's is exactly what it says. */
  private grantPuts(grantee: IGrantee, verb: string, keys: readonly string[]): void {
    const { node, resource } = this.store;
    grantee.addPolicy(`${node.id}${verb}`, [
      ...this.reading('kms:Decrypt', 'kms:GenerateDataKey'),
      { Effect: 'Allow', Action: 's3:PutObject', Resource: keys.map((key) => `${resource.arn}/${key}`) },
    ]);
  }

  /** Every verb reads all of it: a version is checked before a channel points to it, a channel read before it moves. */
  private reading(...keyActions: string[]): PolicyStatement[] {
    const { resource, key } = this.store;
    return [
      // Without it, S3 answers for what isn't there that it is forbidden.
      { Effect: 'Allow', Action: 's3:ListBucket', Resource: resource.arn },
      // The trailing * is the objects of this bucket.
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: `${resource.arn}/*` },
      keyUse(this.store, { keyArn: key.keyArn, through: 's3', actions: keyActions }),
    ];
  }
}
