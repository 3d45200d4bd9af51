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

/** All rules, by what they are about. */
export const SECURITY_RULES_BY_AREA: Readonly<Record<string, readonly SecurityRule[]>> = {
  'AWS: storage': AWS_STORAGE,
  'AWS: networks, gateways and trails': AWS_NETWORK,
  'AWS: who may do what': AWS_IAM,
  'AWS: databases, queues and streams': AWS_DATA,
  'AWS: compute': AWS_COMPUTE,
  'Azure: storage and databases': AZURE_STORAGE,
  'Azure: networks and compute': AZURE_COMPUTE,
  'Kubernetes: pods': KUBERNETES_PODS,
  'Kubernetes: the cluster': KUBERNETES_CLUSTER,
};

export const SECURITY_RULES: readonly SecurityRule[] = Object.values(SECURITY_RULES_BY_AREA).flat();
