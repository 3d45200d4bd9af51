import type { Estimators } from '../estimator';
import { DATA_ESTIMATORS } from './data';
import { IN_CLUSTER_ESTIMATORS } from './in-cluster';
import { NETWORK_ESTIMATORS } from './network';
import { NODE_ESTIMATORS } from './nodes';
import { SERVICE_ESTIMATORS } from './services';
import { WATCHING_ESTIMATORS } from './watching';

/** What is billed, by resource type. */
export const ESTIMATORS: Estimators = {
  ...NODE_ESTIMATORS,
  ...NETWORK_ESTIMATORS,
  ...SERVICE_ESTIMATORS,
  ...DATA_ESTIMATORS,
  ...WATCHING_ESTIMATORS,
  ...IN_CLUSTER_ESTIMATORS,
};
