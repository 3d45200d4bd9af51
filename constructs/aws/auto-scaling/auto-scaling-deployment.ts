import type { AutoscalingGroup } from '@cdktf/provider-aws/lib/autoscaling-group';
import { CloudwatchLogGroup } from '@cdktf/provider-aws/lib/cloudwatch-log-group';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';
import { TrafficShift } from '../delivery/traffic-shift';
import type { IGrantee, PolicyStatement } from '../policy-document';
import type { FunctionKey } from '../serverless/function-key';
import type { ServiceRole } from '../service-role';
import { addStateMachineRole, stateMachineSettings } from '../workflow/state-machine';
import type { AutoScalingService } from './auto-scaling-service';
import { deploymentDefinition } from './deployment-definition';

export interface AutoScalingDeploymentProps {
  /** Begins with the key's name; at most 57 lowercase letters, digits and hyphens. */
  readonly deploymentName: string;
  /** A service of two groups: `rollout: 'blue-green'`. */
  readonly service: AutoScalingService;
  /** Encrypts the state machine and its log. */
  readonly key: FunctionKey;
  /**
   * How requests go over to a new version.
   * @default TrafficShift.canary()
   */
  readonly traffic?: TrafficShift;
  /**
   * Minutes that the version before keeps running when all requests have gone over, while alarms still take them back;
   * both are paid for. 0 to 1,200, the shift's own included.
   * @default 30
   */
  readonly terminationWaitMinutes?: number;
  /**
   * Names of more alarms that take a deployment back.
   * @default [] - those of the service's objective only
   */
  readonly alarmNames?: readonly string[];
  /**
   * Days that logs are kept, one of those that CloudWatch allows.
   * @default 30
   */
  readonly logRetentionDays?: number;
}

/** Minutes that new machines have to become healthy: system, image and model take three. */
const START_MINUTES = 15;

/** An execution has 25,000 events, of which a minute takes 18. Source: Step Functions developer guide, "Quotas". */
const MOST_MINUTES = 1200;

/**
 * New versions of a service on machines beside the old ones: an execution of a state machine fills the group that is
 * empty, lets requests go over bit by bit, and gives them back when an alarm rings.
 */
export class AutoScalingDeployment extends Construct {
  readonly service: AutoScalingService;
  readonly resource: SfnStateMachine;
  /** What the state machine acts as. */
  readonly role: ServiceRole;
  readonly logGroup: CloudwatchLogGroup;

  constructor(scope: Construct, id: string, props: AutoScalingDeploymentProps) {
    super(scope, id);
    const green = this.check(props);
    const { deploymentName, service, key } = props;
    this.service = service;
    // Vended logs: CloudWatch's resource policy for these names grows no longer with each group.
    this.logGroup = new CloudwatchLogGroup(this, 'LogGroup', {
      name: `/aws/vendedlogs/states/${deploymentName}`,
      retentionInDays: props.logRetentionDays ?? 30,
      kmsKeyId: key.keyArn,
    });
    this.role = addStateMachineRole(this, 'Role', {
      stateMachineName: deploymentName,
      description: `Deploys versions of ${service.serviceName}`,
      keyArn: key.keyArn,
      work: { Deploy: this.deploy(deploymentName, green) },
    });
    this.resource = this.addStateMachine(props, green);
  }

  /** May begin a deployment of what was applied last. */
  grantStart(grantee: IGrantee): void {
    grantee.addPolicy(`${this.node.id}Start`, [
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: this.resource.arn },
    ]);
  }

  /** @returns the service's second group */
  private check(props: AutoScalingDeploymentProps): AutoscalingGroup {
    const { deploymentName, service, key, traffic, terminationWaitMinutes = 30, alarmNames = [] } = props;
    if (!service.green) {
      throw new ConfigError(
        `service ${service.serviceName} has the rollout ${service.rollout}; give it rollout: 'blue-green', so that it has a second group.`,
        this,
      );
    }
    if (!/^[a-z0-9-]{1,57}$/.test(deploymentName) || !deploymentName.startsWith(key.keyName)) {
      throw new ConfigError(
        `deploymentName is ${deploymentName}; it must begin with ${key.keyName}, the key's name, and have at most 57 lowercase letters, digits and hyphens.`,
        this,
      );
    }
    const minutes = terminationWaitMinutes + (traffic ?? TrafficShift.canary()).percents.length;
    if (!(Number.isInteger(terminationWaitMinutes) && terminationWaitMinutes >= 0 && minutes <= MOST_MINUTES)) {
      throw new ConfigError(
        `terminationWaitMinutes is ${terminationWaitMinutes}; it must be a whole number from 0, at most ${MOST_MINUTES} together with the minutes of traffic.`,
        this,
      );
    }
    if (alarmNames.length > 48) {
      throw new ConfigError(
        `alarmNames has ${alarmNames.length} names; at most 48 are asked for at once beside the service's two.`,
        this,
      );
    }
    return service.green;
  }

  private deploy(deploymentName: string, green: AutoscalingGroup): PolicyStatement[] {
    const account = AwsAccount.of(this);
    const { resource, template, role, loadBalancer } = this.service;
    return [
      {
        Effect: 'Allow',
        Action: 'autoscaling:UpdateAutoScalingGroup',
        Resource: [resource.arn, green.arn],
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
          'autoscaling:DescribeAutoScalingGroups',
          'elasticloadbalancing:DescribeListeners',
          'elasticloadbalancing:DescribeTargetHealth',
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
        Action: 'states:ListExecutions',
        Resource: account.arn('states', `stateMachine:${deploymentName}`),
      },
      // Who gives a group a template must be allowed to start what is in it.
      // Source: EC2 Auto Scaling user guide, "Control Amazon EC2 launch template usage in Auto Scaling groups".
      {
        Effect: 'Allow',
        Action: 'ec2:RunInstances',
        // Images are of no account; what else is started is of this one.
        Resource: [account.arn('ec2', '*'), `arn:${account.partition}:ec2:${account.region}::image/*`],
        Condition: { ArnEquals: { 'ec2:LaunchTemplate': template.resource.arn } },
      },
      {
        Effect: 'Allow',
        Action: 'ec2:CreateTags',
        // What is started is named by EC2; only on its start.
        Resource: account.arn('ec2', '*'),
        Condition: { StringEquals: { 'ec2:CreateAction': 'RunInstances' } },
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: role.resource.arn,
        Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } },
      },
    ];
  }

  private addStateMachine(props: AutoScalingDeploymentProps, green: AutoscalingGroup): SfnStateMachine {
    const {
      deploymentName,
      key,
      traffic = TrafficShift.canary(),
      terminationWaitMinutes = 30,
      alarmNames = [],
    } = props;
    const { resource, loadBalancer, alarms, capacity, machines } = this.service;
    const { targetGroups, listener, testListener } = loadBalancer;
    const definition = deploymentDefinition({
      blue: { group: resource.name, targetGroupArn: targetGroups.blue.arn },
      green: { group: green.name, targetGroupArn: targetGroups.green.arn },
      listenerArn: listener.arn,
      testListenerArn: testListener.arn,
      alarmNames: [...alarms.alarmNames, ...alarmNames],
      bounds: { min: capacity.minReplicas, max: capacity.maxReplicas },
      mixedInstancesPolicy: machines,
      percents: traffic.percents,
      keepMinutes: terminationWaitMinutes,
      startMinutes: START_MINUTES,
      minuteSeconds: 60,
    });
    return new SfnStateMachine(this, 'Resource', {
      name: deploymentName,
      roleArn: this.role.roleArn,
      definition: Fn.jsonencode(definition),
      ...stateMachineSettings(key.keyArn, this.logGroup),
      dependsOn: this.role.ready,
    });
  }
}
