import { ROOT, rehearsedProduction } from './rehearsed-production';

describe('the production of the root', () => {
  rehearsedProduction('aws-prod', { file: ROOT, leftOut: {} });
});
