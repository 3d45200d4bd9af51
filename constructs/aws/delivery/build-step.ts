import { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import { Construct } from 'constructs';
import { ConfigError, type DeliveryStep } from '../../../src';
import { AwsAccount } from '../aws-account';
import type { EncryptedLogGroup } from '../encrypted-log-group';
import { ServiceRole } from '../service-role';
import type { ArtifactStore } from './artifact-store';
import { buildSpec } from './build-spec';

export interface BuildStepProps {
  readonly deliveryName: string;
  readonly step: DeliveryStep;
  readonly artifacts: ArtifactStore;
  readonly logGroup: EncryptedLogGroup;
  /** Variables beside the step's own. */
  readonly environment: Readonly<Record<string, string>>;
  /** Files that later steps get. */
  readonly produces?: readonly string[];
  /** Whether it runs Docker, for which CodeBuild gives the build's container all rights on its machine. */
  readonly privileged?: boolean;
}

/** AWS' own image for builds on arm64, with Node, Docker and the AWS CLI. */
const IMAGE = 'aws/codebuild/amazonlinux-aarch64-standard:3.0';

/** A step of a delivery: a project of CodeBuild on arm64, with a role of its own. */
export class BuildStep extends Construct {
  readonly resource: CodebuildProject;
  readonly role: ServiceRole;

  constructor(scope: Construct, id: string, props: BuildStepProps) {
    super(scope, id);
    const { deliveryName, step } = props;
    if (!/^[a-z][a-z0-9-]{0,30}$/.test(step.name)) {
      throw new ConfigError(
        `a step is called ${step.name}; allowed are 1 to 31 lowercase letters, digits and hyphens, beginning with a letter.`,
        this,
      );
    }
    const name = `${deliveryName}-${step.name}`;
    this.role = this.addRole(name, props);
    this.resource = this.addProject(name, props);
  }

  private addRole(name: string, { artifacts, logGroup, step }: BuildStepProps): ServiceRole {
    const role = new ServiceRole(this, 'Role', {
      roleName: name,
      description: `Runs the step ${step.name} of a delivery`,
      service: 'codebuild.amazonaws.com',
    });
    artifacts.grantReadWrite(role);
    logGroup.grantWrite(role);
    if (step.junit !== undefined) {
      role.addPolicy('Reports', [
        {
          Effect: 'Allow',
          Action: [
            'codebuild:CreateReportGroup',
            'codebuild:CreateReport',
            'codebuild:UpdateReport',
            'codebuild:BatchPutTestCases',
          ],
          // CodeBuild puts the project's name before the report's.
          Resource: AwsAccount.of(this).arn('codebuild', `report-group/${name}-*`),
        },
      ]);
    }
    return role;
  }

  private addProject(name: string, props: BuildStepProps): CodebuildProject {
    const { step, artifacts, logGroup, privileged = false, produces = [] } = props;
    const variables = { ...props.environment, ...step.environment };
    return new CodebuildProject(this, 'Resource', {
      name,
      description: `Runs the step ${step.name} of a delivery`,
      serviceRole: this.role.roleArn,
      encryptionKey: artifacts.key.keyArn,
      buildTimeout: step.timeoutMinutes ?? 30,
      queuedTimeout: 60,
      source: { type: 'CODEPIPELINE', buildspec: JSON.stringify(buildSpec(step, produces)) },
      artifacts: { type: 'CODEPIPELINE' },
      environment: {
        type: 'ARM_CONTAINER',
        computeType: 'BUILD_GENERAL1_SMALL',
        image: IMAGE,
        imagePullCredentialsType: 'CODEBUILD',
        privilegedMode: privileged,
        environmentVariable: Object.entries(variables).map(([name, value]) => ({ name, value })),
      },
      cache:
        step.cached === undefined
          ? { type: 'NO_CACHE' }
          : { type: 'S3', location: `${artifacts.resource.bucket}/cache/${step.name}` },
      logsConfig: { cloudwatchLogs: { groupName: logGroup.logGroupName, streamName: step.name } },
      dependsOn: this.role.ready,
    });
  }
}
