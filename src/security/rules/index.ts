import type { SecurityRule } from '../rule';
import { AWS_AUDIT } from './aws-audit';
import { AWS_COMPUTE } from './aws-compute';
import { AWS_CONTAINERS } from './aws-containers';
import { AWS_DATABASES } from './aws-databases';
import { AWS_EDGE } from './aws-edge';
import { AWS_IAM } from './aws-iam';
import { AWS_MESSAGING } from './aws-messaging';
import { AWS_NETWORK } from './aws-network';
import { AWS_SECRETS } from './aws-secrets';
import { AWS_STORAGE } from './aws-storage';
import { AZURE_COMPUTE } from './azure-compute';
import { AZURE_NETWORK } from './azure-network';
import { AZURE_STORAGE } from './azure-storage';
import { KUBERNETES_ACCESS } from './kubernetes-access';
import { KUBERNETES_NETWORK } from './kubernetes-network';
import { KUBERNETES_PODS } from './kubernetes-pods';

/** All rules, by what they are about. */
export const SECURITY_RULES_BY_AREA: Readonly<Record<string, readonly SecurityRule[]>> = {
  'AWS: storage': AWS_STORAGE,
  'AWS: networks': AWS_NETWORK,
  'AWS: load balancers, APIs and CloudFront': AWS_EDGE,
  'AWS: trails and logs': AWS_AUDIT,
  'AWS: who may do what': AWS_IAM,
  'AWS: keys and secrets': AWS_SECRETS,
  'AWS: databases and caches': AWS_DATABASES,
  'AWS: queues, topics and streams': AWS_MESSAGING,
  'AWS: machines, functions, builds and notebooks': AWS_COMPUTE,
  'AWS: containers': AWS_CONTAINERS,
  'Azure: storage and databases': AZURE_STORAGE,
  'Azure: networks': AZURE_NETWORK,
  'Azure: compute and roles': AZURE_COMPUTE,
  'Kubernetes: pods': KUBERNETES_PODS,
  'Kubernetes: roles, namespaces and disks': KUBERNETES_ACCESS,
  'Kubernetes: networks': KUBERNETES_NETWORK,
};

export const SECURITY_RULES: readonly SecurityRule[] = Object.values(SECURITY_RULES_BY_AREA).flat();
