import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import type { ModelStore } from '../model-store/model-store';
import type { IGrantee } from '../policy-document';
import type { FunctionImage } from '../serverless/function-image';
import type { FunctionKey } from '../serverless/function-key';
import type { IStartable } from '../serverless/schedule';
import { ServiceRole } from '../service-role';
import { type RetrainingCandidate, retrainingDefinition, STAGES, type Stage } from './retraining-definition';
import { RetrainingFunctions } from './retraining-functions';
import { RetrainingRuns } from './retraining-runs';
import { RetrainingTopic } from './retraining-topic';
import { stateMachinePolicies } from './state-machine-policies';
import type { TrainingData } from './training-data';
import { WorkflowAlarms } from './workflow-alarms';

export interface RetrainingWorkflowProps {
  /** Begins with the key's name; at most 55 letters, digits and hyphens. */
  readonly workflowName: string;
  /** Of the functions: `aws-functions/Dockerfile`. */
  readonly image: FunctionImage;
  /** Encrypts functions, logs, table, topic and state machine. */
  readonly key: FunctionKey;
  readonly data: TrainingData;
  readonly modelStore: ModelStore;
  /** The model's name in the store: lowercase letters, digits and hyphens. */
  readonly model: string;
  /**
   * Whose version is to be beaten, and replaced.
   * @default 'production'
   */
  readonly channel?: string;
  /**
   * Models to train, of which the best is compared with the one that serves.
   * @default CANDIDATES - the published model's settings, and two beside it
   */
  readonly candidates?: readonly RetrainingCandidate[];
  /**
   * Purchases that must have come since the serving model was trained; an execution with `{ "force": true }` needs none.
   * @default 1000
   */
  readonly minimumNewInteractions?: number;
  /**
   * Of NDCG@20, by which a candidate must be better to be promoted.
   * @default 0
   */
  readonly minimumGain?: number;
  /**
   * Milliseconds that the 99th percentile of model runs may take.
   * @default 50
   */
  readonly latencyMs?: number;
  /**
   * Days at the end of the data that models are measured on.
   * @default 28
   */
  readonly testDays?: number;
  /**
   * Addresses that get a mail of each end of a run.
   * @default []
   */
  readonly emails?: readonly string[];
  /**
   * Days that logs are kept, one of those that CloudWatch allows.
   * @default 30
   */
  readonly logRetentionDays?: number;
  /**
   * Refuses a destroy of the runs' table.
   * @default true
   */
  readonly protection?: boolean;
}

/** The published model's settings, and with more and with less regularization. */
export const CANDIDATES: readonly RetrainingCandidate[] = [100, 200, 400].map((lambda) => ({
  name: `lambda-${lambda}`,
  lambda,
  trainingHalfLifeDays: 240,
  trend: { windowDays: 28, exponent: 0.9 },
  historyHalfLifeDays: 240,
}));

/** Candidates trained at once. */
const MAX_CONCURRENCY = 2;
const TIMEOUT_SECONDS = 3 * 3600;
const RETRY = { intervalSeconds: 2, maxAttempts: 4, maxDelaySeconds: 60 };

/**
 * Retrains a model as a state machine of Step Functions, a function to each state, one run at a time: prepares what the
 * shop exported, trains several candidates, compares the best with the model that serves while its speed is measured,
 * registers it, and promotes it when it is better. How each run ended is in a table, told by a topic, and alarmed.
 */
export class RetrainingWorkflow extends Construct implements IStartable {
  readonly resource: SfnStateMachine;
  readonly functions: RetrainingFunctions;
  readonly runs: RetrainingRuns;
  readonly topic: RetrainingTopic;
  readonly alarms: WorkflowAlarms;
  readonly logGroup: CloudwatchLogGroup;
  readonly role: ServiceRole;
  readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, props: RetrainingWorkflowProps) {
    super(scope, id);
    this.check(props);
    const { workflowName, key, emails, protection } = props;
    this.runs = new RetrainingRuns(this, 'Runs', { tableName: `${workflowName}-runs`, key, protection });
    this.topic = new RetrainingTopic(this, 'Topic', { topicName: workflowName, key, emails });
    this.functions = this.addFunctions(props);
    // Vended logs: CloudWatch's resource policy for these names grows no longer with each group.
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name: `/aws/vendedlogs/states/${workflowName}`,
      retentionInDays: props.logRetentionDays ?? 30,
      kmsKeyId: key.keyArn,
    });
    this.role = this.addRole(workflowName, key);
    this.resource = this.addStateMachine(props);
    this.stateMachineArn = this.resource.arn;
    this.alarms = new WorkflowAlarms(this, 'Alarms', {
      workflowName,
      stateMachineArn: this.stateMachineArn,
      topic: this.topic,
    });
  }

  get startArn(): string {
    return this.stateMachineArn;
  }

  grantStart(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Start`, [
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: this.stateMachineArn },
    ]);
  }

  private check({ workflowName, candidates = CANDIDATES }: RetrainingWorkflowProps): void {
    if (!/^[a-z0-9-]{1,55}$/.test(workflowName)) {
      throw new ConfigError(
        `workflowName is ${workflowName}; it must be 1 to 55 lowercase letters, digits and hyphens, since the functions' names are longer.`,
        this,
      );
    }
    const names = candidates.map(({ name }) => name);
    if (names.length === 0) {
      throw new ConfigError('candidates is empty; name at least one model to train.', this);
    }
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new ConfigError(`candidates has two named ${twice}; each needs a name of its own.`, this);
    }
  }

  private addFunctions(props: RetrainingWorkflowProps): RetrainingFunctions {
    const { workflowName, image, key, data, modelStore, logRetentionDays } = props;
    return new RetrainingFunctions(this, 'Functions', {
      workflowName,
      image,
      key,
      data,
      modelStore,
      runs: this.runs,
      topic: this.topic,
      logRetentionDays,
      settings: {
        FUNCTIONS_MODEL: props.model,
        FUNCTIONS_CHANNEL: props.channel ?? 'production',
        FUNCTIONS_TEST_DAYS: `${props.testDays ?? 28}`,
        FUNCTIONS_MINIMUM_GAIN: `${props.minimumGain ?? 0}`,
        FUNCTIONS_LATENCY_MS: `${props.latencyMs ?? 50}`,
        // Longer than an execution may take, so that none loses its lock.
        FUNCTIONS_LOCK_SECONDS: `${TIMEOUT_SECONDS + 600}`,
      },
    });
  }

  private addRole(workflowName: string, key: FunctionKey): ServiceRole {
    const account = AwsAccount.of(this);
    const role = new ServiceRole(this, 'Role', {
      roleName: `${workflowName}-states`,
      description: `Runs the stages of ${workflowName}`,
      service: 'states.amazonaws.com',
      sourceArn: account.arn('states', `stateMachine:${workflowName}`),
    });
    const stages = STAGES.map((stage) => this.functions.byStage[stage].functionArn);
    role.addPolicy('InvokeStages', [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: stages }]);
    for (const [name, statements] of Object.entries(stateMachinePolicies(this, workflowName, key))) {
      role.addPolicy(name, statements);
    }
    return role;
  }

  private addStateMachine(props: RetrainingWorkflowProps): SfnStateMachine {
    const { workflowName, key } = props;
    const entries = STAGES.map((stage) => [stage, this.functions.byStage[stage]] as const);
    const definition = retrainingDefinition({
      functions: Object.fromEntries(entries) as Record<Stage, (typeof entries)[number][1]>,
      candidates: props.candidates ?? CANDIDATES,
      maxConcurrency: MAX_CONCURRENCY,
      minimumNewInteractions: props.minimumNewInteractions ?? 1000,
      timeoutSeconds: TIMEOUT_SECONDS,
      retry: RETRY,
    });
    return new SfnStateMachine(this, 'Resource', {
      name: workflowName,
      type: 'STANDARD',
      roleArn: this.role.roleArn,
      definition: Fn.jsonencode(definition),
      encryptionConfiguration: {
        type: 'CUSTOMER_MANAGED_KMS_KEY',
        kmsKeyId: key.keyArn,
        kmsDataKeyReusePeriodSeconds: 300,
      },
      loggingConfiguration: {
        level: 'ALL',
        // What goes from state to state may tell of customers one day.
        includeExecutionData: false,
        logDestination: `${this.logGroup.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      dependsOn: this.role.ready,
    });
  }
}
