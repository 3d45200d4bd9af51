/** IAM's prefix of a service that signs its requests by another name. */
export const PREFIXES: Readonly<Record<string, string>> = { monitoring: 'cloudwatch' };

/**
 * What IAM calls an operation of an API, where that is not the operation's own name; several where it asks for several.
 * Source: AWS' service authorization reference, and of S3 "Required permissions for Amazon S3 API operations".
 */
export const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  'budgets:CreateBudget': ['ModifyBudget'],
  'budgets:CreateNotification': ['ModifyBudget'],
  'budgets:DeleteBudget': ['ModifyBudget'],
  'budgets:DescribeBudget': ['ViewBudget'],
  'budgets:DescribeNotificationsForBudget': ['ViewBudget'],
  'budgets:DescribeSubscribersForNotification': ['ViewBudget'],
  'cloudfront:CreateDistributionWithTags': ['CreateDistribution'],
  's3:DeleteBucketEncryption': ['PutEncryptionConfiguration'],
  's3:DeleteBucketLifecycle': ['PutLifecycleConfiguration'],
  's3:DeleteBucketOwnershipControls': ['PutBucketOwnershipControls'],
  's3:DeleteBucketReplication': ['PutReplicationConfiguration'],
  's3:DeleteObjects': ['DeleteObject', 'DeleteObjectVersion'],
  's3:DeletePublicAccessBlock': ['PutBucketPublicAccessBlock'],
  's3:GetBucketAccelerateConfiguration': ['GetAccelerateConfiguration'],
  's3:GetBucketCors': ['GetBucketCORS'],
  's3:GetBucketEncryption': ['GetEncryptionConfiguration'],
  's3:GetBucketLifecycle': ['GetLifecycleConfiguration'],
  's3:GetBucketReplication': ['GetReplicationConfiguration'],
  's3:GetObjectLockConfiguration': ['GetBucketObjectLockConfiguration'],
  's3:GetPublicAccessBlock': ['GetBucketPublicAccessBlock'],
  's3:HeadBucket': ['ListBucket'],
  's3:ListObjectVersions': ['ListBucketVersions'],
  's3:PutBucketEncryption': ['PutEncryptionConfiguration'],
  's3:PutBucketLifecycle': ['PutLifecycleConfiguration'],
  's3:PutBucketReplication': ['PutReplicationConfiguration'],
  's3:PutObjectLockConfiguration': ['PutBucketObjectLockConfiguration'],
  's3:PutPublicAccessBlock': ['PutBucketPublicAccessBlock'],
};
