/** A rule that AWS keeps, with what it is given. */
export interface ManagedConfigRule {
  /** As AWS Config names it: `S3_BUCKET_SSL_REQUESTS_ONLY`. */
  readonly identifier: string;
  /** @default {} */
  readonly parameters?: Readonly<Record<string, string>>;
}

/**
 * What our own constructs promise, as rules of AWS': a finding says that somebody changed it by hand. By logical id.
 * Source: "List of AWS Config Managed Rules", AWS' documentation.
 */
export const MANAGED_CONFIG_RULES = {
  BucketsRefuseReaders: { identifier: 'S3_BUCKET_PUBLIC_READ_PROHIBITED' },
  BucketsRefuseWriters: { identifier: 'S3_BUCKET_PUBLIC_WRITE_PROHIBITED' },
  BucketsEncrypt: { identifier: 'S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED' },
  BucketsTakeTlsOnly: { identifier: 'S3_BUCKET_SSL_REQUESTS_ONLY' },
  BucketsKeepVersions: { identifier: 'S3_BUCKET_VERSIONING_ENABLED' },
  KeysRotate: { identifier: 'CMK_BACKING_KEY_ROTATION_ENABLED' },
  KeysStay: { identifier: 'KMS_CMK_NOT_SCHEDULED_FOR_DELETION' },
  VolumesEncrypt: { identifier: 'ENCRYPTED_VOLUMES' },
  DatabasesEncrypt: { identifier: 'RDS_STORAGE_ENCRYPTED' },
  DatabasesArePrivate: { identifier: 'RDS_INSTANCE_PUBLIC_ACCESS_CHECK' },
  DatabasesRefuseDeletion: { identifier: 'RDS_INSTANCE_DELETION_PROTECTION_ENABLED' },
  ClustersEncryptSecrets: { identifier: 'EKS_SECRETS_ENCRYPTED' },
  FlowLogsAreKept: { identifier: 'VPC_FLOW_LOGS_ENABLED' },
  DefaultGroupsAreClosed: { identifier: 'VPC_DEFAULT_SECURITY_GROUP_CLOSED' },
  SshIsClosed: { identifier: 'INCOMING_SSH_DISABLED' },
  InstancesWantTokens: { identifier: 'EC2_IMDSV2_CHECK' },
  TrailIsOn: { identifier: 'CLOUD_TRAIL_ENABLED' },
  TrailIsValidated: { identifier: 'CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED' },
  RootHasNoKeys: { identifier: 'IAM_ROOT_ACCESS_KEY_CHECK' },
  RootUsesMfa: { identifier: 'ROOT_ACCOUNT_MFA_ENABLED' },
  PoliciesGrantNoAdmin: { identifier: 'IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS' },
  OwnersAreNamed: { identifier: 'REQUIRED_TAGS', parameters: { tag1Key: 'owner', tag2Key: 'environment' } },
} as const satisfies Readonly<Record<string, ManagedConfigRule>>;
