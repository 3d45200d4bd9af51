import { CodedeployApp } from '@cdktf/provider-aws/lib/codedeploy-app';
import { CodedeployDeploymentConfig } from '@cdktf/provider-aws/lib/codedeploy-deployment-config';
import { CodedeployDeploymentGroup } from '@cdktf/provider-aws/lib/codedeploy-deployment-group';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import type { FargateService } from '../fargate/fargate-service';
import { ServiceRole } from '../service-role';
import { TrafficShift } from './traffic-shift';

export interface BlueGreenDeploymentProps {
  /** A service whose rollouts are left to CodeDeploy: `rollout: 'code-deploy'`. */
  readonly service: FargateService;
  /**
   * How requests go over to a new version.
   * @default TrafficShift.canary()
   */
  readonly traffic?: TrafficShift;
  /**
   * Minutes that the version before keeps running when all requests have gone over: so long a rollback takes seconds,
   * and both are paid for. 0 to 2,880.
   * @default 30
   */
  readonly terminationWaitMinutes?: number;
  /**
   * Minutes that a new version waits on the test listener for somebody to let it on; nobody did, and it is taken back.
   * 1 to 2,880.
   * @default - it goes on by itself
   */
  readonly trialMinutes?: number;
  /**
   * Names of more alarms that take a deployment back.
   * @default [] - those of the service's objective only
   */
  readonly alarmNames?: readonly string[];
}

/** New versions of a service beside the old one: requests go over bit by bit, and back at once when an alarm rings. */
export class BlueGreenDeployment extends Construct {
  readonly service: FargateService;
  readonly application: CodedeployApp;
  readonly config: CodedeployDeploymentConfig;
  readonly resource: CodedeployDeploymentGroup;
  /** What CodeDeploy acts as. */
  readonly role: ServiceRole;

  constructor(scope: Construct, id: string, props: BlueGreenDeploymentProps) {
    super(scope, id);
    this.check(props);
    this.service = props.service;
    const { serviceName } = props.service;
    this.application = new CodedeployApp(this, 'Application', { name: serviceName, computePlatform: 'ECS' });
    this.config = new CodedeployDeploymentConfig(this, 'Config', {
      deploymentConfigName: serviceName,
      computePlatform: 'ECS',
      trafficRoutingConfig: (props.traffic ?? TrafficShift.canary()).routing,
    });
    this.role = this.addRole();
    this.resource = this.addGroup(props);
  }

  private check({ service, terminationWaitMinutes = 30, trialMinutes = 1 }: BlueGreenDeploymentProps): void {
    if (service.rollout !== 'code-deploy') {
      throw new ConfigError(
        `service ${service.serviceName} has the rollout ${service.rollout}; give it rollout: 'code-deploy', so that Terraform leaves what runs to this.`,
        this,
      );
    }
    const bounds = { terminationWaitMinutes: [terminationWaitMinutes, 0], trialMinutes: [trialMinutes, 1] } as const;
    for (const [prop, [minutes, least]] of Object.entries(bounds)) {
      if (!(Number.isInteger(minutes) && minutes >= least && minutes <= 2880)) {
        throw new ConfigError(`${prop} is ${minutes}; allowed are whole minutes from ${least} to 2880.`, this);
      }
    }
  }

  private addRole(): ServiceRole {
    const { serviceName, cluster, resource, loadBalancer, roles } = this.service;
    const account = AwsAccount.of(this);
    const role = new ServiceRole(this, 'Role', {
      roleName: `${serviceName}-code-deploy`,
      description: `Shifts requests between versions of ${serviceName}`,
      service: 'codedeploy.amazonaws.com',
    });
    role.addPolicy('ShiftRequests', [
      {
        Effect: 'Allow',
        Action: ['ecs:DescribeServices', 'ecs:CreateTaskSet', 'ecs:UpdateServicePrimaryTaskSet'],
        Resource: account.arn('ecs', `service/${cluster.name}/${resource.name}`),
      },
      {
        Effect: 'Allow',
        Action: 'ecs:DeleteTaskSet',
        // The trailing * is the task sets of this service, which ECS names.
        Resource: account.arn('ecs', `task-set/${cluster.name}/${resource.name}/*`),
      },
      {
        Effect: 'Allow',
        Action: 'elasticloadbalancing:ModifyListener',
        Resource: [loadBalancer.listener.arn, loadBalancer.testListener.arn],
      },
      {
        Effect: 'Allow',
        // These take no resource.
        Action: [
          'elasticloadbalancing:DescribeListeners',
          'elasticloadbalancing:DescribeRules',
          'elasticloadbalancing:DescribeTargetGroups',
        ],
        Resource: '*',
      },
      {
        Effect: 'Allow',
        Action: 'cloudwatch:DescribeAlarms',
        // It asks for all of them at once, by name.
        Resource: account.arn('cloudwatch', 'alarm:*'),
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: [roles.task.roleArn, roles.execution.roleArn],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ]);
    return role;
  }

  private addGroup(props: BlueGreenDeploymentProps): CodedeployDeploymentGroup {
    const { terminationWaitMinutes = 30, trialMinutes, alarmNames = [] } = props;
    const { serviceName, cluster, resource, loadBalancer, alarms } = this.service;
    const { blue, green } = loadBalancer.targetGroups;
    return new CodedeployDeploymentGroup(this, 'Resource', {
      appName: this.application.name,
      deploymentGroupName: serviceName,
      deploymentConfigName: this.config.id,
      serviceRoleArn: this.role.roleArn,
      deploymentStyle: { deploymentType: 'BLUE_GREEN', deploymentOption: 'WITH_TRAFFIC_CONTROL' },
      ecsService: { clusterName: cluster.name, serviceName: resource.name },
      loadBalancerInfo: {
        targetGroupPairInfo: {
          prodTrafficRoute: { listenerArns: [loadBalancer.listener.arn] },
          testTrafficRoute: { listenerArns: [loadBalancer.testListener.arn] },
          targetGroup: [{ name: blue.name }, { name: green.name }],
        },
      },
      blueGreenDeploymentConfig: {
        deploymentReadyOption:
          trialMinutes === undefined
            ? { actionOnTimeout: 'CONTINUE_DEPLOYMENT' }
            : { actionOnTimeout: 'STOP_DEPLOYMENT', waitTimeInMinutes: trialMinutes },
        terminateBlueInstancesOnDeploymentSuccess: {
          action: 'TERMINATE',
          terminationWaitTimeInMinutes: terminationWaitMinutes,
        },
      },
      autoRollbackConfiguration: { enabled: true, events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_ALARM'] },
      // An alarm that can't be asked for must not pass for one that is silent.
      alarmConfiguration: {
        enabled: true,
        ignorePollAlarmFailure: false,
        alarms: [...alarms.alarmNames, ...alarmNames],
      },
      dependsOn: this.role.ready,
    });
  }
}
