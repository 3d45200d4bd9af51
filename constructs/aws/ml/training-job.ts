import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { checkImageDigest } from '../../kubernetes/image-digest';
import { AwsAccount } from '../aws-account';
import { pullImage } from '../compute/image-repository';
import type { IGrantee, PolicyStatement } from '../policy-document';
import type { FunctionKey } from '../serverless/function-key';
import type { IScheduleTarget } from '../serverless/schedule';
import { ServiceRole } from '../service-role';
import { addStateMachineRole, stateMachineSettings } from '../workflow/state-machine';
import type { TrainingData } from '../workflow/training-data';
import { writeLogs, writeMetrics } from './execution-statements';
import type { SageMakerLogs } from './sagemaker-logs';
import { trainingDefinition } from './training-definition';

/** What the trainer is told; the trainer checks it. What is left out is as in the published model. */
export interface Hyperparameters {
  /** The model's name in the store. */
  readonly model: string;
  /** Days at the end of the data that the model is measured on. */
  readonly testDays: number;
  /** L2 regularization. */
  readonly lambda?: number;
  /** Days after which a purchase counts half in training. */
  readonly trainingHalfLifeDays?: number | 'none';
  /** Days of the window by which an item's latest sales scale its scores. */
  readonly trendWindowDays?: number | 'none';
  /** Exponent of that scale. */
  readonly trendExponent?: number | 'none';
  /** Days after which an item of a customer's history counts half. */
  readonly historyHalfLifeDays?: number | 'none';
}

export interface TrainingJobProps {
  /** Begins with the key's name; at most 28 lowercase letters, digits and hyphens. */
  readonly jobName: string;
  /** Of `trainer/Dockerfile`, by digest, for amd64, which all of SageMaker's training instances are. */
  readonly image: string;
  /** Purchases below `input/`; jobs leave models below `intermediate/training-jobs/`, where they expire. */
  readonly data: TrainingData;
  /** Encrypts the jobs' disks, and the state machine with its log. */
  readonly key: FunctionKey;
  /** Of the kind `TrainingJobs`. */
  readonly logs: SageMakerLogs;
  readonly hyperparameters: Hyperparameters;
  /**
   * @default 'ml.m5.large' - 2 vCPUs and 8 GiB
   */
  readonly instanceType?: `ml.${string}`;
  /**
   * GiB of the disk that purchases and model lie on.
   * @default 10
   */
  readonly volumeGigabytes?: number;
  /**
   * Minutes after which a job is stopped, 5 to 1440.
   * @default 60
   */
  readonly timeoutMinutes?: number;
  /**
   * Days that the executions' log is kept, one of those that CloudWatch allows.
   * @default 30
   */
  readonly logRetentionDays?: number;
}

/** Where jobs leave models: `<job's name>/output/model/` below it is a model store. */
const OUTPUT = 'intermediate/training-jobs';

/**
 * Trains a model by SageMaker. A training job is an act, not a thing: SageMaker has no definition of one that Terraform
 * could keep. What is kept is a state machine of one step that makes a job and waits for its end; an execution is a job.
 */
export class TrainingJob extends Construct implements IScheduleTarget {
  readonly resource: SfnStateMachine;
  readonly logGroup: CloudwatchLogGroup;
  /** What the container acts as. */
  readonly role: ServiceRole;
  /** What makes jobs and waits for them. */
  readonly statesRole: ServiceRole;

  constructor(scope: Construct, id: string, props: TrainingJobProps) {
    super(scope, id);
    this.check(props);
    const { jobName, key, logRetentionDays = 30 } = props;
    this.role = this.addRole(props);
    this.statesRole = this.addStatesRole(jobName, key);
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name: `/aws/vendedlogs/states/${jobName}`,
      retentionInDays: logRetentionDays,
      kmsKeyId: key.keyArn,
    });
    this.resource = this.addStateMachine(props);
  }

  get startArn(): string {
    return this.resource.arn;
  }

  grantStart(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Start`, [
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: this.startArn },
    ]);
  }

  private check({ jobName, key, image, logs, timeoutMinutes = 60 }: TrainingJobProps): void {
    // 28, and two hyphens, a digit and a hash of 32 are the 63 that a job's name can have.
    if (!/^[a-z][a-z0-9-]{0,26}[a-z0-9]$/.test(jobName) || !jobName.startsWith(key.keyName)) {
      throw new ConfigError(
        `jobName is ${jobName}; it must begin with ${key.keyName}, the key's name, and be 2 to 28 lowercase letters, digits and hyphens.`,
        this,
      );
    }
    checkImageDigest(image, this);
    if (logs.kind !== 'TrainingJobs') {
      throw new ConfigError(`logs are those of ${logs.kind}; they must be those of TrainingJobs.`, this);
    }
    if (!(Number.isInteger(timeoutMinutes) && timeoutMinutes >= 5 && timeoutMinutes <= 1440)) {
      throw new ConfigError(
        `timeoutMinutes is ${timeoutMinutes}; it must be a whole number of minutes from 5 to 1440.`,
        this,
      );
    }
  }

  private addRole({ jobName, image, data, key }: TrainingJobProps): ServiceRole {
    const role = new ServiceRole(this, 'Role', {
      roleName: `${jobName}-job`,
      description: `The training jobs of ${jobName}`,
      service: 'sagemaker.amazonaws.com',
    });
    data.grantTrainingJob(role, OUTPUT);
    const pull = pullImage(this, image);
    if (pull.length > 0) role.addPolicy('PullImage', pull);
    role.addPolicy('LogsAndMetrics', [...writeLogs(this, 'TrainingJobs', `${jobName}-`), writeMetrics('TrainingJobs')]);
    role.addPolicy('EncryptDisks', [
      {
        Effect: 'Allow',
        Action: 'kms:CreateGrant',
        Resource: key.keyArn,
        // Source: SageMaker developer guide, "How to use SageMaker execution roles", with keys of one's own.
        Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
      },
    ]);
    return role;
  }

  /** Source: Step Functions developer guide, "IAM policies for Amazon SageMaker". */
  private addStatesRole(jobName: string, key: FunctionKey): ServiceRole {
    const account = AwsAccount.of(this);
    const train: PolicyStatement[] = [
      {
        Effect: 'Allow',
        Action: [
          'sagemaker:CreateTrainingJob',
          'sagemaker:DescribeTrainingJob',
          'sagemaker:StopTrainingJob',
          'sagemaker:AddTags',
          'sagemaker:ListTags',
        ],
        // The trailing * is the executions' jobs.
        Resource: account.arn('sagemaker', `training-job/${jobName}-*`),
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: this.role.roleArn,
        Condition: { StringEquals: { 'iam:PassedToService': 'sagemaker.amazonaws.com' } },
      },
      {
        Effect: 'Allow',
        Action: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
        Resource: account.arn('events', 'rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule'),
      },
    ];
    return addStateMachineRole(this, 'StatesRole', {
      stateMachineName: jobName,
      description: `Makes the training jobs of ${jobName}`,
      keyArn: key.keyArn,
      work: { Train: train },
    });
  }

  private addStateMachine(props: TrainingJobProps): SfnStateMachine {
    const { jobName, data, key, instanceType = 'ml.m5.large', volumeGigabytes = 10, timeoutMinutes = 60 } = props;
    const definition = trainingDefinition({
      ...props,
      roleArn: this.role.roleArn,
      input: `s3://${data.bucketName}/input/`,
      output: `s3://${data.bucketName}/${OUTPUT}`,
      outputKeyArn: data.key.keyArn,
      volumeKeyArn: key.keyArn,
      instanceType,
      volumeGigabytes,
      timeoutSeconds: timeoutMinutes * 60,
    });
    return new SfnStateMachine(this, 'Resource', {
      name: jobName,
      roleArn: this.statesRole.roleArn,
      definition: Fn.jsonencode(definition),
      ...stateMachineSettings(key.keyArn, this.logGroup),
      dependsOn: [...this.statesRole.ready, ...this.role.ready, props.logs.resource],
    });
  }
}
