import {
  DeadLetterQueue,
  FunctionKey,
  ModelStore,
  RetrainingWorkflow,
  Schedule,
  TrainingData,
} from '../../../../constructs/aws';
import { ACCOUNT_ID, type Area } from '../area';
import { IMAGE } from './serverless';

export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    const modelStore = new ModelStore(stack, 'ModelStore', {
      bucketName: `shop-prod-models-${ACCOUNT_ID}`,
      protection,
    });
    const data = new TrainingData(stack, 'Data', { bucketName: `shop-prod-training-${ACCOUNT_ID}`, protection });
    const key = new FunctionKey(stack, 'Key', { keyName: 'shop-prod-retraining', protection });
    const target = new RetrainingWorkflow(stack, 'Retraining', {
      workflowName: 'shop-prod-retraining',
      image: IMAGE,
      key,
      data,
      modelStore,
      model: 'online-retail',
      emails: ['shop-platform@shop.example'],
      protection,
    });
    const failures = new DeadLetterQueue(stack, 'Failures', { queueName: 'shop-prod-retraining-starts', key });
    const schedule = {
      scheduleName: 'shop-prod-retraining',
      expression: 'cron(0 2 ? * MON *)',
      timeZone: 'Europe/London',
    };
    new Schedule(stack, 'Schedule', { ...schedule, target, input: { force: false }, key, failures });
  },
};
