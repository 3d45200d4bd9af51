import type { Hyperparameters } from './training-job';

interface TrainingDefinitionProps {
  /** What each job's name begins with. */
  readonly jobName: string;
  readonly image: string;
  readonly roleArn: string;
  /** Where the purchases are: `s3://bucket/input/`. */
  readonly input: string;
  /** Where jobs leave models, each below its name. */
  readonly output: string;
  readonly outputKeyArn: string;
  readonly volumeKeyArn: string;
  readonly instanceType: string;
  readonly volumeGigabytes: number;
  readonly hyperparameters: Hyperparameters;
  readonly timeoutSeconds: number;
}

/** Seconds that a job may take to be given a machine, beside its own time. */
const WAIT_SECONDS = 1800;

/** Source: SageMaker API reference, "Common errors"; what comes before a job is there. */
const FOR_NOW = ['SageMaker.ThrottlingException', 'SageMaker.ServiceUnavailable', 'SageMaker.InternalFailure'];

/**
 * A training job as a state machine of one Task, which waits for the job's end, and stops it when the execution is
 * stopped. Each attempt's job has a name of its own.
 */
export function trainingDefinition(props: TrainingDefinitionProps): object {
  const { jobName, timeoutSeconds } = props;
  return {
    Comment: 'Trains a model in a container without a network',
    StartAt: 'Train',
    TimeoutSeconds: timeoutSeconds + WAIT_SECONDS,
    States: {
      Train: {
        Type: 'Task',
        Resource: 'arn:aws:states:::sagemaker:createTrainingJob.sync',
        Parameters: {
          'TrainingJobName.$': `States.Format('${jobName}-{}-{}', States.Hash($$.Execution.Name, 'MD5'), $$.State.RetryCount)`,
          AlgorithmSpecification: {
            TrainingImage: props.image,
            TrainingInputMode: 'File',
            // The trainer's last line has them by their names.
            MetricDefinitions: ['ndcg@20', 'recall@20'].map((name) => ({
              Name: name,
              // The dot is a quote, which Terraform's encoding of a text in cdktf doesn't survive.
              Regex: `${name}.:([0-9.]+)`,
            })),
          },
          HyperParameters: Object.fromEntries(
            Object.entries(props.hyperparameters).map(([name, value]) => [name, `${value}`]),
          ),
          RoleArn: props.roleArn,
          InputDataConfig: [
            {
              ChannelName: 'purchases',
              DataSource: {
                S3DataSource: {
                  S3DataType: 'S3Prefix',
                  S3Uri: props.input,
                  S3DataDistributionType: 'FullyReplicated',
                },
              },
            },
          ],
          // As files, not as an archive: what a job leaves is a model store, to be read as one.
          OutputDataConfig: { S3OutputPath: props.output, KmsKeyId: props.outputKeyArn, CompressionType: 'NONE' },
          ResourceConfig: {
            InstanceType: props.instanceType,
            InstanceCount: 1,
            VolumeSizeInGB: props.volumeGigabytes,
            VolumeKmsKeyId: props.volumeKeyArn,
          },
          StoppingCondition: { MaxRuntimeInSeconds: timeoutSeconds },
          // Purchases are personal data: nothing leaves the container but by SageMaker, to the output.
          EnableNetworkIsolation: true,
        },
        ResultSelector: {
          'trainingJobName.$': '$.TrainingJobName',
          'modelStoreUrl.$': '$.ModelArtifacts.S3ModelArtifacts',
          'metrics.$': '$.FinalMetricDataList',
        },
        TimeoutSeconds: timeoutSeconds + WAIT_SECONDS,
        Retry: [
          {
            ErrorEquals: FOR_NOW,
            IntervalSeconds: 30,
            MaxAttempts: 3,
            BackoffRate: 2,
            JitterStrategy: 'FULL',
          },
        ],
        End: true,
      },
    },
  };
}
