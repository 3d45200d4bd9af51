import { AutoscalingGroup, type AutoscalingGroupConfig } from '@cdktf/provider-aws/lib/autoscaling-group';
import { AutoscalingLifecycleHook } from '@cdktf/provider-aws/lib/autoscaling-lifecycle-hook';
import type { LbTargetGroup } from '@cdktf/provider-aws/lib/lb-target-group';
import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError, type OpeningHours, type ServiceLevelObjective } from '../../../src';
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
import {
  checkMachines,
  instanceRefresh,
  MAINTENANCE,
  mixedInstances,
  mixedInstancesRequest,
  WARM_UP_SECONDS,
} from './machines';

export interface AutoScalingServiceProps extends ServerComputeProps {
  /**
   * How a new version replaces the machines: a few at a time, as soon as it is applied, or as a second group beside the
   * first one, which is left to an `AutoScalingDeployment`.
   * @default 'instance-refresh'
   */
  readonly rollout?: 'instance-refresh' | 'blue-green';
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

/** An auto-scaling group, how it scales, and how its machines go. */
interface Fleet {
  readonly group: AutoscalingGroup;
  readonly scaling: FleetScaling;
  readonly drain: AutoscalingLifecycleHook;
}

interface FleetProps {
  readonly name: string;
  readonly targetGroup: LbTargetGroup;
  readonly size: Pick<AutoscalingGroupConfig, 'minSize' | 'maxSize' | 'desiredCapacity'>;
}

/** What a deployment moves: which version a group has, and how many machines. */
const MOVED_BY_DEPLOYMENT = [
  'desired_capacity',
  'min_size',
  'max_size',
  'mixed_instances_policy[0].launch_template[0].launch_template_specification[0].version',
];

/** The model server on machines of its own, one on each: an auto-scaling group behind a load balancer. */
export class AutoScalingService extends Construct implements IServerCompute {
  readonly serviceName: string;
  readonly capacity: CapacityPlan;
  readonly slo: ServiceLevelObjective;
  readonly url: string;
  readonly rollout: 'instance-refresh' | 'blue-green';
  readonly resource: AutoscalingGroup;
  /** The second group, empty until a deployment fills it; absent with the rollout `instance-refresh`. */
  readonly green?: AutoscalingGroup;
  readonly template: MachineTemplate;
  /** Which machines a new version is on, as a request to EC2 Auto Scaling has it. */
  readonly machines: ReturnType<typeof mixedInstancesRequest>;
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
    const { serviceName, capacity } = props;
    this.rollout = props.rollout ?? 'instance-refresh';
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
    this.machines = mixedInstancesRequest(mixedInstances(this.template, props));
    const { blue, green } = loadBalancer.targetGroups;
    const { minReplicas: minSize, maxReplicas: maxSize, initialReplicas: desiredCapacity } = capacity;
    const size = { minSize, maxSize, desiredCapacity };
    const fleet = this.addFleet(this, { name: serviceName, targetGroup: blue, size }, props);
    this.resource = fleet.group;
    this.drain = fleet.drain;
    this.scaling = fleet.scaling;
    if (this.rollout === 'blue-green') {
      const size = { minSize: 0, maxSize: 0, desiredCapacity: 0 };
      const name = `${serviceName}-green`;
      this.green = this.addFleet(new Construct(this, 'Green'), { name, targetGroup: green, size }, props).group;
    }
  }

  /** Adds to what the server may do. */
  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.role.addPolicy(name, statements);
  }

  private check(props: AutoScalingServiceProps): void {
    checkServer(this, props);
    checkMachines(this, props);
    if (props.rollout === 'blue-green' && props.openingHours) {
      throw new ConfigError(
        'rollout is blue-green, and openingHours is set; leave it out, since it would start machines of the group that is to be empty.',
        this,
      );
    }
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

  private addFleet(scope: Construct, fleet: FleetProps, props: AutoScalingServiceProps): Fleet {
    const { capacity, openingHours } = props;
    const { loadBalancer } = this;
    const { targetGroup } = fleet;
    const group = this.addGroup(scope, fleet, props);
    const drain = this.addDrain(scope, group);
    const scaling = new FleetScaling(scope, 'Scaling', { group, loadBalancer, targetGroup, capacity, openingHours });
    return { group, drain, scaling };
  }

  private addGroup(
    scope: Construct,
    { name, targetGroup, size }: FleetProps,
    props: AutoScalingServiceProps,
  ): AutoscalingGroup {
    const { network, onDemandMachines, openingHours, tags = {} } = props;
    return new AutoscalingGroup(scope, 'Resource', {
      name,
      vpcZoneIdentifier: network.privateSubnets.map(({ id }) => id),
      ...size,
      mixedInstancesPolicy: mixedInstances(this.template, props),
      // Starts another machine when AWS says that one of spot capacity will go.
      capacityRebalance: onDemandMachines !== undefined,
      targetGroupArns: [targetGroup.arn],
      healthCheckType: 'ELB',
      healthCheckGracePeriod: WARM_UP_SECONDS,
      defaultInstanceWarmup: WARM_UP_SECONDS,
      protectFromScaleIn: false,
      instanceMaintenancePolicy: MAINTENANCE,
      ...(this.rollout === 'instance-refresh' && { instanceRefresh: instanceRefresh(this.alarms) }),
      enabledMetrics: ['GroupDesiredCapacity', 'GroupInServiceInstances'],
      tag: [
        { key: 'Name', value: name, propagateAtLaunch: true },
        // The template has them for what the group starts.
        ...Object.entries(tags).map(([key, value]) => ({ key, value, propagateAtLaunch: false })),
      ],
      lifecycle: {
        ignoreChanges:
          this.rollout === 'blue-green'
            ? MOVED_BY_DEPLOYMENT
            : // What the policies and the hours move.
              ['desired_capacity', ...(openingHours ? ['min_size', 'max_size'] : [])],
      },
      dependsOn: [this.loadBalancer.listener, ...network.egress],
    });
  }

  /** After the load balancer has let a machine go, its server gets the time to stop and to send its last lines. */
  private addDrain(scope: Construct, group: AutoscalingGroup): AutoscalingLifecycleHook {
    return new AutoscalingLifecycleHook(scope, 'Drain', {
      name: 'drain',
      autoscalingGroupName: group.name,
      lifecycleTransition: 'autoscaling:EC2_INSTANCE_TERMINATING',
      heartbeatTimeout: TERMINATION_GRACE_SECONDS,
      defaultResult: 'CONTINUE',
    });
  }
}
