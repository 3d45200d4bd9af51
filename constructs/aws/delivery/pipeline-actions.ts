import type { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import type { CodepipelineStageAction } from '@cdktf/provider-aws/lib/codepipeline';
import type { DeliveryStep } from '../../../src';
import type { Approvers } from './approvers';
import type { BlueGreenDeployment } from './blue-green-deployment';
import { DEPLOYMENT_FILES, IMAGE_PLACEHOLDER, IMAGE_STEP } from './image-step';

/** What begins a delivery. */
export interface DeliverySource {
  /** ARN of a connection of CodeConnections to GitHub or GitLab: somebody has to confirm it there once. */
  readonly connectionArn: string;
  /** `owner/name` */
  readonly repository: string;
  /**
   * Pushes to it begin a delivery.
   * @default 'main'
   */
  readonly branch?: string;
  /**
   * Only pushes that change one of these, as globs: `['model-server/**']`. At most 8.
   * @default - any push to the branch
   */
  readonly paths?: readonly string[];
}

/** Name of the action that fetches the source, and of what it leaves. */
export const SOURCE_ACTION = 'source';

const BY_AWS = { owner: 'AWS', version: '1' } as const;

export function sourceAction(source: DeliverySource): CodepipelineStageAction {
  return {
    ...BY_AWS,
    name: SOURCE_ACTION,
    category: 'Source',
    provider: 'CodeStarSourceConnection',
    outputArtifacts: [SOURCE_ACTION],
    configuration: {
      ConnectionArn: source.connectionArn,
      FullRepositoryId: source.repository,
      BranchName: source.branch ?? 'main',
      // The pipeline's trigger says which pushes count.
      DetectChanges: 'false',
    },
  };
}

/** @param runOrder 1 for what runs first in its stage */
export function buildAction(step: DeliveryStep, project: CodebuildProject, runOrder: number): CodepipelineStageAction {
  return {
    ...BY_AWS,
    name: step.name,
    category: 'Build',
    provider: 'CodeBuild',
    runOrder,
    inputArtifacts: [SOURCE_ACTION],
    configuration: { ProjectName: project.name },
  };
}

/** Leaves what the deployment reads. */
export function imageAction(project: CodebuildProject): CodepipelineStageAction {
  return { ...buildAction(IMAGE_STEP, project, 1), outputArtifacts: [IMAGE_STEP.name] };
}

/** Waits until somebody has said yes, for seven days at most. */
export function approvalAction({ topic }: Approvers): CodepipelineStageAction {
  return {
    ...BY_AWS,
    name: 'approve',
    category: 'Approval',
    provider: 'Manual',
    runOrder: 1,
    configuration: { NotificationArn: topic.arn },
  };
}

/** Registers the service's task with the new image, and has CodeDeploy roll it out. */
export function deployAction({ application, resource }: BlueGreenDeployment): CodepipelineStageAction {
  const { name } = IMAGE_STEP;
  return {
    ...BY_AWS,
    name: 'deploy',
    category: 'Deploy',
    provider: 'CodeDeployToECS',
    runOrder: 2,
    inputArtifacts: [name],
    configuration: {
      ApplicationName: application.name,
      DeploymentGroupName: resource.deploymentGroupName,
      TaskDefinitionTemplateArtifact: name,
      TaskDefinitionTemplatePath: DEPLOYMENT_FILES.task,
      AppSpecTemplateArtifact: name,
      AppSpecTemplatePath: DEPLOYMENT_FILES.appSpec,
      Image1ArtifactName: name,
      Image1ContainerName: IMAGE_PLACEHOLDER,
    },
  };
}
