import { AWS_COMPUTE } from './aws-compute';
import { AWS_DATA } from './aws-data';
import { AWS_EDGE } from './aws-edge';
import { AWS_IAM } from './aws-iam';
import { AWS_NETWORK } from './aws-network';
import { AWS_STORAGE } from './aws-storage';
import { AZURE_COMPUTE } from './azure-compute';
import { AZURE_STORAGE } from './azure-storage';
import type { Corpus } from './corpus';
import { KUBERNETES_CLUSTER } from './kubernetes-cluster';
import { KUBERNETES_PODS } from './kubernetes-pods';

/** For every rule a stack that keeps all of them, and mutants of it. */
export const CORPUS: Corpus = {
  ...AWS_STORAGE,
  ...AWS_NETWORK,
  ...AWS_EDGE,
  ...AWS_IAM,
  ...AWS_DATA,
  ...AWS_COMPUTE,
  ...AZURE_STORAGE,
  ...AZURE_COMPUTE,
  ...KUBERNETES_PODS,
  ...KUBERNETES_CLUSTER,
};
