import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import type { ModelStore } from '../model-store/model-store';
import { AlertTopic } from '../observability/alert-topic';
import type { IGrantee } from '../policy-document';
import type { FunctionImage } from '../serverless/function-image';
import type { FunctionKey } from '../serverless/function-key';
import type { IScheduleTarget } from '../serverless/schedule';
import type { ServiceRole } from '../service-role';
import { checkCandidates, DEFAULT_RETRAINING_CANDIDATES, type RetrainingCandidate } from './retraining-candidates';
import { RETRAINING_STAGES, type RetrainingStage, retrainingDefinition } from './retraining-definition';
import { RetrainingFunctions } from './retraining-functions';
import { RetrainingRuns } from './retraining-runs';
import { addStateMachineRole, stateMachineSettings } from './state-machine';
import type { TrainingData } from './training-data';
import { WorkflowAlarms } from './workflow-alarms';

export interface RetrainingWorkflowProps {
  /** Begins with the key's name; at most 55 letters, digits and hyphens. */
  readonly workflowName: string;
  /** Of the functions: `aws-functions/Dockerfile`. */
  readonly image: FunctionImage;
  /** Encrypts functions, logs, table and state machine. */
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
   * @default DEFAULT_RETRAINING_CANDIDATES - the published model's settings, and two beside it
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

/** Candidates trained at once. */
const MAX_CONCURRENCY = 2;
const TIMEOUT_SECONDS = 3 * 3600;
const RETRY = { intervalSeconds: 2, maxAttempts: 4, maxDelaySeconds: 60 };

/**
 * Retrains a model as a state machine of Step Functions, a function to each state, one run at a time: prepares what the
 * shop exported, trains several candidates, compares the best with the model that serves while its speed is measured,
 * registers it, and promotes it when it is better. How each run ended is in a table, told by a topic, and alarmed.
 */
export class RetrainingWorkflow extends Construct implements IScheduleTarget {
  readonly resource: SfnStateMachine;
  readonly functions: RetrainingFunctions;
  readonly runs: RetrainingRuns;
  readonly topic: AlertTopic;
  readonly alarms: WorkflowAlarms;
  readonly logGroup: CloudwatchLogGroup;
  readonly role: ServiceRole;
  readonly stateMachineArn: string;

  constructor(scope: Construct, id: string, props: RetrainingWorkflowProps) {
    super(scope, id);
    this.check(props);
    const { workflowName, key, emails = [], protection } = props;
    this.runs = new RetrainingRuns(this, 'Runs', { tableName: `${workflowName}-runs`, key, protection });
    this.topic = new AlertTopic(this, 'Topic', {
      topicName: workflowName,
      subscribers: Object.fromEntries(
        emails.map((address, index) => [`Email${index + 1}`, { kind: 'email', address } as const]),
      ),
      fromEventBridge: true,
    });
    this.functions = this.addFunctions(props);
    // Vended logs: CloudWatch's resource policy for these names grows no longer with each group.
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name: `/aws/vendedlogs/states/${workflowName}`,
      retentionInDays: props.logRetentionDays ?? 30,
      kmsKeyId: key.keyArn,
    });
    const functionArns = RETRAINING_STAGES.map((stage) => this.functions.byStage[stage].functionArn);
    this.role = addStateMachineRole(this, 'Role', {
      stateMachineName: workflowName,
      description: `Runs the stages of ${workflowName}`,
      keyArn: key.keyArn,
      work: { InvokeStages: [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArns }] },
    });
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

  private check({ workflowName, candidates = DEFAULT_RETRAINING_CANDIDATES }: RetrainingWorkflowProps): void {
    if (!/^[a-z0-9-]{1,55}$/.test(workflowName)) {
      throw new ConfigError(
        `workflowName is ${workflowName}; it must be 1 to 55 lowercase letters, digits and hyphens, since the functions' names are longer.`,
        this,
      );
    }
    checkCandidates(candidates, this);
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

  private addStateMachine(props: RetrainingWorkflowProps): SfnStateMachine {
    const { workflowName, key } = props;
    const entries = RETRAINING_STAGES.map((stage) => [stage, this.functions.byStage[stage]] as const);
    const definition = retrainingDefinition({
      functions: Object.fromEntries(entries) as Record<RetrainingStage, (typeof entries)[number][1]>,
      candidates: props.candidates ?? DEFAULT_RETRAINING_CANDIDATES,
      maxConcurrency: MAX_CONCURRENCY,
      minimumNewInteractions: props.minimumNewInteractions ?? 1000,
      timeoutSeconds: TIMEOUT_SECONDS,
      retry: RETRY,
    });
    return new SfnStateMachine(this, 'Resource', {
      name: workflowName,
      roleArn: this.role.roleArn,
      definition: Fn.jsonencode(definition),
      ...stateMachineSettings(key.keyArn, this.logGroup),
      dependsOn: this.role.ready,
    });
  }
}
