import { EcrRepository } from '@cdktf/provider-aws/lib/ecr-repository';
import { TerraformOutput } from 'cdktf';
import {
  DataCapture,
  FunctionKey,
  ImageRepository,
  ModelStore,
  Network,
  NotebookInstance,
  RealTimeEndpoint,
  SageMakerLogs,
  ServerlessEndpoint,
  TrainingData,
  TrainingJob,
} from '../../../../constructs/aws';
import { CapacityPlan, ServiceLevelObjective } from '../../../../src';
import { ACCOUNT_ID, type Area } from '../area';

const DIGEST = `sha256:${'a'.repeat(64)}`;

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const network = new Network(stack, 'Network', { networkName: 'shop-prod', cidr: '10.66.0.0/16' });
    new TerraformOutput(stack, 'vpcArn', { value: network.vpc.arn, staticId: true });
    const modelStore = new ModelStore(stack, 'ModelStore', {
      bucketName: `shop-prod-models-${ACCOUNT_ID}`,
      protection,
    });
    // As the bootstrap makes it; by its id it is looked up once it is there.
    const bootstrapped = new EcrRepository(stack, 'Repository', {
      name: 'shop/model-server',
      imageTagMutability: 'IMMUTABLE',
      imageScanningConfiguration: { scanOnPush: true },
    });
    const image = ImageRepository.fromName(stack, 'Images', bootstrapped.id).image(DIGEST);
    const slo = new ServiceLevelObjective();
    new RealTimeEndpoint(stack, 'RealTime', {
      endpointName: 'shop-prod',
      network,
      image,
      modelStore,
      modelVersion: 'b'.repeat(64),
      slo,
      capacity: new CapacityPlan(),
      environment: { RECOMMENDER_WORKERS: '2' },
      dataCapture: new DataCapture(stack, 'Captures', {
        bucketName: `shop-prod-captures-${ACCOUNT_ID}`,
        samplingPercent: 1,
        retentionDays: 7,
        protection,
      }),
      protection,
    });
    new ServerlessEndpoint(stack, 'Serverless', {
      endpointName: 'shop-prod-quiet',
      image,
      modelStore,
      slo,
      provisionedConcurrency: 1,
      protection,
    });
    new TrainingJob(stack, 'Training', {
      jobName: 'shop-prod-training',
      image,
      data: new TrainingData(stack, 'Data', { bucketName: `shop-prod-training-${ACCOUNT_ID}`, protection }),
      key: new FunctionKey(stack, 'Key', { keyName: 'shop-prod', protection }),
      logs: new SageMakerLogs(stack, 'TrainingLogs', { kind: 'TrainingJobs', protection }),
      hyperparameters: { model: 'online-retail', testDays: 28, lambda: 300, trendWindowDays: 'none' },
    });
    const notebook = new NotebookInstance(stack, 'Notebook', {
      notebookName: 'shop-prod',
      network,
      logs: new SageMakerLogs(stack, 'NotebookLogs', { kind: 'NotebookInstances', protection }),
      idleMinutes: 30,
      protection,
    });
    modelStore.grants.read(notebook);
  },
};
