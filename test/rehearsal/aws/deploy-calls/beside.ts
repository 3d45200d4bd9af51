import { ACCOUNT_ID as ACCOUNT, REGION } from '../account';

/** What IAM asks for beside a call's own action, because the service does something in the caller's name. */
export interface Beside {
  readonly actions: readonly string[];
  /** @default '*' */
  readonly resource?: string;
  readonly context?: Readonly<Record<string, string>>;
  /** Only when the call has a parameter with such a name. @default - always */
  readonly when?: RegExp;
  /** Only when the call's parameters have these values. @default - always */
  readonly given?: Readonly<Record<string, string>>;
}

/** The role that a service makes for itself, once an account. Source: "AWS services that work with IAM" in IAM's user guide */
const ownRole = (service: string, when?: RegExp): Beside => ({
  actions: ['iam:CreateServiceLinkedRole'],
  resource: `arn:aws:iam::${ACCOUNT}:role/aws-service-role/${service}/0`,
  context: { 'iam:AWSServiceName': service },
  when,
});

/** The service uses the key in the caller's name. Source: each service's page on encryption, by `kms:ViaService` */
const ownKey = (service: string, actions: readonly string[], when = /kms|keyarn|keyid|masterkey/i): Beside => ({
  actions: actions.map((action) => `kms:${action}`),
  resource: `arn:aws:kms:${REGION}:${ACCOUNT}:key/0`,
  context: {
    'aws:ResourceTag/environment': 'prod',
    'aws:ResourceTag/project': 'shop',
    'kms:ViaService': `${service}.${REGION}.amazonaws.com`,
    ...(actions.includes('CreateGrant') && { 'kms:GrantIsForAWSResource': 'true' }),
  },
  when,
});

const looksAt = (...names: readonly string[]): Beside => ({ actions: names.map((name) => `ec2:Describe${name}`) });

/** Source: CloudWatch Logs' user guide, "Enable logging from AWS services" */
const LOG_DELIVERY: Beside = {
  actions: [
    'logs:CreateLogDelivery',
    'logs:DeleteLogDelivery',
    'logs:DescribeLogGroups',
    'logs:DescribeResourcePolicies',
    'logs:GetLogDelivery',
    'logs:ListLogDeliveries',
    'logs:PutResourcePolicy',
    'logs:UpdateLogDelivery',
  ],
};

/**
 * Whoever makes what launches machines from a template must be allowed to launch them.
 * Source: EC2 Auto Scaling's user guide, "Control Amazon EC2 launch template usage in Auto Scaling groups"
 */
const LAUNCHES: readonly Beside[] = [
  { actions: ['ec2:RunInstances'], resource: `arn:aws:ec2:${REGION}::image/0`, when: /launchtemplate/i },
  ...['instance', 'launch-template', 'network-interface', 'security-group', 'subnet', 'volume'].map((type) => ({
    actions: ['ec2:RunInstances'],
    resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:${type}/0`,
    context: { 'ec2:Encrypted': 'true', 'ec2:MetadataHttpTokens': 'required' },
    when: /launchtemplate/i,
  })),
  {
    actions: ['ec2:CreateTags'],
    resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/0`,
    context: { 'ec2:CreateAction': 'RunInstances' },
    when: /launchtemplate/i,
  },
];

/** A function's image is read, and its repository opened to Lambda. Source: Lambda's developer guide, "Amazon ECR permissions" */
const FUNCTION_IMAGE: Beside = {
  actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:GetRepositoryPolicy', 'ecr:SetRepositoryPolicy'],
  resource: `arn:aws:ecr:${REGION}:${ACCOUNT}:repository/shop-functions`,
  when: /imageuri/i,
};

/**
 * Application Auto Scaling has a role for each service that it scales, and asks whether the caller could do it himself.
 * Source: its user guide, "Service-linked roles" and "Identity-based policy examples"
 */
const scales = (service: string, asked: readonly Beside[] = []): Beside[] =>
  [ownRole(`${service}.application-autoscaling.amazonaws.com`), ...asked].map((one) => ({
    ...one,
    given: { ServiceNamespace: service },
  }));

const SCALES_ENDPOINTS: readonly Beside[] = [
  {
    actions: ['DescribeEndpoint', 'UpdateEndpointWeightsAndCapacities'].map((action) => `sagemaker:${action}`),
    resource: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint/shop-prod`,
  },
  {
    actions: ['sagemaker:DescribeEndpointConfig'],
    resource: `arn:aws:sagemaker:${REGION}:${ACCOUNT}:endpoint-config/shop-prod-0`,
  },
];

/** Source: SageMaker's developer guide, "API Permissions: Actions, Permissions, and Resources Reference" */
const NOTEBOOK: readonly Beside[] = [
  ownKey('sagemaker', ['CreateGrant', 'DescribeKey']),
  looksAt('SecurityGroups', 'Subnets', 'Vpcs'),
  {
    actions: ['ec2:CreateNetworkInterface'],
    resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:network-interface/0`,
    when: /subnetid/i,
  },
  ...['security-group', 'subnet'].map((type) => ({
    actions: ['ec2:CreateNetworkInterface'],
    resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:${type}/0`,
    context: { 'aws:ResourceTag/environment': 'prod', 'aws:ResourceTag/project': 'shop' },
    when: /subnetid/i,
  })),
];

export const BESIDE: Readonly<Record<string, readonly Beside[]>> = {
  'application-autoscaling:RegisterScalableTarget': [...scales('ecs'), ...scales('sagemaker', SCALES_ENDPOINTS)],
  'apigateway:CreateStage': [{ ...LOG_DELIVERY, when: /accesslog/i }],
  'apigateway:CreateVpcLink': [ownRole('ops.apigateway.amazonaws.com'), looksAt('SecurityGroups', 'Subnets', 'Vpcs')],
  'autoscaling:CreateAutoScalingGroup': [ownRole('autoscaling.amazonaws.com'), ...LAUNCHES],
  'backup:CreateBackupVault': [
    ownKey('backup', ['CreateGrant', 'Decrypt', 'DescribeKey', 'GenerateDataKey'], /encryptionkey/i),
    { actions: ['backup-storage:MountCapsule'] },
  ],
  'backup:CreateRestoreTestingPlan': [ownRole('restore-testing.backup.amazonaws.com')],
  'cloudfront:CreateDistributionWithTags': [
    { actions: ['cloudfront:TagResource'], resource: `arn:aws:cloudfront::${ACCOUNT}:distribution/0` },
  ],
  'cloudfront:CreateVpcOrigin': [ownRole('vpcorigin.cloudfront.amazonaws.com')],
  'config:PutConfigurationRecorder': [ownRole('config.amazonaws.com')],
  'dynamodb:CreateTable': [ownKey('dynamodb', ['CreateGrant', 'Decrypt', 'DescribeKey'])],
  'ecs:CreateCluster': [ownRole('ecs.amazonaws.com')],
  'ec2:CreateFlowLogs': [LOG_DELIVERY],
  'eks:CreateCluster': [
    ownRole('eks.amazonaws.com'),
    ownKey('eks', ['CreateGrant', 'DescribeKey'], /keyarn/i),
    looksAt('SecurityGroups', 'Subnets', 'Vpcs'),
  ],
  'eks:CreateNodegroup': [ownRole('eks-nodegroup.amazonaws.com'), ...LAUNCHES],
  'elasticache:CreateReplicationGroup': [
    ownRole('elasticache.amazonaws.com'),
    ownKey('elasticache', ['CreateGrant', 'DescribeKey']),
    looksAt('SecurityGroups', 'Subnets', 'Vpcs'),
  ],
  'elasticloadbalancing:CreateListener': [
    {
      actions: ['elasticloadbalancing:AddTags'],
      resource: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:listener/app/shop-prod/0/0`,
    },
  ],
  'elasticloadbalancing:CreateLoadBalancer': [
    ownRole('elasticloadbalancing.amazonaws.com'),
    looksAt('AccountAttributes', 'InternetGateways', 'SecurityGroups', 'Subnets', 'Vpcs'),
  ],
  'guardduty:CreateDetector': [ownRole('guardduty.amazonaws.com')],
  'iam:CreateOpenIDConnectProvider': [
    {
      actions: ['iam:TagOpenIDConnectProvider'],
      resource: `arn:aws:iam::${ACCOUNT}:oidc-provider/eastus.oic.prod-aks.azure.com/tenant/cluster/`,
      when: /^tags\./i,
    },
  ],
  'inspector2:Enable': [ownRole('inspector2.amazonaws.com')],
  'kafka:CreateClusterV2': [
    ownRole('kafka.amazonaws.com'),
    looksAt('RouteTables', 'SecurityGroups', 'Subnets', 'VpcAttribute', 'VpcEndpoints', 'Vpcs'),
    // Source: the managed policy AmazonMSKFullAccess
    {
      actions: ['ec2:CreateVpcEndpoint'],
      resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:vpc-endpoint/0`,
      context: { 'aws:RequestTag/AWSMSKManaged': 'true' },
    },
    {
      actions: ['ec2:CreateTags'],
      resource: `arn:aws:ec2:${REGION}:${ACCOUNT}:vpc-endpoint/0`,
      context: { 'aws:RequestTag/AWSMSKManaged': 'true', 'ec2:CreateAction': 'CreateVpcEndpoint' },
    },
  ],
  'kinesis:StartStreamEncryption': [ownKey('kinesis', ['DescribeKey'])],
  'lambda:CreateFunction': [
    looksAt('SecurityGroups', 'Subnets', 'Vpcs'),
    FUNCTION_IMAGE,
    ownKey('lambda', ['CreateGrant', 'Decrypt', 'DescribeKey', 'GenerateDataKey']),
  ],
  'rds:CreateDBInstance': [
    ownRole('rds.amazonaws.com'),
    ownKey('rds', ['CreateGrant', 'DescribeKey']),
    looksAt('SecurityGroups', 'Subnets', 'Vpcs'),
    {
      actions: ['secretsmanager:CreateSecret', 'secretsmanager:TagResource'],
      resource: `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:rds!db-0`,
      when: /managemasteruserpassword/i,
    },
    ownKey('secretsmanager', ['CreateGrant', 'Decrypt', 'DescribeKey', 'GenerateDataKey'], /masterusersecretkms/i),
  ],
  // An endpoint's configuration names the key: the endpoint's own call doesn't.
  'sagemaker:CreateEndpoint': [ownKey('sagemaker', ['CreateGrant'], /^endpointconfigname$/i)],
  'sagemaker:CreateNotebookInstance': NOTEBOOK,
  'secretsmanager:CreateSecret': [ownKey('secretsmanager', ['Decrypt', 'GenerateDataKey'])],
  'securityhub:EnableSecurityHub': [ownRole('securityhub.amazonaws.com')],
  'states:CreateStateMachine': [LOG_DELIVERY],
  'wafv2:AssociateWebACL': [{ actions: ['elasticloadbalancing:SetWebAcl'] }],
  'wafv2:PutLoggingConfiguration': [ownRole('wafv2.amazonaws.com'), LOG_DELIVERY],
};

/** What sets tags with a creation, where it is not `TagResource`. */
export const TAGS_BY: Readonly<Record<string, string>> = {
  acm: 'AddTagsToCertificate',
  autoscaling: 'CreateOrUpdateTags',
  cloudtrail: 'AddTags',
  dms: 'AddTagsToResource',
  ec2: 'CreateTags',
  elasticache: 'AddTagsToResource',
  elasticloadbalancing: 'AddTags',
  firehose: 'TagDeliveryStream',
  'iam:CreateInstanceProfile': 'TagInstanceProfile',
  'iam:CreateRole': 'TagRole',
  kinesis: 'AddTagsToStream',
  rds: 'AddTagsToResource',
  sagemaker: 'AddTags',
  sqs: 'TagQueue',
  ssm: 'AddTagsToResource',
};
