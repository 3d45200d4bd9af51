import { Construct } from 'constructs';
import type { ModelStore } from '../model-store/model-store';
import type { AlertTopic } from '../observability/alert-topic';
import type { FunctionImage } from '../serverless/function-image';
import type { FunctionKey } from '../serverless/function-key';
import { type FunctionSize, RecommenderFunction } from '../serverless/recommender-function';
import { RETRAINING_STAGES, type RetrainingStage } from './retraining-definition';
import type { RetrainingRuns } from './retraining-runs';
import type { TrainingData } from './training-data';

export interface RetrainingFunctionsProps {
  /** What the functions' names begin with. */
  readonly workflowName: string;
  readonly image: FunctionImage;
  readonly key: FunctionKey;
  readonly data: TrainingData;
  readonly modelStore: ModelStore;
  readonly runs: RetrainingRuns;
  readonly topic: AlertTopic;
  /** The stages' settings, beside where things are. */
  readonly settings: Readonly<Record<string, string>>;
  readonly logRetentionDays?: number;
}

interface StageShape {
  readonly description: string;
  readonly size: FunctionSize;
  readonly may: readonly ('data' | 'read' | 'write' | 'promote' | 'runs' | 'topic')[];
}

const SMALL: FunctionSize = { memoryMegabytes: 512, timeoutSeconds: 60 };
/** Online Retail, 540,000 lines and 3,500 items, takes 1.5 GB; a whole processor comes with 1,769 MB. */
const LARGE: FunctionSize = { memoryMegabytes: 3538, timeoutSeconds: 900, storageMegabytes: 4096 };
const MEDIUM: FunctionSize = { memoryMegabytes: 1769, timeoutSeconds: 300, storageMegabytes: 1024 };

/** What each stage is, is given and may do. */
const SHAPES: Readonly<Record<RetrainingStage, StageShape>> = {
  begin: { description: 'Takes the lock of a retraining', size: SMALL, may: ['runs'] },
  prepare: { description: 'Makes one clean file of what the shop exported', size: LARGE, may: ['data', 'read'] },
  train: { description: 'Trains and measures one candidate', size: LARGE, may: ['data'] },
  choose: { description: 'Chooses the best candidate', size: SMALL, may: [] },
  compare: { description: 'Measures the serving model on the same customers', size: LARGE, may: ['data', 'read'] },
  measure: { description: 'Measures how fast the candidate answers', size: MEDIUM, may: ['data'] },
  register: { description: 'Publishes the candidate as a version', size: MEDIUM, may: ['data', 'write'] },
  promote: { description: 'Points the channel to the new version', size: MEDIUM, may: ['promote'] },
  finish: { description: 'Notes how the run ended, and tells people', size: SMALL, may: ['runs', 'topic'] },
};

/** A function for each stage of a retraining, each with a role that may do what the stage does. */
export class RetrainingFunctions extends Construct {
  readonly byStage: Readonly<Record<RetrainingStage, RecommenderFunction>>;

  constructor(scope: Construct, id: string, props: RetrainingFunctionsProps) {
    super(scope, id);
    this.byStage = Object.fromEntries(RETRAINING_STAGES.map((stage) => [stage, this.addStage(stage, props)])) as Record<
      RetrainingStage,
      RecommenderFunction
    >;
  }

  private addStage(stage: RetrainingStage, props: RetrainingFunctionsProps): RecommenderFunction {
    const { description, size, may } = SHAPES[stage];
    const { data, modelStore, runs, topic } = props;
    const fn = new RecommenderFunction(
      this,
      stage.replace(/^./, (letter) => letter.toUpperCase()),
      {
        functionName: `${props.workflowName}-${stage}`,
        description,
        image: props.image,
        command: stage,
        key: props.key,
        size,
        logRetentionDays: props.logRetentionDays,
        environment: {
          FUNCTIONS_DATA_BUCKET: data.bucketName,
          FUNCTIONS_MODEL_STORE: modelStore.modelStoreUrl,
          FUNCTIONS_RUN_TABLE: runs.tableName,
          FUNCTIONS_TOPIC_ARN: topic.topicArn,
          ...props.settings,
        },
      },
    );
    const grants = {
      data: () => data.grantStage(fn),
      read: () => modelStore.grants.read(fn),
      write: () => modelStore.grants.write(fn),
      promote: () => modelStore.grants.promote(fn),
      runs: () => runs.grantNote(fn),
      topic: () => topic.grantPublish(fn),
    };
    for (const what of may) grants[what]();
    return fn;
  }
}
