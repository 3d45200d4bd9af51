import { ACCOUNT_ID } from '../area';
import { flowLogsRole } from '../parts/flow-logs-role';
import { arn, otherThanPullsImage, otherThanReadsModels, pullsImage, readsModels } from '../parts/server-calls';
import type { Call, RoleExpectation, Wildcard } from '../role-expectation';

const VPC = '{{vpcArn}}';
const OTHER_VPC = arn('ec2', 'vpc/vpc-0123456789abcdef0');
const NETWORK_INTERFACE = arn('ec2', 'network-interface/eni-0123456789abcdef0');
const CAPTURES = `arn:aws:s3:::shop-prod-captures-${ACCOUNT_ID}`;
const TRAINING = `arn:aws:s3:::shop-prod-training-${ACCOUNT_ID}`;
const JOB = arn('sagemaker', 'training-job/shop-prod-training-0123456789abcdef0123456789abcdef-0');
const NOTEBOOK = arn('sagemaker', 'notebook-instance/shop-prod');
const KEY = arn('kms', 'key/00000000-0000-4000-8000-000000000000');
const RULE = arn('events', 'rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule');
const role = (name: string) => `arn:aws:iam::${ACCOUNT_ID}:role/${name}`;
const stream = (group: string, name: string) => arn('logs', `log-group:/aws/sagemaker/${group}:log-stream:${name}`);
const metrics = (namespace: string): Call => ({
  action: 'cloudwatch:PutMetricData',
  resource: '*',
  context: { 'cloudwatch:namespace': namespace },
});
const writes = (group: string, name: string): Call[] => [
  { action: 'logs:CreateLogStream', resource: stream(group, name) },
  { action: 'logs:PutLogEvents', resource: stream(group, name) },
];
const joins = (vpc: string): Call[] =>
  ['CreateNetworkInterface', 'CreateNetworkInterfacePermission', 'DeleteNetworkInterface'].map((call) => ({
    action: `ec2:${call}`,
    resource: NETWORK_INTERFACE,
    context: { 'ec2:Vpc': vpc },
  }));

const TOKEN: Wildcard = {
  action: 'ecr:GetAuthorizationToken',
  why: 'a token is for the whole registry: the API takes no resource',
};
const METRICS: Wildcard = { action: 'cloudwatch:PutMetricData', why: 'it takes no resource; one namespace bounds it' };
const NETWORK: Wildcard[] = [
  ...['CreateNetworkInterface', 'CreateNetworkInterfacePermission', 'DeleteNetworkInterface'].map((call) => ({
    action: `ec2:${call}`,
    why: 'the interface is not there yet; one VPC bounds it',
  })),
  ...[
    ...['DeleteNetworkInterfacePermission', 'DescribeDhcpOptions', 'DescribeNetworkInterfaces'],
    ...['DescribeSecurityGroups', 'DescribeSubnets', 'DescribeVpcs'],
  ].map((call) => ({ action: `ec2:${call}`, why: 'it takes no resource' })),
];

/** Nothing that runs on SageMaker may do this. */
const never: Call[] = [
  { action: 'sagemaker:UpdateEndpoint', resource: arn('sagemaker', 'endpoint/shop-prod') },
  { action: 'sagemaker:DeleteEndpoint', resource: arn('sagemaker', 'endpoint/shop-prod') },
  { action: 'sagemaker:CreatePresignedNotebookInstanceUrl', resource: NOTEBOOK },
  { action: 'iam:PassRole', resource: role('shop-prod-sagemaker') },
  { action: 's3:DeleteObject', resource: `${TRAINING}/input/2011.csv` },
  { action: 's3:PutObject', resource: `${TRAINING}/input/2011.csv` },
  { action: 'kms:Decrypt', resource: KEY },
];

const hosts = (endpoint: string): RoleExpectation => ({
  role: `${endpoint}-sagemaker`,
  trusts: ['sagemaker.amazonaws.com'],
  wildcards: [TOKEN, METRICS],
  allowed: [
    ...readsModels,
    ...pullsImage,
    ...writes(`Endpoints/${endpoint}`, 'model-server/i-0123456789abcdef0'),
    { action: 'logs:DescribeLogStreams', resource: arn('logs', `log-group:/aws/sagemaker/Endpoints/${endpoint}:*`) },
    metrics('/aws/sagemaker/Endpoints'),
  ],
  denied: [
    ...otherThanReadsModels,
    ...otherThanPullsImage,
    ...writes('Endpoints/shop-other', 'model-server/i-0123456789abcdef0'),
    ...never,
    metrics('AWS/ApplicationELB'),
    { action: 'sagemaker:InvokeEndpoint', resource: arn('sagemaker', `endpoint/${endpoint}`) },
    { action: 's3:GetObject', resource: `${CAPTURES}/shop-prod/model-server/2026/11/22/13/1.jsonl` },
  ],
});

const capture: Call = { action: 's3:PutObject', resource: `${CAPTURES}/shop-prod/model-server/2026/11/22/13/1.jsonl` };
const quiet = hosts('shop-prod-quiet');
const inNetwork = hosts('shop-prod');

/** Source: Step Functions developer guide, "Using CloudWatch Logs to log execution history". */
const DELIVERY = [
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
  ...['CreateLogStream', 'PutLogEvents', 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
];
const TRACES = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'];

export const roles: RoleExpectation[] = [
  flowLogsRole('shop-prod', 'shop-other'),
  {
    ...inNetwork,
    wildcards: [TOKEN, METRICS, ...NETWORK],
    allowed: [...inNetwork.allowed, ...joins(VPC), capture, { action: 'ec2:DescribeSubnets', resource: '*' }],
    denied: [...inNetwork.denied, ...joins(OTHER_VPC), { action: 'ec2:AttachNetworkInterface', resource: '*' }],
  },
  { ...quiet, denied: [...quiet.denied, ...joins(VPC), capture] },
  {
    role: 'shop-prod-training-job',
    trusts: ['sagemaker.amazonaws.com'],
    wildcards: [TOKEN, METRICS],
    allowed: [
      { action: 's3:ListBucket', resource: TRAINING },
      { action: 's3:GetObject', resource: `${TRAINING}/input/2011.csv` },
      {
        action: 's3:PutObject',
        resource: `${TRAINING}/intermediate/training-jobs/shop-prod-training-1/output/model/a`,
      },
      ...pullsImage,
      ...writes('TrainingJobs', 'shop-prod-training-1/algo-1'),
      metrics('/aws/sagemaker/TrainingJobs'),
    ],
    denied: [
      ...never,
      ...readsModels,
      ...otherThanPullsImage,
      ...writes('TrainingJobs', 'another-training-1/algo-1'),
      ...joins(VPC),
      { action: 's3:GetObject', resource: `${TRAINING}/output/run-1/histories.jsonl` },
      { action: 's3:GetObject', resource: `${TRAINING}/intermediate/run-1/transactions.csv` },
      { action: 's3:PutObject', resource: `${TRAINING}/intermediate/run-1/transactions.csv` },
      { action: 'kms:CreateGrant', resource: KEY, context: { 'kms:GrantIsForAWSResource': 'true' } },
      { action: 'sagemaker:CreateTrainingJob', resource: JOB },
    ],
  },
  {
    role: 'shop-prod-training-states',
    trusts: ['states.amazonaws.com'],
    wildcards: [
      ...DELIVERY.map((call) => ({
        action: `logs:${call}`,
        why: 'the log of an execution is delivered, and deliveries take no resource',
      })),
      ...TRACES.map((call) => ({ action: `xray:${call}`, why: 'X-Ray has no resources for it' })),
    ],
    allowed: [
      ...['CreateTrainingJob', 'DescribeTrainingJob', 'StopTrainingJob', 'AddTags', 'ListTags'].map((call) => ({
        action: `sagemaker:${call}`,
        resource: JOB,
      })),
      {
        action: 'iam:PassRole',
        resource: role('shop-prod-training-job'),
        context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
      },
      { action: 'events:PutRule', resource: RULE },
      { action: 'logs:CreateLogDelivery', resource: '*' },
    ],
    denied: [
      ...never,
      { action: 'sagemaker:CreateTrainingJob', resource: arn('sagemaker', 'training-job/another-1') },
      { action: 'sagemaker:CreateModel', resource: arn('sagemaker', 'model/shop-prod') },
      {
        action: 'iam:PassRole',
        resource: role('shop-prod-training-job'),
        context: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' },
      },
      {
        action: 'iam:PassRole',
        resource: role('shop-prod-notebook'),
        context: { 'iam:PassedToService': 'sagemaker.amazonaws.com' },
      },
      { action: 'events:PutRule', resource: arn('events', 'rule/another') },
      { action: 'events:DeleteRule', resource: RULE },
      { action: 's3:GetObject', resource: `${TRAINING}/input/2011.csv` },
      { action: 'states:StartExecution', resource: arn('states', 'stateMachine:shop-prod-training') },
    ],
  },
  {
    role: 'shop-prod-notebook',
    trusts: ['sagemaker.amazonaws.com'],
    wildcards: NETWORK,
    allowed: [
      ...readsModels,
      ...joins(VPC),
      ...writes('NotebookInstances', 'shop-prod/jupyter.log'),
      { action: 'sagemaker:StopNotebookInstance', resource: NOTEBOOK },
    ],
    denied: [
      ...otherThanReadsModels,
      ...pullsImage,
      ...never,
      ...joins(OTHER_VPC),
      ...writes('NotebookInstances', 'another/jupyter.log'),
      metrics('/aws/sagemaker/Endpoints'),
      { action: 'sagemaker:StopNotebookInstance', resource: arn('sagemaker', 'notebook-instance/another') },
      { action: 'sagemaker:StartNotebookInstance', resource: NOTEBOOK },
      { action: 'sagemaker:CreateTrainingJob', resource: JOB },
      { action: 's3:GetObject', resource: `${TRAINING}/input/2011.csv` },
    ],
  },
];
