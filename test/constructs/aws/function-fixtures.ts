import type { TerraformStack } from 'cdktf';
import {
  FunctionImage,
  FunctionKey,
  ModelStore,
  RecommenderFunction,
  type RecommenderFunctionProps,
  TrainingData,
} from '../../../constructs/aws';

export const DIGEST = `sha256:${'0'.repeat(64)}`;
export const IMAGE = FunctionImage.byDigest('111122223333.dkr.ecr.us-east-1.amazonaws.com/shop-functions', DIGEST);

export function addKey(stack: TerraformStack): FunctionKey {
  return new FunctionKey(stack, 'Key', { keyName: 'shop-prod' });
}

/** What functions work on. */
export function addStores(stack: TerraformStack): { modelStore: ModelStore; data: TrainingData } {
  return {
    modelStore: new ModelStore(stack, 'ModelStore', { bucketName: 'shop-prod-models-111122223333' }),
    data: new TrainingData(stack, 'Data', { bucketName: 'shop-prod-training-111122223333' }),
  };
}

export function addFunction(
  stack: TerraformStack,
  key: FunctionKey,
  props: Partial<RecommenderFunctionProps> = {},
): RecommenderFunction {
  return new RecommenderFunction(stack, 'Function', {
    functionName: 'shop-prod-scoring',
    description: 'Scores all customers',
    image: IMAGE,
    key,
    command: 'score',
    environment: { FUNCTIONS_MODEL: 'shop' },
    size: { memoryMegabytes: 1024, timeoutSeconds: 60 },
    ...props,
  });
}
