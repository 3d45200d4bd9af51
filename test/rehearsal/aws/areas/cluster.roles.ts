import { clusterRole, cniRole, ebsRole, nodeRole, uselessRole } from '../parts/cluster-roles';
import { flowLogsRole } from '../parts/flow-logs-role';
import { karpenterRole } from '../parts/karpenter-role';
import type { RoleExpectation } from '../role-expectation';

export const roles: RoleExpectation[] = [
  clusterRole('shop-prod'),
  nodeRole('shop-prod-node'),
  nodeRole('shop-prod-karpenter-node'),
  cniRole('shop-prod'),
  ebsRole('shop-prod'),
  uselessRole('shop-prod-shop-reader'),
  karpenterRole,
  flowLogsRole('shop-prod', 'shop-closed'),
];
