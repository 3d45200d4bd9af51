import { openAwsStack } from '../../../bench/reliability/aws/aws-prod';
import { AreaPlan } from './area-plan';

const MINUTES = 15 * 60_000;

describe('aws-dev, deployed', () => {
  const plan = new AreaPlan('aws-dev', {
    project: 'recommender',
    environment: 'dev',
    owner: 'shop-platform',
    'cost-center': 'recommender',
    'managed-by': 'cdktf-recommender',
  });
  beforeAll(async () => {
    const { stack, close } = await openAwsStack('aws-dev', { onNote: console.log });
    try {
      await stack.apply();
      await plan.ask({ planJson: async () => (await stack.plan()).json });
    } finally {
      await close();
    }
  }, MINUTES);

  plan.addTests();
});
