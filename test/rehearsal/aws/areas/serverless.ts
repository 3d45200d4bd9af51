import {
  FunctionImage,
  FunctionKey,
  ModelStore,
  Network,
  Peer,
  Port,
  ReadFunction,
  ScoringFunction,
  TrainingData,
} from '../../../../constructs/aws';
import { ACCOUNT_ID, type Area, REGION } from '../area';

export const IMAGE = FunctionImage.byDigest(
  `${ACCOUNT_ID}.dkr.ecr.${REGION}.amazonaws.com/shop-functions`,
  `sha256:${'a'.repeat(64)}`,
);

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    const modelStore = new ModelStore(stack, 'ModelStore', {
      bucketName: `shop-prod-models-${ACCOUNT_ID}`,
      protection,
    });
    const data = new TrainingData(stack, 'Data', { bucketName: `shop-prod-training-${ACCOUNT_ID}`, protection });
    const key = new FunctionKey(stack, 'Key', { keyName: 'shop-prod', protection });
    const common = { image: IMAGE, key, modelStore, model: 'online-retail' };
    const read = new ReadFunction(stack, 'Read', {
      ...common,
      functionName: 'shop-prod-read',
      network,
      reservedConcurrency: 20,
      settings: { RECOMMENDER_DEADLINE_MS: '200' },
    });
    read.connections.allowTo(Peer.anywhere(), Port.tcp(443), 'The model store is in S3');
    read.allowInvokeBy('Api', 'apigateway.amazonaws.com', `arn:aws:execute-api:${REGION}:${ACCOUNT_ID}:shop/*`);
    new ScoringFunction(stack, 'Scoring', {
      ...common,
      functionName: 'shop-prod-scoring',
      data,
      at: {
        expression: 'cron(0 3 * * ? *)',
        histories: 'input/histories.jsonl',
        output: 'output/nightly/recommendations',
      },
    });
  },
};
