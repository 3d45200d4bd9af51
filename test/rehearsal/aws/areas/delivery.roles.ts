import { ACCOUNT_ID, REGION } from '../area';
import { arn, BUCKET, otherThanReadsModels, REPOSITORY, readsModels } from '../parts/server-calls';
import type { Call, RoleExpectation } from '../role-expectation';
import { roles as serviceRoles } from './fargate.roles';

const ARTIFACTS = `arn:aws:s3:::shop-prod-delivery-${ACCOUNT_ID}`;
const TO_TASKS = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
const taskRole = `arn:aws:iam::${ACCOUNT_ID}:role/shop-prod-task`;
const adminRole = `arn:aws:iam::${ACCOUNT_ID}:role/admin`;
const stepLog = arn('logs', 'log-group:/recommender/shop-prod/delivery:log-stream:test/1');

const passesOn = (role: string, context: Record<string, string>): Call => ({
  action: 'iam:PassRole',
  resource: role,
  context,
});

const step: readonly Call[] = [
  { action: 's3:GetObject', resource: `${ARTIFACTS}/shop-prod/source/1` },
  { action: 's3:PutObject', resource: `${ARTIFACTS}/shop-prod/image/1` },
  { action: 'logs:PutLogEvents', resource: stepLog },
];
const otherThanStep: readonly Call[] = [
  { action: 's3:DeleteObject', resource: `${ARTIFACTS}/shop-prod/source/1` },
  { action: 's3:PutBucketPolicy', resource: ARTIFACTS },
  { action: 'logs:PutLogEvents', resource: arn('logs', 'log-group:/recommender/shop-prod:log-stream:model-server/1') },
  { action: 'codedeploy:CreateDeployment', resource: arn('codedeploy', 'deploymentgroup:shop-prod/shop-prod') },
  { action: 'codebuild:StartBuild', resource: arn('codebuild', 'project/shop-prod-image') },
  { action: 'ecs:UpdateService', resource: arn('ecs', 'service/shop-prod/shop-prod') },
  passesOn(taskRole, TO_TASKS),
];
const pushesImage: readonly Call[] = [
  { action: 'ecr:PutImage', resource: REPOSITORY },
  { action: 'ecr:UploadLayerPart', resource: REPOSITORY },
];

export const roles: RoleExpectation[] = [
  ...serviceRoles,
  {
    role: 'shop-prod-code-deploy',
    wildcards: ['Listeners', 'Rules', 'TargetGroups'].map((what) => ({
      action: `elasticloadbalancing:Describe${what}`,
      why: 'descriptions of load balancers take no resource',
    })),
    allowed: [
      { action: 'ecs:CreateTaskSet', resource: arn('ecs', 'service/shop-prod/shop-prod') },
      { action: 'ecs:DeleteTaskSet', resource: arn('ecs', 'task-set/shop-prod/shop-prod/ecs-svc/1') },
      { action: 'cloudwatch:DescribeAlarms', resource: arn('cloudwatch', 'alarm:shop-prod-error-rate') },
      { action: 'elasticloadbalancing:DescribeListeners', resource: '*' },
      passesOn(taskRole, TO_TASKS),
    ],
    denied: [
      { action: 'ecs:CreateTaskSet', resource: arn('ecs', 'service/shop-prod/payments') },
      { action: 'ecs:UpdateService', resource: arn('ecs', 'service/shop-prod/shop-prod') },
      { action: 'ecs:DeleteService', resource: arn('ecs', 'service/shop-prod/shop-prod') },
      { action: 'ecs:DeleteTaskSet', resource: arn('ecs', 'task-set/shop-prod/payments/ecs-svc/1') },
      {
        action: 'elasticloadbalancing:ModifyListener',
        resource: arn('elasticloadbalancing', 'listener/app/other/1/2'),
      },
      { action: 'elasticloadbalancing:DeleteListener', resource: '*' },
      { action: 'cloudwatch:DeleteAlarms', resource: arn('cloudwatch', 'alarm:shop-prod-error-rate') },
      { action: 'cloudwatch:SetAlarmState', resource: arn('cloudwatch', 'alarm:shop-prod-error-rate') },
      { action: 'lambda:InvokeFunction', resource: arn('lambda', 'function:shop-prod') },
      passesOn(adminRole, TO_TASKS),
      passesOn(taskRole, { 'iam:PassedToService': 'ec2.amazonaws.com' }),
    ],
  },
  {
    role: 'shop-prod-pipeline',
    wildcards: [{ action: 'ecs:RegisterTaskDefinition', why: 'a revision has no name before it is registered' }],
    allowed: [
      { action: 's3:GetObject', resource: `${ARTIFACTS}/shop-prod/source/1` },
      { action: 'codebuild:StartBuild', resource: arn('codebuild', 'project/shop-prod-image') },
      { action: 'codedeploy:CreateDeployment', resource: arn('codedeploy', 'deploymentgroup:shop-prod/shop-prod') },
      { action: 'codedeploy:GetDeploymentConfig', resource: arn('codedeploy', 'deploymentconfig:shop-prod') },
      { action: 'ecs:RegisterTaskDefinition', resource: '*' },
      { action: 'sns:Publish', resource: arn('sns', 'shop-prod-approvals') },
      {
        action: 'codeconnections:UseConnection',
        resource: `arn:aws:codeconnections:${REGION}:${ACCOUNT_ID}:connection/0d3c7c5a-0000-4000-8000-000000000000`,
      },
      passesOn(taskRole, TO_TASKS),
    ],
    denied: [
      { action: 'codebuild:StartBuild', resource: arn('codebuild', 'project/other') },
      { action: 'codebuild:UpdateProject', resource: arn('codebuild', 'project/shop-prod-image') },
      { action: 'codedeploy:CreateDeployment', resource: arn('codedeploy', 'deploymentgroup:other/other') },
      {
        action: 'codedeploy:UpdateDeploymentGroup',
        resource: arn('codedeploy', 'deploymentgroup:shop-prod/shop-prod'),
      },
      { action: 'codepipeline:PutApprovalResult', resource: arn('codepipeline', 'shop-prod/Deploy/approve') },
      { action: 'ecs:UpdateService', resource: arn('ecs', 'service/shop-prod/shop-prod') },
      { action: 'ecr:PutImage', resource: REPOSITORY },
      { action: 's3:GetObject', resource: `${BUCKET}/online-retail/channels/production.json` },
      { action: 's3:DeleteObject', resource: `${ARTIFACTS}/shop-prod/source/1` },
      { action: 'sns:Publish', resource: arn('sns', 'alerts') },
      passesOn(adminRole, TO_TASKS),
    ],
  },
  {
    role: 'shop-prod-test',
    allowed: [
      ...step,
      { action: 'codebuild:CreateReport', resource: arn('codebuild', 'report-group/shop-prod-test-unit') },
    ],
    denied: [
      ...otherThanStep,
      ...readsModels,
      ...pushesImage,
      { action: 'codebuild:CreateReport', resource: arn('codebuild', 'report-group/shop-prod-image-unit') },
    ],
  },
  {
    role: 'shop-prod-evaluate',
    allowed: step,
    denied: [...otherThanStep, ...readsModels, ...pushesImage],
  },
  {
    role: 'shop-prod-train',
    allowed: [
      ...step,
      ...readsModels,
      { action: 's3:PutObject', resource: `${BUCKET}/online-retail/channels/production.json` },
    ],
    denied: [
      ...otherThanStep,
      ...otherThanReadsModels.filter(({ action }) => action !== 's3:PutObject' && action !== 'iam:PassRole'),
      ...pushesImage,
    ],
  },
  {
    role: 'shop-prod-image',
    wildcards: [
      { action: 'ecr:GetAuthorizationToken', why: 'a token is for the whole registry: the API takes no resource' },
      { action: 'ecs:DescribeTaskDefinition', why: 'the API takes no resource' },
    ],
    allowed: [
      ...step,
      ...pushesImage,
      { action: 'ecr:GetAuthorizationToken', resource: '*' },
      { action: 'ecs:DescribeTaskDefinition', resource: '*' },
    ],
    denied: [
      ...otherThanStep,
      ...readsModels,
      { action: 'ecr:BatchDeleteImage', resource: REPOSITORY },
      { action: 'ecr:PutImage', resource: arn('ecr', 'repository/recommender/trainer') },
      { action: 'ecs:RegisterTaskDefinition', resource: '*' },
    ],
  },
];
