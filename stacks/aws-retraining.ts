import { TerraformOutput } from 'cdktf';
import { DeadLetterQueue } from '../constructs/aws/serverless/dead-letter-queue';
import { FunctionImage } from '../constructs/aws/serverless/function-image';
import { FunctionKey } from '../constructs/aws/serverless/function-key';
import { Schedule } from '../constructs/aws/serverless/schedule';
import { RetrainingWorkflow } from '../constructs/aws/workflow/retraining-workflow';
import { TrainingData } from '../constructs/aws/workflow/training-data';
import type { AwsConfig } from '../src/config/aws-config';
import type { AwsStack } from './aws-stack';

/** Trains on what the shop puts into a bucket, on a schedule, and promotes what is better. */
export function addRetraining(
  stack: AwsStack,
  { accountId }: AwsConfig,
  { model, schedule, notify }: NonNullable<AwsConfig['retraining']>,
): RetrainingWorkflow {
  const { naming, protection, modelStore } = stack;
  const name = naming.name('retraining');
  const bucketName = naming.name('training', accountId);
  const data = new TrainingData(stack, 'TrainingData', { bucketName, protection });
  const key = new FunctionKey(stack, 'RetrainingKey', { keyName: name, protection });
  const workflow = new RetrainingWorkflow(stack, 'Retraining', {
    workflowName: name,
    image: FunctionImage.byUri(stack.imageVariable('functions_image', 'the functions', 'functions').value),
    key,
    data,
    modelStore,
    model,
    emails: notify,
    protection,
  });
  new Schedule(stack, 'RetrainingSchedule', {
    scheduleName: name,
    expression: schedule,
    target: workflow,
    input: { force: false },
    key,
    failures: new DeadLetterQueue(stack, 'RetrainingStarts', { queueName: `${name}-starts`, key }),
  });
  new TerraformOutput(stack, 'training_data', { value: `s3://${bucketName}/input/` });
  return workflow;
}
