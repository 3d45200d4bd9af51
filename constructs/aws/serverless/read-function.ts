import type { Construct } from 'constructs';
import type { ModelStore } from '../model-store/model-store';
import { type CommonFunctionProps, type FunctionSize, RecommenderFunction } from './recommender-function';

export interface ReadFunctionProps extends CommonFunctionProps {
  readonly modelStore: ModelStore;
  /** The model's name in the store. */
  readonly model: string;
  /**
   * @default 'production'
   */
  readonly channel?: string;
  /**
   * Further settings of the model server, as its configuration names their variables, e.g. `RECOMMENDER_USERS` with the
   * URL of a Redis that holds the customers' histories. It listens inside the function alone: host, port and what belongs
   * to other listeners are not settings.
   * @default {} - answers are for sessions; nobody's history is known
   */
  readonly settings?: Readonly<Record<`RECOMMENDER_${string}`, string>>;
  /**
   * @default { memoryMegabytes: 1769, timeoutSeconds: 10 } - one whole processor
   */
  readonly size?: FunctionSize;
}

/**
 * The model server as a function, for an API Gateway's HTTP API with payload version 2.0: the same routes, limits and
 * answers. A cold start loads the model from the store; a channel that moves is followed while requests come.
 */
export class ReadFunction extends RecommenderFunction {
  constructor(scope: Construct, id: string, props: ReadFunctionProps) {
    const { modelStore, model, channel = 'production', settings, size, ...common } = props;
    super(scope, id, {
      ...common,
      description: 'Answers recommendations behind an API Gateway',
      command: 'read',
      size: size ?? { memoryMegabytes: 1769, timeoutSeconds: 10 },
      environment: {
        RECOMMENDER_STORE: modelStore.modelStoreUrl,
        RECOMMENDER_MODEL: model,
        RECOMMENDER_CHANNEL: channel,
        RECOMMENDER_MODEL_CACHE: '/tmp/models',
        // Half of what there is: a version that comes is kept beside the one that serves.
        RECOMMENDER_MODEL_CACHE_MEGABYTES: `${Math.floor((size?.storageMegabytes ?? 512) / 2)}`,
        RECOMMENDER_USERS: '/tmp/users',
        ...settings,
      },
    });
    modelStore.grants.read(this);
  }
}
