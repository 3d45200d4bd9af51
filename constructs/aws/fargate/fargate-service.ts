import { EcsCluster } from '@cdktf/provider-aws/lib/ecs-cluster';
import { EcsClusterCapacityProviders } from '@cdktf/provider-aws/lib/ecs-cluster-capacity-providers';
import { EcsService } from '@cdktf/provider-aws/lib/ecs-service';
import { Construct } from 'constructs';
import { type CapacityPlan, ConfigError, type OpeningHours, type ServiceLevelObjective } from '../../../src';
import { HTTP_PORT } from '../../../src/model-server/serving';
import type { RollbackAlarms } from '../compute/rollback-alarms';
import {
  checkServer,
  type IServerCompute,
  type ServerComputeProps,
  serverEnvironment,
} from '../compute/server-compute';
import { addServerInfrastructure, addServerSecurityGroup } from '../compute/server-infrastructure';
import type { EncryptedLogGroup } from '../encrypted-log-group';
import type { ApplicationLoadBalancer } from '../load-balancer/application-load-balancer';
import type { Connections } from '../network/connections';
import type { SecurityGroup } from '../network/security-group';
import type { PolicyStatement } from '../policy-document';
import { ServiceScaling } from './service-scaling';
import { CONTAINER_NAME, TaskDefinition } from './task-definition';
import { TaskRoles } from './task-roles';
import { DEFAULT_TASK_SIZE, type FargateTaskSize } from './task-size';

export interface FargateServiceProps extends ServerComputeProps {
  /**
   * What brings new versions. With `rolling`, Terraform changes the service, and ECS goes back by itself when tasks
   * don't start or an alarm of the objective rings. With `code-deploy` Terraform starts the service, and then leaves
   * what runs to a `BlueGreenDeployment`. Changing it makes a new service.
   * @default 'rolling'
   */
  readonly rollout?: 'rolling' | 'code-deploy';
  /**
   * vCPUs and memory of a task. `capacity.requestsPerSecondPerReplica` is to be measured with it.
   * @default { vcpus: 1, memoryGib: 2 }
   */
  readonly taskSize?: FargateTaskSize;
  /**
   * Tasks that are never of spot capacity; all above it are, at 70 % less, and go with two minutes' notice.
   * @default - all tasks: nothing is of spot capacity
   */
  readonly onDemandTasks?: number;
  /**
   * Scales to `replicasWhenClosed` out of hours; a month then costs `openShare` of the tasks' price.
   * @default - always open
   */
  readonly openingHours?: OpeningHours;
}

/** The model server on Fargate: a service of ECS in the private subnets, behind a load balancer of its own. */
export class FargateService extends Construct implements IServerCompute {
  readonly serviceName: string;
  readonly capacity: CapacityPlan;
  readonly slo: ServiceLevelObjective;
  readonly url: string;
  readonly cluster: EcsCluster;
  readonly resource: EcsService;
  readonly loadBalancer: ApplicationLoadBalancer;
  readonly logGroup: EncryptedLogGroup;
  readonly alarms: RollbackAlarms;
  readonly roles: TaskRoles;
  readonly taskDefinition: TaskDefinition;
  readonly securityGroup: SecurityGroup;
  readonly connections: Connections;
  readonly scaling: ServiceScaling;
  readonly rollout: 'rolling' | 'code-deploy';

  constructor(scope: Construct, id: string, props: FargateServiceProps) {
    super(scope, id);
    this.check(props);
    this.serviceName = props.serviceName;
    this.capacity = props.capacity;
    this.slo = props.slo;
    this.rollout = props.rollout ?? 'rolling';
    const { loadBalancer, logGroup, alarms } = addServerInfrastructure(this, props, 'ip');
    this.loadBalancer = loadBalancer;
    this.url = loadBalancer.url;
    this.logGroup = logGroup;
    this.alarms = alarms;
    this.roles = new TaskRoles(this, 'Roles', { ...props, logGroup });
    this.securityGroup = addServerSecurityGroup(this, `${this.serviceName}-task`, loadBalancer, props);
    this.connections = this.securityGroup.connections;
    this.taskDefinition = this.addTaskDefinition(props);
    this.cluster = this.addCluster();
    this.resource = this.addService(props);
    this.scaling = this.addScaling(props);
  }

  /** Adds to what the server may do. */
  addPolicy(name: string, statements: readonly PolicyStatement[]): void {
    this.roles.task.addPolicy(name, statements);
  }

  private check(props: FargateServiceProps): void {
    checkServer(this, props);
    const { onDemandTasks, capacity } = props;
    if (onDemandTasks !== undefined && !(Number.isInteger(onDemandTasks) && onDemandTasks >= 0)) {
      throw new ConfigError(`onDemandTasks is ${onDemandTasks}; it must be a whole number from 0.`, this);
    }
    if (onDemandTasks !== undefined && onDemandTasks > capacity.maxReplicas) {
      throw new ConfigError(
        `onDemandTasks is ${onDemandTasks}, and capacity.maxReplicas ${capacity.maxReplicas}, so no task would be of spot capacity; leave onDemandTasks out.`,
        this,
      );
    }
  }

  private addTaskDefinition(props: FargateServiceProps): TaskDefinition {
    return new TaskDefinition(this, 'Task', {
      family: props.serviceName,
      image: props.image,
      size: props.taskSize ?? DEFAULT_TASK_SIZE,
      environment: serverEnvironment(this, props),
      secrets: props.secrets ?? {},
      logGroup: this.logGroup,
      roles: this.roles,
    });
  }

  private addCluster(): EcsCluster {
    return new EcsCluster(this, 'Cluster', {
      name: this.serviceName,
      setting: [{ name: 'containerInsights', value: 'enabled' }],
    });
  }

  private addService(props: FargateServiceProps): EcsService {
    const { network, capacity, onDemandTasks } = props;
    const providers = new EcsClusterCapacityProviders(this, 'CapacityProviders', {
      clusterName: this.cluster.name,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
    });
    return new EcsService(this, 'Resource', {
      name: this.serviceName,
      cluster: this.cluster.id,
      taskDefinition: this.taskDefinition.resource.arn,
      desiredCount: capacity.initialReplicas,
      platformVersion: '1.4.0',
      capacityProviderStrategy: capacityProviders(onDemandTasks),
      networkConfiguration: {
        subnets: network.privateSubnets.map(({ id }) => id),
        securityGroups: [this.securityGroup.resource.id],
        assignPublicIp: false,
      },
      loadBalancer: [
        {
          targetGroupArn: this.loadBalancer.targetGroups.blue.arn,
          containerName: CONTAINER_NAME,
          containerPort: HTTP_PORT,
        },
      ],
      // To fetch and check a model, as the container's own check has it.
      healthCheckGracePeriodSeconds: 120,
      propagateTags: 'SERVICE',
      enableEcsManagedTags: true,
      enableExecuteCommand: false,
      ...(this.rollout === 'rolling' ? this.rolling() : CODE_DEPLOY),
      dependsOn: [providers, this.loadBalancer.listener, ...network.egress],
    });
  }

  /** New tasks are ready before old ones go; what doesn't start, or breaks the objective, is taken back. */
  private rolling() {
    return {
      deploymentController: { type: 'ECS' },
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { alarmNames: this.alarms.alarmNames, enable: true, rollback: true },
      availabilityZoneRebalancing: 'ENABLED',
      // An apply that is done has been rolled out, not only begun.
      waitForSteadyState: true,
      lifecycle: { ignoreChanges: ['desired_count'] },
    };
  }

  private addScaling({ capacity, openingHours }: FargateServiceProps): ServiceScaling {
    return new ServiceScaling(this, 'Scaling', {
      clusterName: this.cluster.name,
      service: this.resource,
      loadBalancer: this.loadBalancer,
      capacity,
      shiftsTargetGroups: this.rollout === 'code-deploy',
      openingHours,
    });
  }
}

/** What CodeDeploy changes is its own after the first apply. */
const CODE_DEPLOY = {
  deploymentController: { type: 'CODE_DEPLOY' },
  lifecycle: { ignoreChanges: ['desired_count', 'task_definition', 'load_balancer'] },
};

/** All on demand, or all above a base on spot capacity. */
function capacityProviders(onDemandTasks: number | undefined) {
  if (onDemandTasks === undefined) return [{ capacityProvider: 'FARGATE', base: 0, weight: 1 }];
  return [
    { capacityProvider: 'FARGATE', base: onDemandTasks, weight: 0 },
    { capacityProvider: 'FARGATE_SPOT', base: 0, weight: 1 },
  ];
}
