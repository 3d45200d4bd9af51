/**
 * Services that pods and nodes can reach by an interface endpoint, without a NAT gateway; S3 and DynamoDB have gateway
 * endpoints, which are free. Each costs $7.30 a month and zone, and $0.01 a GB (us-east-1, 2024-07).
 * Source: AWS PrivateLink guide, "AWS services that integrate with AWS PrivateLink".
 */
export const ENDPOINT_SERVICES = [
  /** Groups of instances: the cluster autoscaler. */
  'autoscaling',
  /** Nodes ask about themselves; the VPC CNI attaches addresses, the EBS driver volumes. */
  'ec2',
  /** Logins to the registry, and what an image consists of. */
  'ecr.api',
  /** Manifests of images; their layers come from S3. */
  'ecr.dkr',
  /** About clusters: Karpenter. */
  'eks',
  /** Credentials by Pod Identity. */
  'eks-auth',
  /** Load balancers: the AWS load balancer controller. */
  'elasticloadbalancing',
  /** EventBridge. */
  'events',
  /** Firehose. */
  'kinesis-firehose',
  /** Kinesis data streams. */
  'kinesis-streams',
  'kms',
  'lambda',
  /** CloudWatch Logs. */
  'logs',
  /** CloudWatch metrics. */
  'monitoring',
  /** SageMaker's control plane. */
  'sagemaker.api',
  /** SageMaker's endpoints. */
  'sagemaker.runtime',
  'secretsmanager',
  'sns',
  'sqs',
  /** Parameters, and Session Manager with the two after it. */
  'ssm',
  'ssmmessages',
  'ec2messages',
  /** Step Functions. */
  'states',
  /** Credentials by web identity, and who one is. */
  'sts',
  'xray',
] as const;

/** A service as `com.amazonaws.<region>.<service>` names it. */
export type EndpointService = (typeof ENDPOINT_SERVICES)[number];

/**
 * What EKS nodes without a NAT gateway can't do without; each zone with them costs $36.50 a month, a NAT gateway $32.85.
 * Source: EKS user guide, "Deploy private clusters with limited internet access".
 */
export const NODE_ENDPOINT_SERVICES = [
  'ec2',
  'ecr.api',
  'ecr.dkr',
  'eks-auth',
  'sts',
] as const satisfies readonly EndpointService[];
