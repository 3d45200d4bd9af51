import { clusterRole, ec2, nodeRole, on } from '../parts/cluster-roles';
import { flowLogsRole } from '../parts/flow-logs-role';
import type { RoleExpectation } from '../role-expectation';

const cluster = clusterRole('shop-prod-auto');
/** What EKS tags an instance with, and the session that it acts in. */
const launched = (name: string) => ({
  'aws:PrincipalTag/eks:eks-cluster-name': 'shop-prod-auto',
  'aws:RequestTag/eks:eks-cluster-name': name,
  'aws:RequestTag/eks:kubernetes-node-class-name': 'default',
  'aws:RequestTag/eks:kubernetes-node-pool-name': 'general-purpose',
});
const launch = (name: string) =>
  on(ec2('instance/i-1'), 'ec2:RunInstances').map((call) => ({ ...call, context: launched(name) }));

export const roles: RoleExpectation[] = [
  {
    ...cluster,
    allowed: [...cluster.allowed, ...launch('shop-prod-auto')],
    denied: [...cluster.denied, ...launch('other'), ...on(ec2('instance/i-1'), 'ec2:RunInstances')],
  },
  nodeRole('shop-prod-auto-node'),
  flowLogsRole('shop-prod-auto', 'shop-prod'),
];
