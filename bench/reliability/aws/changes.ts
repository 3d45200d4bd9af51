import type { AwsCall, StateResource } from '@cdktf-recommender/rehearsal';

/** A change that somebody makes in the account, behind Terraform's back. */
export interface OutOfBandChange {
  readonly what: string;
  /** Type of the resource that a plan must name. */
  readonly type: string;
  /** Part of its address, where there are several of the type. @default '' */
  readonly part?: string;
  readonly calls: (deployed: Deployed) => readonly AwsCall[];
}

type Parameters = Readonly<Record<string, unknown>>;

/** What is deployed, for the calls that change it. */
export class Deployed {
  constructor(private readonly resources: readonly StateResource[]) {}

  /** An attribute of the one resource of a type, or of the first whose address has `part` in it. */
  get(type: string, attribute: string, part = ''): string {
    const found = this.resources.find((resource) => resource.type === type && resource.address.includes(part));
    const value = found?.attributes[attribute];
    if (typeof value !== 'string') throw new Error(`the state has no ${attribute} of ${type} ${part}`);
    return value;
  }

  readonly bucket = () => ({ Bucket: this.get('aws_s3_bucket', 'bucket') });
  readonly key = () => ({ KeyId: this.get('aws_kms_key', 'key_id', 'ModelStore') });
  readonly cluster = () => this.get('aws_eks_cluster', 'name');
  readonly reader = () => ({ RoleName: this.get('aws_iam_role', 'name', 'ModelServerIdentity') });
}

const call = (service: string, operation: string, parameters: Parameters): AwsCall[] => [
  { service, operation, parameters },
];
const policy = (...statements: Parameters[]) => JSON.stringify({ Version: '2012-10-17', Statement: statements });

const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };
const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
const WORLD = '0.0.0.0/0';

const STORE: OutOfBandChange[] = [
  {
    what: 'public access to the model store is no longer blocked',
    type: 'aws_s3_bucket_public_access_block',
    calls: ({ bucket }) => call('s3', 'delete_public_access_block', bucket()),
  },
  {
    what: 'the model store no longer keeps versions',
    type: 'aws_s3_bucket_versioning',
    calls: ({ bucket }) =>
      call('s3', 'put_bucket_versioning', { ...bucket(), VersioningConfiguration: { Status: 'Suspended' } }),
  },
  {
    what: 'the model store expires everything after a day',
    type: 'aws_s3_bucket_lifecycle_configuration',
    calls: ({ bucket }) => {
      const Rules = [{ ID: 'by-hand', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }];
      return call('s3', 'put_bucket_lifecycle_configuration', { ...bucket(), LifecycleConfiguration: { Rules } });
    },
  },
  {
    what: 'the model store answers without TLS',
    type: 'aws_s3_bucket_policy',
    calls: ({ bucket }) => call('s3', 'delete_bucket_policy', bucket()),
  },
  {
    what: "the model store's policy lets anybody read",
    type: 'aws_s3_bucket_policy',
    calls: ({ bucket }) => {
      const Resource = `arn:aws:s3:::${bucket().Bucket}/*`;
      const open = policy({ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource });
      return call('s3', 'put_bucket_policy', { ...bucket(), Policy: open });
    },
  },
  {
    what: "the model store encrypts with the service's own key",
    type: 'aws_s3_bucket_server_side_encryption_configuration',
    calls: ({ bucket }) => {
      const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }];
      const ServerSideEncryptionConfiguration = { Rules };
      return call('s3', 'put_bucket_encryption', { ...bucket(), ServerSideEncryptionConfiguration });
    },
  },
  {
    what: "the model store's objects belong to who writes them",
    type: 'aws_s3_bucket_ownership_controls',
    calls: ({ bucket }) => {
      const OwnershipControls = { Rules: [{ ObjectOwnership: 'ObjectWriter' }] };
      return call('s3', 'put_bucket_ownership_controls', { ...bucket(), OwnershipControls });
    },
  },
  {
    what: 'the model store has lost its tags',
    type: 'aws_s3_bucket',
    calls: ({ bucket }) => call('s3', 'delete_bucket_tagging', bucket()),
  },
];

const KEYS: OutOfBandChange[] = [
  {
    what: "the model store's key may be used by anybody",
    type: 'aws_kms_key',
    part: 'ModelStore',
    calls: ({ key }) => {
      const Policy = policy({ ...EVERYTHING, Action: 'kms:*', Principal: '*' });
      return call('kms', 'put_key_policy', { ...key(), PolicyName: 'default', Policy });
    },
  },
  {
    what: "the model store's key is no longer rotated",
    type: 'aws_kms_key',
    part: 'ModelStore',
    calls: ({ key }) => call('kms', 'disable_key_rotation', key()),
  },
  {
    what: "the model store's alias is another key's",
    type: 'aws_kms_alias',
    part: 'ModelStore',
    calls: (deployed) =>
      call('kms', 'update_alias', {
        AliasName: deployed.get('aws_kms_alias', 'name', 'ModelStore'),
        TargetKeyId: deployed.get('aws_kms_key', 'key_id', 'Cluster'),
      }),
  },
];

const PERMISSIONS: OutOfBandChange[] = [
  {
    what: "the model server's role is an administrator",
    type: 'aws_iam_role_policy_attachments_exclusive',
    part: 'ModelServerIdentity',
    calls: ({ reader }) => call('iam', 'attach_role_policy', { ...reader(), PolicyArn: ADMINISTRATOR }),
  },
  {
    what: "the model server's role has one more inline policy",
    type: 'aws_iam_role_policies_exclusive',
    part: 'ModelServerIdentity',
    calls: ({ reader }) =>
      call('iam', 'put_role_policy', { ...reader(), PolicyName: 'by-hand', PolicyDocument: policy(EVERYTHING) }),
  },
  {
    what: "the model server's role may do more than read",
    type: 'aws_iam_role_policy',
    part: 'ModelServerIdentity',
    calls: (deployed) =>
      call('iam', 'put_role_policy', {
        ...deployed.reader(),
        PolicyName: deployed.get('aws_iam_role_policy', 'name', 'ModelServerIdentity'),
        PolicyDocument: policy(EVERYTHING),
      }),
  },
  {
    what: "the model server's role may be assumed from another account",
    type: 'aws_iam_role',
    part: 'ModelServerIdentity',
    calls: ({ reader }) => {
      const trust = policy({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: '999999999999' } });
      return call('iam', 'update_assume_role_policy', { ...reader(), PolicyDocument: trust });
    },
  },
  {
    what: "the model server's role has another owner by its tags",
    type: 'aws_iam_role',
    part: 'ModelServerIdentity',
    calls: ({ reader }) => call('iam', 'tag_role', { ...reader(), Tags: [{ Key: 'owner', Value: 'nobody' }] }),
  },
  {
    what: 'the nodes can no longer join',
    type: 'aws_iam_role_policy_attachment',
    part: 'WorkerNodePolicy',
    calls: (deployed) =>
      call('iam', 'detach_role_policy', {
        RoleName: deployed.get('aws_iam_role', 'name', 'NodeGroup'),
        PolicyArn: deployed.get('aws_iam_role_policy_attachment', 'policy_arn', 'WorkerNodePolicy'),
      }),
  },
];

const CLUSTER: OutOfBandChange[] = [
  {
    what: "the API server's endpoint is open to the world",
    type: 'aws_eks_cluster',
    calls: ({ cluster }) => {
      const resourcesVpcConfig = { publicAccessCidrs: [WORLD] };
      return call('eks', 'update_cluster_config', { name: cluster(), resourcesVpcConfig });
    },
  },
  {
    what: 'the API server no longer logs who asks for what',
    type: 'aws_eks_cluster',
    calls: ({ cluster }) => {
      const types = ['api', 'audit', 'authenticator'];
      const logging = { clusterLogging: [{ types, enabled: false }] };
      return call('eks', 'update_cluster_config', { name: cluster(), logging });
    },
  },
  {
    what: 'volumes have lost their driver',
    type: 'aws_eks_addon',
    part: 'EbsCsiDriver',
    calls: ({ cluster }) => call('eks', 'delete_addon', { clusterName: cluster(), addonName: 'aws-ebs-csi-driver' }),
  },
  {
    what: 'network policies are no longer enforced',
    type: 'aws_eks_addon',
    part: 'VpcCni',
    calls: ({ cluster }) => {
      const configurationValues = JSON.stringify({ enableNetworkPolicy: 'false' });
      return call('eks', 'update_addon', { clusterName: cluster(), addonName: 'vpc-cni', configurationValues });
    },
  },
  {
    what: 'the model server no longer has its role',
    type: 'aws_eks_pod_identity_association',
    part: 'ModelServerIdentity',
    calls: (deployed) =>
      call('eks', 'delete_pod_identity_association', {
        clusterName: deployed.cluster(),
        associationId: deployed.get('aws_eks_pod_identity_association', 'association_id', 'ModelServerIdentity'),
      }),
  },
  {
    what: "the model server acts as the sync job's role",
    type: 'aws_eks_pod_identity_association',
    part: 'ModelServerIdentity',
    calls: (deployed) =>
      call('eks', 'update_pod_identity_association', {
        clusterName: deployed.cluster(),
        associationId: deployed.get('aws_eks_pod_identity_association', 'association_id', 'ModelServerIdentity'),
        roleArn: deployed.get('aws_iam_role', 'arn', 'SyncIdentity'),
      }),
  },
  {
    what: 'the administrators are none any more',
    type: 'aws_eks_access_policy_association',
    calls: (deployed) =>
      call('eks', 'disassociate_access_policy', {
        clusterName: deployed.cluster(),
        principalArn: deployed.get('aws_eks_access_policy_association', 'principal_arn'),
        policyArn: deployed.get('aws_eks_access_policy_association', 'policy_arn'),
      }),
  },
];

const NETWORK: OutOfBandChange[] = [
  {
    what: "the VPC's default security group lets everybody in",
    type: 'aws_default_security_group',
    calls: (deployed) =>
      call('ec2', 'authorize_security_group_ingress', {
        GroupId: deployed.get('aws_default_security_group', 'id'),
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: WORLD }] }],
      }),
  },
  {
    what: 'nodes have no way out',
    type: 'aws_route',
    part: 'Private1',
    calls: (deployed) =>
      call('ec2', 'delete_route', {
        RouteTableId: deployed.get('aws_route', 'route_table_id', 'Private1'),
        DestinationCidrBlock: WORLD,
      }),
  },
  {
    // Moved to another table instead, it would be found too, but AWS refuses to associate it before the other goes.
    what: "an isolated subnet has the VPC's main routes",
    type: 'aws_route_table_association',
    part: 'Isolated1',
    calls: (deployed) =>
      call('ec2', 'disassociate_route_table', {
        AssociationId: deployed.get('aws_route_table_association', 'id', 'Isolated1'),
      }),
  },
  {
    what: 'what starts in a private subnet gets a public address',
    type: 'aws_subnet',
    part: 'Private1',
    calls: (deployed) =>
      call('ec2', 'modify_subnet_attribute', {
        SubnetId: deployed.get('aws_subnet', 'id', 'Private1'),
        MapPublicIpOnLaunch: { Value: true },
      }),
  },
  {
    what: 'rejected connections are no longer recorded',
    type: 'aws_flow_log',
    calls: (deployed) => call('ec2', 'delete_flow_logs', { FlowLogIds: [deployed.get('aws_flow_log', 'id')] }),
  },
  {
    what: "the cluster's log is kept for a day",
    type: 'aws_cloudwatch_log_group',
    part: 'Cluster',
    calls: (deployed) =>
      call('logs', 'put_retention_policy', {
        logGroupName: deployed.get('aws_cloudwatch_log_group', 'name', 'Cluster'),
        retentionInDays: 1,
      }),
  },
];

const COST: OutOfBandChange[] = [
  {
    what: 'the budget is gone',
    type: 'aws_budgets_budget',
    calls: (deployed) =>
      call('budgets', 'delete_budget', {
        AccountId: deployed.get('aws_budgets_budget', 'account_id'),
        BudgetName: deployed.get('aws_budgets_budget', 'name'),
      }),
  },
];

export const CHANGES: readonly OutOfBandChange[] = [...STORE, ...KEYS, ...PERMISSIONS, ...CLUSTER, ...NETWORK, ...COST];
