import type { CodebuildProject } from '@cdktf/provider-aws/lib/codebuild-project';
import { Codepipeline, type CodepipelineStageAction } from '@cdktf/provider-aws/lib/codepipeline';
import { Construct } from 'constructs';
import { ConfigError, type DeliveryStage, type DeliveryStep, TEST_STAGE } from '../../../src';
import type { ReadableModelStore } from '../../contracts';
import { EncryptedLogGroup } from '../encrypted-log-group';
import type { IGrantee } from '../policy-document';
import { Approvers } from './approvers';
import { ArtifactStore } from './artifact-store';
import type { BlueGreenDeployment } from './blue-green-deployment';
import { BuildStep } from './build-step';
import { DeliveryRole } from './delivery-role';
import { DEPLOYMENT_FILES, type IImageRepository, IMAGE_STEP, imagePermissions } from './image-step';
import {
  approvalAction,
  buildAction,
  type DeliverySource,
  deployAction,
  imageAction,
  SOURCE_ACTION,
  sourceAction,
} from './pipeline-actions';

interface ModelPublishing {
  write(grantee: IGrantee): void;
  promote(grantee: IGrantee): void;
}

export interface DeliveryPipelineProps {
  /** Name of the pipeline, which other names begin with: 2 to 24 lowercase letters, digits and hyphens. */
  readonly deliveryName: string;
  /** Name of the bucket for what steps leave, unique in all of AWS. */
  readonly bucketName: string;
  readonly source: DeliverySource;
  /** Where the image goes. Its tags should be immutable. */
  readonly repository: IImageRepository;
  /** What the image is deployed by. */
  readonly deployment: BlueGreenDeployment;
  /** What steps with `usesModels` read and write. */
  readonly modelStore: ReadableModelStore<IGrantee> & { readonly grants: ModelPublishing };
  /**
   * What comes between the source and the image.
   * @default [TEST_STAGE]
   */
  readonly stages?: readonly DeliveryStage[];
  /**
   * E-mail addresses of people who are asked before each deployment, and wait for up to seven days.
   * @default - nobody is asked
   */
  readonly approvers?: readonly string[];
  /**
   * Days that logs of the steps, and what they left, are kept.
   * @default 30
   */
  readonly retentionDays?: number;
  /**
   * Refuses a destroy of the logs and their key.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * From a push to a deployment: a pipeline of CodePipeline, whose steps run on CodeBuild and which ends with CodeDeploy.
 */
export class DeliveryPipeline extends Construct {
  readonly resource: Codepipeline;
  readonly role: DeliveryRole;
  readonly artifacts: ArtifactStore;
  readonly logGroup: EncryptedLogGroup;
  readonly steps: readonly BuildStep[];
  /** Absent when nobody is asked. */
  readonly approvers?: Approvers;

  constructor(scope: Construct, id: string, props: DeliveryPipelineProps) {
    super(scope, id);
    this.check(props);
    const { deliveryName, bucketName, retentionDays = 30, protection = true } = props;
    this.artifacts = new ArtifactStore(this, 'Artifacts', { bucketName, retentionDays });
    this.logGroup = new EncryptedLogGroup(this, 'Logs', {
      logGroupName: `/recommender/${deliveryName}/delivery`,
      keyAliasName: `${deliveryName}-delivery-logs`,
      retentionDays,
      protection,
    });
    this.steps = [...stepsOf(props).map((step) => this.addStep(step, props)), this.addImageStep(props)];
    if (props.approvers) this.approvers = this.addApprovers(deliveryName, props.approvers);
    this.role = this.addRole(props);
    this.resource = this.addPipeline(props);
  }

  private check(props: DeliveryPipelineProps): void {
    const { deliveryName, source, approvers } = props;
    if (!/^[a-z][a-z0-9-]{0,22}[a-z0-9]$/.test(deliveryName)) {
      throw new ConfigError(
        `deliveryName is ${deliveryName}; it must be 2 to 24 lowercase letters, digits and hyphens, beginning with a letter.`,
        this,
      );
    }
    if (!/^[\w.-]+(?:\/[\w.-]+)+$/.test(source.repository)) {
      throw new ConfigError(`source.repository is ${source.repository}; it must be owner/name.`, this);
    }
    if (approvers?.length === 0) {
      throw new ConfigError('approvers is empty; name somebody, or leave it out, and nobody is asked.', this);
    }
    const names = [...stepsOf(props), IMAGE_STEP].map(({ name }) => name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new ConfigError(`two steps are called ${twice}; the construct has one called ${IMAGE_STEP.name}.`, this);
    }
  }

  private addStep(step: DeliveryStep, { deliveryName, modelStore }: DeliveryPipelineProps): BuildStep {
    const environment: Record<string, string> = step.usesModels ? { RECOMMENDER_STORE: modelStore.modelStoreUrl } : {};
    const { artifacts, logGroup } = this;
    const added = new BuildStep(this, stepId(step.name), { deliveryName, step, artifacts, logGroup, environment });
    if (step.usesModels) {
      modelStore.grants.write(added.role);
      modelStore.grants.promote(added.role);
    }
    return added;
  }

  private addImageStep({ deliveryName, repository, deployment }: DeliveryPipelineProps): BuildStep {
    const { artifacts, logGroup } = this;
    const added = new BuildStep(this, stepId(IMAGE_STEP.name), {
      deliveryName,
      step: IMAGE_STEP,
      artifacts,
      logGroup,
      environment: { REPOSITORY_URL: repository.repositoryUrl, TASK_FAMILY: deployment.service.serviceName },
      produces: Object.values(DEPLOYMENT_FILES),
      privileged: true,
    });
    added.role.addPolicy('PushImage', imagePermissions(repository));
    return added;
  }

  private addApprovers(deliveryName: string, emails: readonly string[]): Approvers {
    return new Approvers(this, 'Approvers', { topicName: `${deliveryName}-approvals`, emails });
  }

  private addRole({ deliveryName, source, deployment }: DeliveryPipelineProps): DeliveryRole {
    const { artifacts, steps } = this;
    const { connectionArn } = source;
    const role = new DeliveryRole(this, 'Role', { deliveryName, connectionArn, artifacts, steps, deployment });
    this.approvers?.grantTell(role.resource);
    return role;
  }

  private addPipeline({
    deliveryName,
    source,
    stages = [TEST_STAGE],
    deployment,
  }: DeliveryPipelineProps): Codepipeline {
    const branches = { includes: [source.branch ?? 'main'] };
    const filePaths = source.paths && { includes: [...source.paths] };
    return new Codepipeline(this, 'Resource', {
      name: deliveryName,
      pipelineType: 'V2',
      // One after the other: none is passed over, and no two deploy at once.
      executionMode: 'QUEUED',
      roleArn: this.role.resource.roleArn,
      artifactStore: [
        {
          type: 'S3',
          location: this.artifacts.resource.bucket,
          encryptionKey: { type: 'KMS', id: this.artifacts.key.keyArn },
        },
      ],
      trigger: [
        {
          providerType: 'CodeStarSourceConnection',
          gitConfiguration: { sourceActionName: SOURCE_ACTION, push: [{ branches, ...(filePaths && { filePaths }) }] },
        },
      ],
      stage: [
        { name: 'Source', action: [sourceAction(source)] },
        ...stages.map(({ name, steps }) => ({
          name,
          action: steps.map((step, index) => buildAction(step, this.projectOf(step), index + 1)),
        })),
        { name: 'Image', action: [imageAction(this.projectOf(IMAGE_STEP))] },
        { name: 'Deploy', action: [...this.approval(), deployAction(deployment)] },
      ],
      dependsOn: this.role.resource.ready,
    });
  }

  private projectOf({ name }: DeliveryStep): CodebuildProject {
    const step = this.steps.find(({ node }) => node.id === stepId(name)) as BuildStep;
    return step.resource;
  }

  private approval(): CodepipelineStageAction[] {
    return this.approvers ? [approvalAction(this.approvers)] : [];
  }
}

const stepsOf = ({ stages = [TEST_STAGE] }: Pick<DeliveryPipelineProps, 'stages'>) =>
  stages.flatMap(({ steps }) => steps);

/** `ShopTest` for `shop-test`. */
const stepId = (name: string) => name.replace(/(?:^|-)(.)/g, (_, letter: string) => letter.toUpperCase());
