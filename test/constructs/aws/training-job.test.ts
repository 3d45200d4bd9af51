import {
  FunctionKey,
  SageMakerLogs,
  ServiceRole,
  type SharedLogs,
  TrainingData,
  TrainingJob,
  type TrainingJobProps,
} from '../../../constructs/aws';
import { HYPERPARAMETERS, optionsOf } from '../../../trainer/src/training-job/hyperparameters';
import { hclOf, named, onAws, statements } from './fixtures';
import { policiesOf } from './sagemaker-fixtures';
import { encoded } from './server-fixtures';

/** It has no types of its own. */
const asl: (definition: object) => { isValid: boolean; errors: unknown[] } = require('asl-validator');

const IMAGE = `111122223333.dkr.ecr.us-east-1.amazonaws.com/shop/trainer@sha256:${'c'.repeat(64)}`;

const withProps = (
  { kind = 'TrainingJobs', ...props }: Partial<TrainingJobProps> & { kind?: SharedLogs } = {},
  use: (job: TrainingJob) => void = () => undefined,
) =>
  onAws((stack) =>
    use(
      new TrainingJob(stack, 'Training', {
        jobName: 'shop-prod-training',
        image: IMAGE,
        data: new TrainingData(stack, 'Data', { bucketName: 'shop-prod-training-111122223333' }),
        key: new FunctionKey(stack, 'Key', { keyName: 'shop-prod' }),
        logs: new SageMakerLogs(stack, 'Logs', { kind }),
        hyperparameters: { model: 'online-retail', testDays: 28 },
        ...props,
      }),
    ),
  );
const defaults = withProps();

interface Train {
  readonly [key: string]: unknown;
  readonly Parameters: Record<string, unknown>;
}
const definition = (template = defaults) =>
  encoded(template.resource('aws_sfn_state_machine').definition) as {
    States: { Train: Train };
    TimeoutSeconds: number;
  };
const parameters = (template = defaults) => definition(template).States.Train.Parameters;

test('an execution is a training job, which is waited for', () => {
  const { isValid, errors } = asl(definition());
  expect([isValid, errors]).toEqual([true, []]);
  expect(definition().States.Train).toMatchObject({
    Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
    End: true,
    ResultSelector: { 'modelStoreUrl.$': '$.ModelArtifacts.S3ModelArtifacts' },
  });
  expect(parameters()).toMatchObject({ StoppingCondition: { MaxRuntimeInSeconds: 3600 } });
  expect(definition().TimeoutSeconds).toBeGreaterThan(3600);
});

test('each attempt’s job has a name of its own, which SageMaker takes', () => {
  const name = parameters()['TrainingJobName.$'] as string;
  expect(name).toBe(
    "States.Format('shop-prod-training-{}-{}', States.Hash($$.Execution.Name, 'MD5'), $$.State.RetryCount)",
  );
  const longest = `${'a'.repeat(28)}-${'0'.repeat(32)}-9`;
  expect(longest.length).toBeLessThanOrEqual(63);
});

test('the container has no network, and its disk and what it leaves are encrypted', () => {
  expect(parameters()).toMatchObject({
    EnableNetworkIsolation: true,
    AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: 'File' },
    ResourceConfig: {
      InstanceType: 'ml.m5.large',
      InstanceCount: 1,
      VolumeSizeInGB: 10,
      VolumeKmsKeyId: expect.stringMatching(/aws_kms_key\.Key_/),
    },
    OutputDataConfig: {
      S3OutputPath: expect.stringMatching(
        /^s3:\/\/\$\{aws_s3_bucket\.Data_\w+\.bucket\}\/intermediate\/training-jobs$/,
      ),
      KmsKeyId: expect.stringMatching(/aws_kms_key\.Data_Key_/),
      CompressionType: 'NONE',
    },
  });
  const [channel] = parameters().InputDataConfig as Record<string, unknown>[];
  expect(channel).toMatchObject({
    ChannelName: 'purchases',
    DataSource: { S3DataSource: { S3Uri: expect.stringMatching(/\/input\/$/) } },
  });
});

test('what jobs leave expires, as all intermediate files do', () => {
  const { rule } = defaults.resource('aws_s3_bucket_lifecycle_configuration');
  expect(rule).toContainEqual(
    expect.objectContaining({ filter: [{ prefix: 'intermediate/' }], expiration: [{ days: 7 }] }),
  );
});

test('the hyperparameters are texts that the trainer takes', () => {
  const hyperparameters = {
    model: 'online-retail',
    testDays: 14,
    lambda: 300,
    trainingHalfLifeDays: 'none',
    trendWindowDays: 14,
    trendExponent: 0.5,
    historyHalfLifeDays: 120,
  } as const;
  const told = parameters(withProps({ hyperparameters })).HyperParameters as Record<string, string>;
  expect(Object.keys(told).filter((name) => !HYPERPARAMETERS.some((known) => known === name))).toEqual([]);
  expect(optionsOf(told)).toEqual({
    model: 'online-retail',
    cut: undefined,
    testDays: 14,
    settings: {
      lambda: 300,
      trend: { windowDays: 14, exponent: 0.5 },
      weighting: { kind: 'exponential', halfLifeDays: 120 },
    },
  });
});

test('metrics are read from the trainer’s last line', () => {
  const { MetricDefinitions } = parameters().AlgorithmSpecification as {
    MetricDefinitions: { Name: string; Regex: string }[];
  };
  const line = JSON.stringify({ version: 'a', 'ndcg@20': 0.1382, 'recall@20': 0.1079, seconds: 9 });
  expect(MetricDefinitions.map(({ Name, Regex }) => [Name, new RegExp(Regex).exec(line)?.[1]])).toEqual([
    ['ndcg@20', '0.1382'],
    ['recall@20', '0.1079'],
  ]);
});

test('the container’s role reads purchases, leaves models, and does nothing else', () => {
  const policies = policiesOf(defaults, 'Training_Role');
  const allows = (action: string) =>
    policies.filter(({ Action }) => [Action].flat().includes(action)).flatMap(({ Resource }) => Resource);
  expect(allows('s3:GetObject')).toEqual([expect.stringMatching(/\/input\/\*$/)]);
  expect(allows('s3:PutObject')).toEqual([expect.stringMatching(/\/intermediate\/training-jobs\/\*$/)]);
  expect(allows('logs:PutLogEvents')).toEqual([
    expect.stringMatching(/log-group:\/aws\/sagemaker\/TrainingJobs:log-stream:shop-prod-training-\*$/),
  ]);
  expect(policies.find(({ Action }) => Action === 'kms:CreateGrant')?.Condition).toEqual({
    Bool: { 'kms:GrantIsForAWSResource': 'true' },
  });
});

test('the state machine hands SageMaker the container’s role, and no other one', () => {
  const [jobs, pass, rule] = statements(named(defaults, 'aws_iam_role_policy', 'Training_StatesRole_Train').policy);
  expect(jobs?.Resource).toMatch(/:training-job\/shop-prod-training-\*$/);
  expect(pass).toMatchObject({
    Action: 'iam:PassRole',
    Resource: expect.stringMatching(/aws_iam_role\.Training_Role_/),
    Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
  });
  expect(rule?.Resource).toMatch(/:rule\/StepFunctionsGetEventsForSageMakerTrainingJobsRule$/);
});

test('it is something that a schedule starts', () => {
  const template = withProps({}, (job) =>
    job.grantStart(new ServiceRole(job, 'Starter', { roleName: 'a', description: 'A', service: 'a' })),
  );
  expect(named(template, 'aws_iam_role_policy', 'Training_Starter_TrainingStart').policy).toMatch(
    /"states:StartExecution", "Resource" = aws_sfn_state_machine\.Training_/,
  );
});

test('SageMaker’s own log group is there before the first job, encrypted and bounded', () => {
  expect(named(defaults, 'aws_cloudwatch_log_group', 'Logs')).toMatchObject({
    name: '/aws/sagemaker/TrainingJobs',
    retention_in_days: 30,
    kms_key_id: expect.stringMatching(/aws_kms_key\.Logs_Key_/),
    lifecycle: { prevent_destroy: true },
  });
  expect(defaults.resource('aws_sfn_state_machine').depends_on).toContainEqual(
    expect.stringMatching(/^aws_cloudwatch_log_group\.Logs_/),
  );
});

test.each<[string, Parameters<typeof withProps>[0]]>([
  ['jobName is retraining; it must begin with shop-prod, the key’s name', { jobName: 'retraining' }],
  ['jobName is shop-prod-training-of-the-models; it must begin', { jobName: 'shop-prod-training-of-the-models' }],
  ['image is shop/trainer:1, which has no digest', { image: 'shop/trainer:1' }],
  ['logs are those of NotebookInstances; they must be those of TrainingJobs.', { kind: 'NotebookInstances' }],
  ['timeoutMinutes is 2000; it must be a whole number of minutes from 5 to 1440.', { timeoutMinutes: 2000 }],
])('fails when %s', (message, props) => {
  expect(() => withProps(props)).toThrow(`test/Training: ${message.replaceAll('’', "'")}`);
});

test('the HCL', async () => {
  expect(await hclOf(defaults, 'Training')).toMatchSnapshot();
  expect(await hclOf(defaults, 'Logs')).toMatchSnapshot();
});
