import type { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { Construct } from 'constructs';
import { keepForGood, MODEL_VERSIONS_STAY } from '../../../src/guards/kept-for-good';
import type { IModelStore } from '../../contracts';
import { EncryptionKey } from '../encryption-key';
import type { PodIdentity } from '../pod-identity';
import type { AccessLogBucket } from '../storage/access-log-bucket';
import type { ObjectLock } from '../storage/object-lock';
import { PrivateBucket } from '../storage/private-bucket';
import { agingRules, type ModelAging } from './model-aging';
import { ModelStoreGrants } from './model-store-grants';
import { ModelStoreReplication, type ReplicaBucket } from './model-store-replication';

export interface ModelStoreProps {
  /** Name of the bucket: 3 to 63 lowercase letters, digits and hyphens, unique in all of AWS. */
  readonly bucketName: string;
  /**
   * Refuses a destroy of the bucket and its key. Without it, a destroy takes every object along.
   * @default true
   */
  readonly protection?: boolean;
  /**
   * Days that an overwritten or deleted object can be brought back.
   * @default 90
   */
  readonly noncurrentVersionDays?: number;
  /**
   * What becomes of versions and runs as they age.
   * @default - they stay as they are
   */
  readonly aging?: ModelAging;
  /**
   * Keeps every object from being deleted for a time; only for a bucket that isn't there yet.
   * @default - who may delete, deletes; nobody is granted it
   */
  readonly objectLock?: ObjectLock;
  /**
   * Where S3 writes who asked for what.
   * @default - nowhere
   */
  readonly accessLogs?: AccessLogBucket;
  /**
   * The bucket of another region that every new object is copied to. It needs an object lock where this one has one.
   * @default - none
   */
  readonly replicateTo?: ReplicaBucket;
}

/** The bucket that model versions are kept in: versioned, encrypted by a key of its own, over TLS only, never public. */
export class ModelStore extends Construct implements IModelStore<PodIdentity> {
  readonly resource: S3Bucket;
  readonly key: EncryptionKey;
  readonly modelStoreUrl: string;
  readonly grants: ModelStoreGrants;
  readonly replication?: ModelStoreReplication;

  constructor(scope: Construct, id: string, props: ModelStoreProps) {
    super(scope, id);
    const { bucketName, protection = true, noncurrentVersionDays = 90, aging, objectLock } = props;
    this.key = new EncryptionKey(this, 'Key', {
      aliasName: bucketName,
      description: `Objects of the bucket ${bucketName}`,
      protection,
    });
    const bucket = new PrivateBucket(this, 'Default', {
      bucketName,
      encryption: this.key,
      protection,
      noncurrentVersionDays,
      lifecycle: aging && agingRules(aging, this),
      objectLock,
    });
    this.resource = bucket.resource;
    this.modelStoreUrl = `s3://${this.resource.bucket}`;
    props.accessLogs?.collect(this, this.resource);
    this.replication = this.addReplication(props, bucket);
    keepForGood(this, MODEL_VERSIONS_STAY);
    this.grants = new ModelStoreGrants(this);
  }

  private addReplication(
    { bucketName, replicateTo, objectLock }: ModelStoreProps,
    { versioning }: PrivateBucket,
  ): ModelStoreReplication | undefined {
    if (!replicateTo) return undefined;
    const { key, resource } = this;
    return new ModelStoreReplication(this, 'Replication', {
      bucketName,
      source: resource,
      key,
      replica: replicateTo,
      locked: objectLock !== undefined,
      versioning,
    });
  }
}
