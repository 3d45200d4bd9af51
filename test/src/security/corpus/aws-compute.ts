import { ACCOUNT, type Corpus, CREDENTIAL, cases, KEY, REMOVED } from './corpus';

const CLUSTER = {
  'aws_eks_cluster.Cluster': {
    name: 'shop',
    role_arn: `arn:aws:iam::${ACCOUNT}:role/cluster`,
    enabled_cluster_log_types: ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'],
    encryption_config: { resources: ['secrets'], provider: { key_arn: KEY } },
    vpc_config: {
      subnet_ids: ['subnet-1', 'subnet-2'],
      endpoint_public_access: true,
      public_access_cidrs: ['203.0.113.0/24'],
    },
  },
};
const NODES = {
  'aws_eks_node_group.Nodes': {
    cluster_name: 'shop',
    node_role_arn: `arn:aws:iam::${ACCOUNT}:role/node`,
    subnet_ids: ['subnet-1'],
    scaling_config: { min_size: 2, max_size: 4, desired_size: 2 },
    remote_access: { ec2_ssh_key: 'ops', source_security_group_ids: ['sg-1'] },
  },
};
const TEMPLATE = {
  'aws_launch_template.Nodes': {
    name: 'nodes',
    metadata_options: { http_tokens: 'required', http_put_response_hop_limit: 1 },
    user_data: Buffer.from('#!/bin/sh\necho started').toString('base64'),
  },
};
const INSTANCE = {
  'aws_instance.Machine': {
    ami: 'ami-1',
    instance_type: 't4g.small',
    associate_public_ip_address: false,
    metadata_options: { http_tokens: 'required' },
  },
};
const FUNCTION_URL = { 'aws_lambda_function_url.Url': { function_name: 'report', authorization_type: 'AWS_IAM' } };
const PERMISSION = {
  'aws_lambda_permission.Schedule': {
    function_name: 'report',
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    source_arn: `arn:aws:events:us-east-1:${ACCOUNT}:rule/daily`,
  },
};
const FUNCTION = {
  'aws_lambda_function.Report': {
    function_name: 'report',
    role: `arn:aws:iam::${ACCOUNT}:role/report`,
    kms_key_arn: KEY,
    environment: { variables: { LEVEL: 'info' } },
  },
};
const container = (more: object) =>
  JSON.stringify([{ name: 'server', image: 'shop', readonlyRootFilesystem: true, environment: [], ...more }]);
const TASK = { 'aws_ecs_task_definition.Server': { family: 'server', container_definitions: container({}) } };
const PROJECT = {
  'aws_codebuild_project.Image': {
    name: 'image',
    encryption_key: KEY,
    artifacts: { type: 'S3', location: 'artifacts' },
    environment: { type: 'ARM_CONTAINER', environment_variable: [{ name: 'STAGE', value: 'prod' }] },
  },
};
const NOTEBOOK = {
  'aws_sagemaker_notebook_instance.Notebook': {
    name: 'analysis',
    instance_type: 'ml.t3.medium',
    direct_internet_access: 'Disabled',
    root_access: 'Disabled',
    kms_key_id: KEY,
    subnet_id: 'subnet-1',
  },
};

export const AWS_COMPUTE: Corpus = {
  'AWS-EKS-001': cases(CLUSTER, [{ encryption_config: REMOVED }]),
  'AWS-EKS-002': cases(
    CLUSTER,
    [
      { 'vpc_config.public_access_cidrs': ['0.0.0.0/0'] },
      { 'vpc_config.public_access_cidrs': REMOVED },
      { 'vpc_config.public_access_cidrs': REMOVED, 'vpc_config.endpoint_public_access': REMOVED },
    ],
    [{ 'vpc_config.public_access_cidrs': REMOVED, 'vpc_config.endpoint_public_access': false }],
  ),
  'AWS-EKS-003': cases(CLUSTER, [
    { enabled_cluster_log_types: ['api', 'audit'] },
    { enabled_cluster_log_types: REMOVED },
  ]),
  'AWS-EKS-004': cases(NODES, [{ 'remote_access.source_security_group_ids': REMOVED }], [{ remote_access: REMOVED }]),
  'AWS-EC2-001': cases(
    TEMPLATE,
    [
      { 'metadata_options.http_tokens': 'optional' },
      { metadata_options: REMOVED },
      {
        'aws_instance.Machine': { ...INSTANCE['aws_instance.Machine'], metadata_options: { http_tokens: 'optional' } },
      },
    ],
    [{ metadata_options: { http_endpoint: 'disabled' } }],
  ),
  'AWS-EC2-002': cases(
    INSTANCE,
    [
      { associate_public_ip_address: true },
      {
        'aws_launch_template.Nodes': {
          ...TEMPLATE['aws_launch_template.Nodes'],
          network_interfaces: [{ associate_public_ip_address: true }],
        },
      },
    ],
    [{ associate_public_ip_address: REMOVED }],
  ),
  'AWS-EC2-003': cases(INSTANCE, [
    { user_data: `#!/bin/sh\nexport AWS_ACCESS_KEY_ID=${CREDENTIAL}\n` },
    {
      'aws_launch_template.Nodes': {
        ...TEMPLATE['aws_launch_template.Nodes'],
        user_data: Buffer.from(`#!/bin/sh\nexport AWS_ACCESS_KEY_ID=${CREDENTIAL}\n`).toString('base64'),
      },
    },
  ]),
  'AWS-LAMBDA-001': cases(FUNCTION_URL, [{ authorization_type: 'NONE' }]),
  'AWS-LAMBDA-002': cases(PERMISSION, [{ principal: '*' }]),
  'AWS-LAMBDA-003': cases(
    PERMISSION,
    [{ source_arn: REMOVED }],
    [
      { source_arn: REMOVED, source_account: ACCOUNT },
      { source_arn: REMOVED, principal: ACCOUNT },
    ],
  ),
  'AWS-LAMBDA-004': cases(FUNCTION, [{ 'environment.variables.AWS_KEY': CREDENTIAL }]),
  'AWS-LAMBDA-005': cases(FUNCTION, [{ kms_key_arn: REMOVED }], [{ kms_key_arn: REMOVED, environment: REMOVED }]),
  'AWS-ECS-001': cases(TASK, [{ container_definitions: container({ privileged: true }) }]),
  'AWS-ECS-002': cases(TASK, [
    { container_definitions: container({ readonlyRootFilesystem: false }) },
    { container_definitions: container({ readonlyRootFilesystem: undefined }) },
    {
      container_definitions: `\${jsonencode([{"name" = "server", "image" = var.image, "readonlyRootFilesystem" = false}])}`,
    },
  ]),
  'AWS-ECS-003': cases(TASK, [{ pid_mode: 'host' }], [{ pid_mode: 'task' }]),
  'AWS-ECS-004': cases(
    {
      'aws_ecs_service.Server': { name: 'server', network_configuration: { subnets: ['a'], assign_public_ip: false } },
    },
    [{ 'network_configuration.assign_public_ip': true }],
    [{ 'network_configuration.assign_public_ip': REMOVED }],
  ),
  'AWS-ECS-005': cases(TASK, [
    { container_definitions: container({ environment: [{ name: 'KEY', value: CREDENTIAL }] }) },
  ]),
  'AWS-CODEBUILD-001': cases(
    PROJECT,
    [{ 'artifacts.encryption_disabled': true }],
    [{ 'artifacts.encryption_disabled': false }],
  ),
  'AWS-CODEBUILD-002': cases(
    PROJECT,
    [
      { 'environment.environment_variable.0': { name: 'KEY', value: CREDENTIAL } },
      { 'environment.environment_variable.0': { name: 'AWS_SECRET_ACCESS_KEY', value: 'x' } },
    ],
    [{ 'environment.environment_variable.0': { name: 'AWS_SECRET_ACCESS_KEY', value: 'x', type: 'SECRETS_MANAGER' } }],
  ),
  'AWS-SAGEMAKER-001': cases(NOTEBOOK, [{ direct_internet_access: 'Enabled' }, { direct_internet_access: REMOVED }]),
  'AWS-SAGEMAKER-002': cases(NOTEBOOK, [{ root_access: 'Enabled' }, { root_access: REMOVED }]),
  'AWS-SAGEMAKER-003': cases(NOTEBOOK, [{ kms_key_id: REMOVED }]),
};
