import { Construct } from 'constructs';
import { AwsAccount } from '../aws-account';
import type { PolicyStatement } from '../policy-document';
import { ServiceRole } from '../service-role';
import type { ArtifactStore } from './artifact-store';
import type { BlueGreenDeployment } from './blue-green-deployment';
import type { BuildStep } from './build-step';

export interface DeliveryRoleProps {
  readonly deliveryName: string;
  readonly connectionArn: string;
  readonly artifacts: ArtifactStore;
  readonly steps: readonly BuildStep[];
  readonly deployment: BlueGreenDeployment;
}

/** What CodePipeline acts as: it reads one source, starts these steps, and begins one deployment. */
export class DeliveryRole extends Construct {
  readonly resource: ServiceRole;

  constructor(scope: Construct, id: string, props: DeliveryRoleProps) {
    super(scope, id);
    const { deliveryName, connectionArn, artifacts, steps } = props;
    this.resource = new ServiceRole(this, 'Resource', {
      roleName: `${deliveryName}-pipeline`,
      description: `Takes changes through the delivery ${deliveryName}`,
      service: 'codepipeline.amazonaws.com',
    });
    artifacts.grantReadWrite(this.resource);
    this.resource.addPolicy('Steps', [
      // A connection is known by both names of its service.
      {
        Effect: 'Allow',
        Action: ['codestar-connections:UseConnection', 'codeconnections:UseConnection'],
        Resource: connectionArn,
      },
      {
        Effect: 'Allow',
        Action: ['codebuild:StartBuild', 'codebuild:BatchGetBuilds'],
        Resource: steps.map(({ resource }) => resource.arn),
      },
    ]);
    this.resource.addPolicy('Deploy', this.deploy(props.deployment));
  }

  private deploy({ application, config, resource, service }: BlueGreenDeployment): PolicyStatement[] {
    const account = AwsAccount.of(this);
    const { task, execution } = service.roles;
    return [
      {
        Effect: 'Allow',
        Action: ['codedeploy:CreateDeployment', 'codedeploy:GetDeployment'],
        Resource: account.arn('codedeploy', `deploymentgroup:${application.name}/${resource.deploymentGroupName}`),
      },
      {
        Effect: 'Allow',
        Action: [
          'codedeploy:GetApplication',
          'codedeploy:GetApplicationRevision',
          'codedeploy:RegisterApplicationRevision',
        ],
        Resource: account.arn('codedeploy', `application:${application.name}`),
      },
      {
        Effect: 'Allow',
        Action: 'codedeploy:GetDeploymentConfig',
        Resource: account.arn('codedeploy', `deploymentconfig:${config.deploymentConfigName}`),
      },
      // ecs:RegisterTaskDefinition takes no resource; which roles a task may have is said below.
      { Effect: 'Allow', Action: 'ecs:RegisterTaskDefinition', Resource: '*' },
      {
        Effect: 'Allow',
        Action: 'ecs:TagResource',
        // The trailing * is the revisions of this service's task.
        Resource: account.arn('ecs', `task-definition/${service.serviceName}:*`),
        Condition: { StringEquals: { 'ecs:CreateAction': 'RegisterTaskDefinition' } },
      },
      {
        Effect: 'Allow',
        Action: 'iam:PassRole',
        Resource: [task.roleArn, execution.roleArn],
        Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
      },
    ];
  }
}
