import { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { AutoscalingLifecycleHook } from '@cdktf/provider-aws/lib/autoscaling-lifecycle-hook';
import { Construct } from 'constructs';
import type { CapacityPlan, OpeningHours, ServiceLevelObjective } from '../../../src';
import { TERMINATION_GRACE_SECONDS } from '../../../src/model-server/serving';
import { AwsAccount } from '../aws-account';
import type { RollbackAlarms } from '../compute/rollback-alarms';
import {
  checkServer,
  type IServerCompute,
  type ServerComputeProps,
  serverEnvironment,
} from '../compute/server-compute';
import { addServerInfrastructure, addServerSecurityGroup, grantStart } from '../compute/server-infrastructure';
import type { EncryptedLogGroup } from '../encrypted-log-group';
import type { ApplicationLoadBalancer } from '../load-balancer/application-load-balancer';
import type { Connections } from '../network/connections';
import type { SecurityGroup } from '../network/security-group';
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
  readonly alarms: RollbackAlarms;
  /** What the machines, and the server on them, act as; it may read the model store. */
  readonly role: InstanceRole;
  readonly securityGroup: SecurityGroup;
  readonly connections: Connections;
  readonly scaling: FleetScaling;
  readonly drain: AutoscalingLifecycleHook;

  constructor(scope: Construct, id: string, props: AutoScalingServiceProps) {
    super(scope, id);
    this.check(props);
    const { serviceName, capacity, openingHours } = props;
    this.serviceName = serviceName;
    this.capacity = capacity;
    this.slo = props.slo;
    const { loadBalancer, logGroup, alarms } = addServerInfrastructure(this, props, 'instance');
    this.loadBalancer = loadBalancer;
    this.url = loadBalancer.url;
    this.logGroup = logGroup;
    this.alarms = alarms;
    this.role = this.addRole(props);
    this.securityGroup = addServerSecurityGroup(this, `${serviceName}-machine`, loadBalancer, props);
    this.connections = this.securityGroup.connections;
    this.template = this.addTemplate(props);
    this.resource = this.addGroup(props);
    this.drain = this.addDrain();
    this.scaling = new FleetScaling(this, 'Scaling', { group: this.resource, loadBalancer, capacity, openingHours });
  }

  /** Adds to what the server may do. */
  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.role.addPolicy(name, statements);
  }

  private check(props: AutoScalingServiceProps): void {
    checkServer(this, props);
    checkMachines(this, props);
  }

  private addRole(props: AutoScalingServiceProps): InstanceRole {
    const { serviceName, modelStore } = props;
    const description = `The model server of ${serviceName}, and the machines it is on`;
    const role = new InstanceRole(this, 'Role', { roleName: `${serviceName}-machine`, description });
    modelStore.grants.read(role);
    grantStart(this, role, props, this.logGroup);
    return role;
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
