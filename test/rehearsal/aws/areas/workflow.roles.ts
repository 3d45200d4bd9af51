import { ACCOUNT_ID, REGION } from '../area';
import type { Call, RoleExpectation } from '../role-expectation';
import { lambdaArn, logsOf, MODELS, queueArn, TRAINING } from './serverless.roles';

const NAME = 'shop-prod-retraining';
const TABLE = `arn:aws:dynamodb:${REGION}:${ACCOUNT_ID}:table/${NAME}-runs`;
const TOPIC = `arn:aws:sns:${REGION}:${ACCOUNT_ID}:${NAME}`;
const MACHINE = `arn:aws:states:${REGION}:${ACCOUNT_ID}:stateMachine:${NAME}`;

const notes: Call[] = [
  { action: 'dynamodb:PutItem', resource: TABLE },
  { action: 'dynamodb:UpdateItem', resource: TABLE },
  { action: 'dynamodb:DeleteItem', resource: TABLE },
];
const tells: Call = { action: 'sns:Publish', resource: TOPIC };
const readsInput: Call = { action: 's3:GetObject', resource: `${TRAINING}/input/2011.csv` };
const handsOn: Call = { action: 's3:PutObject', resource: `${TRAINING}/intermediate/run-1/transactions.csv` };
const readsModels: Call = { action: 's3:GetObject', resource: `${MODELS}/online-retail/channels/production.json` };
const promotes: Call = { action: 's3:PutObject', resource: `${MODELS}/online-retail/channels/production.json` };
const registers: Call = { action: 's3:PutObject', resource: `${MODELS}/online-retail/versions/abc/model.onnx` };

/** What no stage may do. */
const never: Call[] = [
  { action: 's3:DeleteObject', resource: `${TRAINING}/input/2011.csv` },
  { action: 's3:PutObject', resource: `${TRAINING}/input/2011.csv` },
  { action: 's3:DeleteObject', resource: `${MODELS}/online-retail/channels/production.json` },
  { action: 'dynamodb:Scan', resource: TABLE },
  { action: 'dynamodb:DeleteTable', resource: TABLE },
  { action: 'sns:Subscribe', resource: TOPIC },
  { action: 'states:StartExecution', resource: MACHINE },
  { action: 'lambda:InvokeFunction', resource: lambdaArn(`${NAME}-train`) },
  { action: 'lambda:UpdateFunctionCode', resource: lambdaArn(`${NAME}-train`) },
  { action: 'iam:PassRole', resource: `arn:aws:iam::${ACCOUNT_ID}:role/${NAME}-train` },
];

const PERMISSIONS = [...notes, tells, readsInput, handsOn, readsModels, registers, promotes];

function stage(name: string, allowed: Call[]): RoleExpectation {
  const denied = PERMISSIONS.filter((call) => !allowed.includes(call));
  return { role: `${NAME}-${name}`, allowed: [...allowed, logsOf(`${NAME}-${name}`)], denied: [...denied, ...never] };
}

/** Source: Step Functions developer guide, "Using CloudWatch Logs to log execution history". */
export const LOG_DELIVERY = [
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
  ...['CreateLogStream', 'PutLogEvents', 'PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
];
export const TRACES = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'];

export const roles: RoleExpectation[] = [
  stage('begin', notes),
  stage('prepare', [readsInput, handsOn, readsModels]),
  stage('train', [readsInput, handsOn]),
  stage('choose', []),
  stage('compare', [readsInput, handsOn, readsModels]),
  stage('measure', [readsInput, handsOn]),
  stage('register', [readsInput, handsOn, readsModels, registers]),
  stage('promote', [readsModels, promotes]),
  stage('finish', [...notes, tells]),
  {
    role: `${NAME}-states`,
    wildcards: [
      ...LOG_DELIVERY.map((call) => ({
        action: `logs:${call}`,
        why: 'the log of an execution is delivered, and deliveries take no resource',
      })),
      ...TRACES.map((call) => ({ action: `xray:${call}`, why: 'X-Ray has no resources for it' })),
    ],
    allowed: [
      { action: 'lambda:InvokeFunction', resource: lambdaArn(`${NAME}-begin`) },
      { action: 'lambda:InvokeFunction', resource: lambdaArn(`${NAME}-finish`) },
      { action: 'logs:CreateLogDelivery', resource: '*' },
      { action: 'xray:PutTraceSegments', resource: '*' },
    ],
    denied: [
      ...PERMISSIONS,
      { action: 'lambda:InvokeFunction', resource: lambdaArn('shop-prod-read') },
      { action: 'lambda:UpdateFunctionCode', resource: lambdaArn(`${NAME}-begin`) },
      { action: 'states:StartExecution', resource: MACHINE },
    ],
  },
  {
    role: `${NAME}-schedule`,
    allowed: [
      { action: 'states:StartExecution', resource: MACHINE },
      { action: 'sqs:SendMessage', resource: queueArn(`${NAME}-starts`) },
    ],
    denied: [
      ...PERMISSIONS,
      { action: 'states:StartExecution', resource: `${MACHINE}-other` },
      { action: 'states:StopExecution', resource: MACHINE },
      { action: 'states:UpdateStateMachine', resource: MACHINE },
      { action: 'lambda:InvokeFunction', resource: lambdaArn(`${NAME}-begin`) },
      { action: 'sqs:ReceiveMessage', resource: queueArn(`${NAME}-starts`) },
    ],
  },
];
