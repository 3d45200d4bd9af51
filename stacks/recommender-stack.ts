import { TerraformResource, type TerraformStack, TerraformVariable } from 'cdktf';
import { type Construct, RootConstruct } from 'constructs';
import { EndpointAccess } from '../constructs/contracts';
import type { RunningContainers } from '../constructs/kubernetes/cluster-load';
import { type Config, ConfigError, type EnvironmentConfig, type EnvironmentName, Naming, standardTags } from '../src';
import { runningContainers } from './workload-choices';
import { WorkloadStack } from './workload-stack';

export interface RecommenderStackProps {
  readonly config: Config;
  readonly environment: EnvironmentName;
}

/** What the stacks of both clouds have in common: names, tags, declarations, and what runs in the cluster. */
export abstract class RecommenderStack<Cloud extends 'aws' | 'azure'> extends WorkloadStack {
  readonly naming: Naming;
  /** Whether what holds data refuses a destroy: on outside dev unless the config switches it off. */
  readonly protection: boolean;
  readonly clouds: number;
  /** What the config says of this cloud. */
  protected readonly settings: NonNullable<EnvironmentConfig[Cloud]>;
  readonly standardTags: Record<string, string>;

  constructor(scope: Construct, cloud: Cloud, { config, environment }: RecommenderStackProps) {
    const settings = config.environments[environment];
    const ofCloud = settings?.[cloud];
    if (!settings || !ofCloud) {
      throw new ConfigError(
        `the config has no environments.${environment}.${cloud}; add it, or make no ${new.target.name} for ${environment}.`,
      );
    }
    super(scope, `${cloud}-${environment}`, config, settings);
    this.settings = ofCloud;
    this.naming = new Naming(config.project, environment);
    this.protection = settings.protection ?? environment !== 'dev';
    this.clouds = settings.aws && settings.azure ? 2 : 1;
    this.standardTags = standardTags({
      project: config.project,
      environment,
      owner: config.owner,
      costCenter: config.costCenter,
    });
  }

  /** What runs in the cluster beside the model server. */
  protected get running(): RunningContainers[] {
    return runningContainers(this.choices);
  }

  protected endpointAccess({
    endpointAccess,
  }: {
    endpointAccess: 'private' | { public: { cidrs: string[] } };
  }): EndpointAccess {
    return endpointAccess === 'private' ? EndpointAccess.private() : EndpointAccess.public(endpointAccess.public);
  }

  /** An image, `image` being the model server's: no default, and a digest, so that what was tested is what runs. */
  imageVariable(name = 'image', of = 'the model server', repository = 'model-server'): TerraformVariable {
    const form = `registry.example.com/path/${repository}@sha256:<64 hex digits>`;
    const image = new TerraformVariable(this, name, {
      type: 'string',
      nullable: false,
      description: `Image of ${of} by digest: ${form}.`,
    });
    image.addValidation({
      condition: `\${can(regex("^[a-z0-9.-]+\\\\.[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.${name}))}`,
      errorMessage: `${name} must name a registry and a digest: ${form}. A tag can change under a running deployment.`,
    });
    return image;
  }

  /**
   * Makes Terraform forget what an earlier deploy put into the cluster. Without it, a stack that leaves the contents out
   * would destroy them, and would have to ask the API server first.
   */
  protected letGoOfWorkloads(
    stack: new (scope: Construct, props: RecommenderStackProps) => TerraformStack,
    cloud: Cloud,
    { config, environment }: RecommenderStackProps,
  ): void {
    const settings = config.environments[environment];
    const whole = { ...settings, [cloud]: { ...settings?.[cloud], workloads: 'deploy' } };
    const environments = { ...config.environments, [environment]: whole };
    const removed = new stack(new RootConstruct(), { config: { ...config, environments } as Config, environment }).node
      .findAll()
      .filter(TerraformResource.isTerraformResource)
      .filter(({ terraformResourceType }) => /^(kubernetes|helm)_/.test(terraformResourceType))
      .map((resource) => ({
        from: `${resource.terraformResourceType}.${resource.friendlyUniqueId}`,
        lifecycle: { destroy: false },
      }));
    // An override, because cdktf 0.21 has no construct for it: https://developer.hashicorp.com/terraform/language/block/removed
    this.addOverride('removed', removed);
  }
}
