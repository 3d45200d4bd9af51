import { Construct } from 'constructs';
import type { ModelStore } from '../model-store/model-store';
import type { TrainingData } from '../workflow/training-data';
import { type CommonFunctionProps, type FunctionSize, RecommenderFunction } from './recommender-function';
import { Schedule, startsFunction } from './schedule';
import { WorkQueue } from './work-queue';

/** A time at which customers are scored. */
export interface ScoringTime {
  /** EventBridge's expression: `cron(0 3 * * ? *)`. */
  readonly expression: string;
  /** Key of the customers' histories in the data's bucket, JSON lines. */
  readonly histories: string;
  /** Prefix of the answers, without a slash at its end. */
  readonly output: string;
}

export interface ScoringFunctionProps extends CommonFunctionProps {
  /** Holds the histories, and takes the answers. */
  readonly data: TrainingData;
  readonly modelStore: ModelStore;
  /** The model's name in the store. */
  readonly model: string;
  /**
   * @default 'production'
   */
  readonly channel?: string;
  /**
   * Scores at this time, beside each time that a retraining leaves its customers' histories.
   * @default - only then
   */
  readonly at?: ScoringTime;
  /**
   * @default { memoryMegabytes: 3008, timeoutSeconds: 900, storageMegabytes: 1024 }
   */
  readonly size?: FunctionSize;
}

const SIZE: FunctionSize = { memoryMegabytes: 3008, timeoutSeconds: 900, storageMegabytes: 1024 };

/**
 * Scores all customers of a file into JSON lines: when a retraining has left their histories, at times, and for whoever
 * puts a task into its queue. What a time limit cuts off goes on from the last whole part, by way of the queue.
 */
export class ScoringFunction extends Construct {
  readonly fn: RecommenderFunction;
  readonly queue: WorkQueue;
  readonly schedule: Schedule | undefined;

  constructor(scope: Construct, id: string, props: ScoringFunctionProps) {
    super(scope, id);
    const { data, modelStore, model, channel = 'production', at, size = SIZE, ...common } = props;
    const { functionName, key } = common;
    this.queue = new WorkQueue(this, 'Queue', { queueName: functionName, key, workSeconds: size.timeoutSeconds });
    this.fn = new RecommenderFunction(this, 'Function', {
      ...common,
      description: 'Scores all customers into JSON lines',
      command: 'score',
      size,
      failures: this.queue.deadLetters,
      environment: {
        FUNCTIONS_DATA_BUCKET: data.bucketName,
        FUNCTIONS_MODEL_STORE: modelStore.modelStoreUrl,
        FUNCTIONS_MODEL: model,
        FUNCTIONS_CHANNEL: channel,
        FUNCTIONS_QUEUE_URL: this.queue.queueUrl,
        FUNCTIONS_CACHE_MEGABYTES: `${Math.floor((size.storageMegabytes ?? 512) * 0.8)}`,
      },
    });
    modelStore.grants.read(this.fn);
    data.grantScoring(this.fn);
    data.notifyOfHistories(this.fn);
    this.queue.grantSend(this.fn);
    this.queue.addConsumer(this.fn);
    this.schedule = at && this.addSchedule(functionName, at, common);
  }

  private addSchedule(
    functionName: string,
    { expression, histories, output }: ScoringTime,
    { key }: CommonFunctionProps,
  ) {
    return new Schedule(this, 'Schedule', {
      scheduleName: functionName,
      expression,
      target: startsFunction(this.fn),
      input: { histories, output },
      key,
      failures: this.queue.deadLetters,
    });
  }
}
