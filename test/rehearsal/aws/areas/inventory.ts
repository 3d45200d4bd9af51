import { AlertTopic, LogGroup, ModelStore, ServiceRole } from '../../../../constructs/aws';
import type { Area } from '../area';

/** A little of each kind: what AWS' tagging API answers for, and a role, for which IAM does. */
export const area: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, { protection }) => {
    new ModelStore(stack, 'ModelStore', { bucketName: 'shop-prod-models', protection });
    new LogGroup(stack, 'Logs', { logGroupName: '/shop/prod/scoring', protection });
    new AlertTopic(stack, 'Pages', { topicName: 'shop-prod-pages' });
    new ServiceRole(stack, 'Role', {
      roleName: 'shop-prod-scoring',
      description: 'Scores all customers each night',
      service: 'lambda.amazonaws.com',
    });
  },
};
