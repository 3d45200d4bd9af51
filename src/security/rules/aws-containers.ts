import { Block, isUnknown } from '../block';
import { CREDENTIAL, firstOf, found, given, notOn, on, oneOf } from '../checks';
import { securityHub } from '../references';
import type { SecurityRule } from '../rule';
import type { Subject } from '../subject';

const EKS = ['aws_eks_cluster'];
const TASK = ['aws_ecs_task_definition'];
/** Parts of a control plane that log. */
const CONTROL_PLANE_LOGS = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

export const AWS_CONTAINERS: readonly SecurityRule[] = [
  {
    id: 'AWS-EKS-001',
    title: "A cluster's secrets are encrypted by a key of one's own",
    severity: 'high',
    reason: 'A copy of etcd holds the secrets of all workloads.',
    fix: 'Set encryption_config with a key, and resources ["secrets"].',
    reference: securityHub('eks', 3),
    checkov: 'CKV_AWS_58',
    appliesTo: EKS,
    check: (cluster) => {
      const resources = cluster.list('encryption_config.resources');
      if (resources.some((one) => one === 'secrets' || isUnknown(one))) return undefined;
      return found('encryption_config.resources', cluster.get('encryption_config.resources'));
    },
  },
  {
    id: 'AWS-EKS-002',
    title: "A cluster's API is not open to the internet",
    severity: 'critical',
    reason: 'Everybody can try credentials and vulnerabilities on it.',
    fix: 'Name the networks in vpc_config.public_access_cidrs, or set endpoint_public_access to false.',
    reference: securityHub('eks', 1),
    checkov: 'CKV_AWS_38',
    appliesTo: EKS,
    check: (cluster) => {
      if (cluster.isOff('vpc_config.endpoint_public_access', true)) return undefined;
      const cidrs = cluster.get('vpc_config.public_access_cidrs');
      if (cidrs === undefined) return 'vpc_config.public_access_cidrs isn\'t set, which is "0.0.0.0/0"';
      return cluster.list('vpc_config.public_access_cidrs').includes('0.0.0.0/0')
        ? found('vpc_config.public_access_cidrs', cidrs)
        : undefined;
    },
  },
  {
    id: 'AWS-EKS-003',
    title: 'A control plane logs what is asked of it',
    severity: 'medium',
    reason: 'After an attack, nobody can say who did what in the cluster.',
    fix: `Set enabled_cluster_log_types to ${CONTROL_PLANE_LOGS.join(', ')}.`,
    reference: securityHub('eks', 8),
    checkov: 'CKV_AWS_37',
    appliesTo: EKS,
    check: (cluster) => {
      const types = cluster.list('enabled_cluster_log_types');
      const missing = CONTROL_PLANE_LOGS.filter((type) => !types.includes(type));
      return missing.length === 0 || types.some(isUnknown) ? undefined : `${missing.join(', ')} isn't logged`;
    },
  },
  {
    id: 'AWS-EKS-004',
    title: 'Nodes are not reached by SSH from the internet',
    severity: 'critical',
    reason: 'remote_access with a key and no security group opens port 22 of each node to everybody.',
    fix: 'Set remote_access.source_security_group_ids, or leave remote_access out.',
    reference: 'https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html',
    checkov: 'CKV_AWS_100',
    appliesTo: ['aws_eks_node_group'],
    check: (nodes) =>
      nodes.has('remote_access.ec2_ssh_key') ? given('remote_access.source_security_group_ids')(nodes) : undefined,
  },
  {
    id: 'AWS-ECS-001',
    title: 'No container is privileged',
    severity: 'critical',
    reason: 'A privileged container is root of its host.',
    fix: 'Leave privileged off.',
    reference: securityHub('ecs', 4),
    checkov: 'CKV_AWS_334',
    appliesTo: TASK,
    check: (task) => firstOf(containersOf(task), notOn('privileged')),
  },
  {
    id: 'AWS-ECS-002',
    title: "A container can't write to its image's files",
    severity: 'medium',
    reason: 'An intruder can leave programs behind.',
    fix: 'Set readonlyRootFilesystem to true, and mount what is written.',
    reference: securityHub('ecs', 5),
    checkov: 'CKV_AWS_336',
    appliesTo: TASK,
    check: (task) => firstOf(containersOf(task), on('readonlyRootFilesystem')),
  },
  {
    id: 'AWS-ECS-003',
    title: "A task doesn't see its host's processes",
    severity: 'high',
    reason: 'It can look into other tasks, and at what their environment holds.',
    fix: 'Leave pid_mode out, or set it to task.',
    reference: securityHub('ecs', 3),
    checkov: 'CKV_AWS_335',
    appliesTo: TASK,
    check: oneOf('pid_mode', ['task', ''], 'task'),
  },
  {
    id: 'AWS-ECS-004',
    title: 'A service has no addresses on the internet',
    severity: 'high',
    reason: 'Whatever listens in its tasks, now or later, is reachable.',
    fix: 'Leave network_configuration.assign_public_ip off.',
    reference: securityHub('ecs', 2),
    checkov: 'CKV_AWS_333',
    appliesTo: ['aws_ecs_service'],
    check: notOn('network_configuration.assign_public_ip'),
  },
  {
    id: 'AWS-ECS-005',
    title: "No credential is in a container's environment",
    severity: 'critical',
    reason: 'Everybody who may look at the task definition can read it.',
    fix: 'Pass it by secrets, from Secrets Manager.',
    reference: securityHub('ecs', 8),
    appliesTo: TASK,
    check: (task) =>
      firstOf(
        containersOf(task).flatMap((container) => container.all('environment')),
        (variable) =>
          CREDENTIAL.test(variable.text('value'))
            ? `environment ${variable.text('name')} holds a credential`
            : undefined,
      ),
  },
];

/** Containers of a task definition, which has them as text. */
function containersOf(task: Subject): Block[] {
  const definitions = task.get('container_definitions');
  if (typeof definitions !== 'string') return [];
  try {
    const parsed: unknown = JSON.parse(definitions);
    return (Array.isArray(parsed) ? parsed : [parsed]).map((container) => new Block(container));
  } catch {
    return [];
  }
}
