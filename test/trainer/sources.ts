import { join } from 'node:path';

/** For a process under jiti: the registry's sources in place of its build, as jest maps them. */
export const JITI_ALIAS = JSON.stringify({
  '@cdktf-recommender/model-registry': join(__dirname, '../../model-registry/src/index.ts'),
});
