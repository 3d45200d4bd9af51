import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { AutoscalingLifecycleHook } from '@cdktf/provider-aws/lib/autoscaling-lifecycle-hook';
import { Construct } from 'constructs';
import type { CapacityPlan, OpeningHours, ServiceLevelObjective } from '../../../src';
import { HTTP_PORT, TERMINATION_GRACE_SECONDS } from '../../../src/model-server/serving';
import { AwsAccount } from '../aws-account';
import { pullImage } from '../compute/image-repository';
import {
  allowAwsServices,
  checkServer,
  type IServerCompute,
  type ServerComputeProps,
  serverEnvironment,
} from '../compute/server-compute';
import { readSecrets } from '../compute/server-secret';
import { SloAlarms } from '../compute/slo-alarms';
import { EncryptedLogGroup } from '../encrypted-log-group';
import { ApplicationLoadBalancer } from '../load-balancer/application-load-balancer';
import type { Connections } from '../network/connections';
import { SecurityGroup } from '../network/security-group';
import type { PolicyStatement } from '../policy-document';
import { FleetScaling } from './fleet-scaling';
import { InstanceRole } from './instance-role';
import { MachineTemplate } from './machine-template';
import { checkMachines, instanceRefresh, MAINTENANCE, mixedInstances, WARM_UP_SECONDS } from './machines';

export interface AutoScalingServiceProps extends ServerComputeProps {
  /**
   * Types of Graviton that machines may be of, the preferred one first; each runs one server, so they should be alike.
   * More types find spot capacity more often.
   * @default ['c7g.medium', 'm7g.medium', 'c6g.medium', 'm6g.medium']
   */
  readonly instanceTypes?: readonly string[];
  /**
   * Machines that are never of spot capacity; all above are. They go with two minutes' notice, and another one starts
   * before.
   * @default - all machines: nothing is of spot capacity
   */
  readonly onDemandMachines?: number;
  /**
   * Scales to `replicasWhenClosed` out of hours; a month then costs `openShare` of the machines' price.
   * @default - always open
   */
  readonly openingHours?: OpeningHours;
  /**
   * Tags of the group and of machines, their disks and network interfaces, which the provider's default tags don't reach.
   * @default {}
   */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The model server on machines of its own, one on each: an auto-scaling group behind a load balancer. */
export class AutoScalingService extends Construct implements IServerCompute {
  readonly serviceName: string;
  readonly capacity: CapacityPlan;
  readonly slo: ServiceLevelObjective;
  readonly url: string;
  readonly resource: AutoscalingGroup;
  readonly template: MachineTemplate;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly logGroup: EncryptedLogGroup;
  readonly alarms: SloAlarms;
  /** What the machines, and the server on them, act as; it may read the model store. */
  readonly role: InstanceRole;
  readonly securityGroup: SecurityGroup;
  readonly connections: Connections;
  readonly scaling: FleetScaling;
  readonly drain: AutoscalingLifecycleHook;

  constructor(scope: Construct, id: string, props: AutoScalingServiceProps) {
    super(scope, id);
    this.check(props);
    const { serviceName, network, capacity, protection = true, openingHours } = props;
    this.serviceName = serviceName;
    this.capacity = capacity;
    this.slo = props.slo;
    this.loadBalancer = new ApplicationLoadBalancer(this, 'LoadBalancer', {
      ...props.loadBalancer,
      loadBalancerName: serviceName,
      network,
      targetType: 'instance',
      protection,
    });
    this.url = this.loadBalancer.url;
    this.logGroup = new EncryptedLogGroup(this, 'Logs', {
      logGroupName: `/recommender/${serviceName}`,
      keyAliasName: `${serviceName}-logs`,
      retentionDays: props.logRetentionDays ?? 30,
      protection,
    });
    const { resource: loadBalancer } = this.loadBalancer;
    this.alarms = new SloAlarms(this, 'Alarms', { serviceName, loadBalancer, slo: props.slo });
    this.role = this.addRole(props);
    this.securityGroup = this.addSecurityGroup(props);
    this.connections = this.securityGroup.connections;
    this.template = this.addTemplate(props);
    this.resource = this.addGroup(props);
    this.drain = this.addDrain();
    const { resource: group } = this;
    this.scaling = new FleetScaling(this, 'Scaling', {
      group,
      loadBalancer: this.loadBalancer,
      capacity,
      openingHours,
    });
  }

  /** Adds to what the server may do. */
  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.role.addPolicy(name, statements);
  }

  private check(props: AutoScalingServiceProps): void {
    checkServer(this, props);
    checkMachines(this, props);
  }

  private addRole({ serviceName, image, secrets = {}, modelStore }: AutoScalingServiceProps): InstanceRole {
    const description = `The model server of ${serviceName}, and the machines it is on`;
    const role = new InstanceRole(this, 'Role', { roleName: `${serviceName}-machine`, description });
    modelStore.grants.read(role);
    const policies = { PullImage: pullImage(this, image), ReadSecrets: readSecrets(this, secrets) };
    for (const [name, statements] of Object.entries(policies)) {
      if (statements.length > 0) role.addPolicy(name, statements);
    }
    this.logGroup.grantWrite(role);
    return role;
  }

  private addSecurityGroup(props: AutoScalingServiceProps): SecurityGroup {
    const { network, serviceName } = props;
    const groupName = `${serviceName}-machine`;
    const description = `The model server of ${serviceName}`;
    const group = new SecurityGroup(this, 'SecurityGroup', { network, groupName, description });
    this.loadBalancer.forwardsTo(group, HTTP_PORT);
    allowAwsServices(group, props);
    return group;
  }

  private addTemplate(props: AutoScalingServiceProps): MachineTemplate {
    return new MachineTemplate(this, 'Template', {
      name: props.serviceName,
      role: this.role,
      securityGroup: this.securityGroup,
      tags: props.tags ?? {},
      server: {
        image: props.image,
        region: AwsAccount.of(this).region,
        environment: serverEnvironment(this, props),
        secrets: props.secrets ?? {},
        logGroupName: this.logGroup.logGroupName,
      },
    });
  }

  private addGroup(props: AutoScalingServiceProps): AutoscalingGroup {
    const { serviceName, network, capacity, onDemandMachines, openingHours, tags = {} } = props;
    return new AutoscalingGroup(this, 'Resource', {
      name: serviceName,
      vpcZoneIdentifier: network.privateSubnets.map(({ id }) => id),
      minSize: capacity.minReplicas,
      maxSize: capacity.maxReplicas,
      desiredCapacity: capacity.initialReplicas,
      mixedInstancesPolicy: mixedInstances(this.template, props),
      // Starts another machine when AWS says that one of spot capacity will go.
      capacityRebalance: onDemandMachines !== undefined,
      targetGroupArns: [this.loadBalancer.targetGroups.blue.arn],
      healthCheckType: 'ELB',
      healthCheckGracePeriod: WARM_UP_SECONDS,
      defaultInstanceWarmup: WARM_UP_SECONDS,
      protectFromScaleIn: false,
      instanceMaintenancePolicy: MAINTENANCE,
      instanceRefresh: instanceRefresh(this.alarms),
      enabledMetrics: ['GroupDesiredCapacity', 'GroupInServiceInstances'],
      tag: [
        { key: 'Name', value: serviceName, propagateAtLaunch: true },
        // The template has them for what the group starts.
        ...Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: false })),
      ],
      lifecycle: {
        // What the policies and the hours move.
        ignoreChanges: ['desired_capacity', ...(openingHours ? ['min_size', 'max_size'] : [])],
      },
      dependsOn: [this.loadBalancer.listener, ...network.egress],
    });
  }

  /** After the load balancer has let a machine go, its server gets the time to stop and to send its last lines. */
  private addDrain(): AutoscalingLifecycleHook {
    return new AutoscalingLifecycleHook(this, 'Drain', {
      name: 'drain',
      autoscalingGroupName: this.resource.name,
      lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeatTimeout: TERMINATION_GRACE_SECONDS,
      defaultResult: 'CONTINUE',
    });
  }
}
