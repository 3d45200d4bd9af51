import type { Construct } from 'constructs';
import { HTTP_PORT } from '../../../src/model-server/serving';
import { EncryptedLogGroup } from '../encrypted-log-group';
import { ApplicationLoadBalancer } from '../load-balancer/application-load-balancer';
import { Peer, Port } from '../network/peer';
import { SecurityGroup } from '../network/security-group';
import type { IGrantee } from '../policy-document';
import { pullImage } from './image-repository';
import { RollbackAlarms } from './rollback-alarms';
import type { IServerCompute, ServerComputeProps } from './server-compute';
import { readSecrets } from './server-secret';

/** What serves beside the replicas, wherever they run. */
type ServerInfrastructure = Pick<IServerCompute, 'loadBalancer' | 'logGroup' | 'alarms'>;

/** Adds the load balancer of a service, its log group, and the alarms on its objective. */
export function addServerInfrastructure(
  scope: Construct,
  props: ServerComputeProps,
  targetType: 'ip' | 'instance',
): ServerInfrastructure {
  const { serviceName, network, slo, protection = true } = props;
  const loadBalancer = new ApplicationLoadBalancer(scope, 'LoadBalancer', {
    ...props.loadBalancer,
    loadBalancerName: serviceName,
    network,
    targetType,
    healthTimeoutSeconds: slo.latency.probeTimeoutSeconds,
    protection,
  });
  const logGroup = new EncryptedLogGroup(scope, 'Logs', {
    logGroupName: `/recommender/${serviceName}`,
    keyAliasName: `${serviceName}-logs`,
    retentionDays: props.logRetentionDays ?? 30,
    protection,
  });
  const alarms = new RollbackAlarms(scope, 'Alarms', { serviceName, loadBalancer: loadBalancer.resource, slo });
  return { loadBalancer, logGroup, alarms };
}

/** Adds the security group of the replicas: they are reached by the load balancer, and reach services of AWS. */
export function addServerSecurityGroup(
  scope: Construct,
  groupName: string,
  loadBalancer: ApplicationLoadBalancer,
  { serviceName, network, awsServices = [Peer.anywhere()] }: ServerComputeProps,
): SecurityGroup {
  const description = `The model server of ${serviceName}`;
  const group = new SecurityGroup(scope, 'SecurityGroup', { network, groupName, description });
  loadBalancer.forwardsTo(group, HTTP_PORT);
  const reason = 'Images, model versions, secrets and logs are with services of AWS';
  for (const services of awsServices) group.connections.allowTo(services, Port.tcp(443), reason);
  return group;
}

/** Lets a role start the server: pull the image, read the secrets, write the logs. */
export function grantStart(
  scope: Construct,
  role: IGrantee,
  { image, secrets = {} }: Pick<ServerComputeProps, 'image' | 'secrets'>,
  logGroup: EncryptedLogGroup,
): void {
  const policies = { PullImage: pullImage(scope, image), ReadSecrets: readSecrets(scope, secrets) };
  for (const [name, statements] of Object.entries(policies)) {
    if (statements.length > 0) role.addPolicy(name, statements);
  }
  logGroup.grantWrite(role);
}
