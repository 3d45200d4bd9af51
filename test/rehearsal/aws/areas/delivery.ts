import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import {
  BlueGreenDeployment,
  DeliveryPipeline,
  FargateService,
  type ModelStore,
  TrafficShift,
} from '../../../../constructs/aws';
import { modelStage, TEST_STAGE } from '../../../../src';
import { ACCOUNT_ID, type Area, REGION } from '../area';
import { serverProps } from '../parts/server';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const props = serverProps(stack, 'shop-prod', protection);
    const deployment = new BlueGreenDeployment(stack, 'Deployment', {
      service: new FargateService(stack, 'Service', { ...props, rollout: 'code-deploy' }),
      traffic: TrafficShift.linear({ percent: 20, minutes: 5 }),
      terminationWaitMinutes: 60,
      trialMinutes: 15,
    });
    new DeliveryPipeline(stack, 'Delivery', {
      deliveryName: 'shop-prod',
      bucketName: `shop-prod-delivery-${ACCOUNT_ID}`,
      source: {
        connectionArn: `arn:aws:codeconnections:${REGION}:${ACCOUNT_ID}:connection/0d3c7c5a-0000-4000-8000-000000000000`,
        repository: 'shop/recommender',
        paths: ['model-server/**', 'model-registry/**'],
      },
      repository: new EcrRepository(stack, 'Images', {
        name: 'shop/model-server',
        imageTagMutability: 'IMMUTABLE',
        forceDelete: true,
      }),
      deployment,
      modelStore: props.modelStore as ModelStore,
      stages: [
        { name: 'Test', steps: TEST_STAGE.steps.map((step) => ({ ...step, junit: { unit: 'reports/junit.xml' } })) },
        modelStage({ data: 'data/online-retail.csv.gz', cut: '2011-10-01', requirements: { 'ndcg@10': 0.05 } }),
      ],
      approvers: ['platform@shop.example.com'],
      protection,
    });
  },
};
