import type { SecurityRule } from '../rule';
import { AWS_COMPUTE } from './aws-compute';
import { AWS_DATA } from './aws-data';
import { AWS_IAM } from './aws-iam';
import { AWS_NETWORK } from './aws-network';
import { AWS_STORAGE } from './aws-storage';
import { AZURE_COMPUTE } from './azure-compute';
import { AZURE_STORAGE } from './azure-storage';
import { KUBERNETES_CLUSTER } from './kubernetes-cluster';
import { KUBERNETES_PODS } from './kubernetes-pods';

/** All rules, those of AWS, of Azure and of Kubernetes. */
export const SECURITY_RULES: readonly SecurityRule[] = [
  ...AWS_STORAGE,
  ...AWS_NETWORK,
  ...AWS_IAM,
  ...AWS_DATA,
  ...AWS_COMPUTE,
  ...AZURE_STORAGE,
  ...AZURE_COMPUTE,
  ...KUBERNETES_PODS,
  ...KUBERNETES_CLUSTER,
];
