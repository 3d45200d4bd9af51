import { join } from 'node:path';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import {
  type ITerraformDependable,
  LocalBackend,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  TerraformVariable,
} from 'cdktf';
import { type Construct, RootConstruct } from 'constructs';
import {
  type ClusterConnection,
  EndpointAccess,
  type IRecommenderCluster,
  type IWorkloadIdentity,
} from '../constructs/contracts';
import { ModelServer } from '../constructs/kubernetes/model-server';
import { NetworkPeer } from '../constructs/kubernetes/network-peer';
import { ObservabilityStack } from '../constructs/kubernetes/observability-stack';
import { RecommenderNamespace } from '../constructs/kubernetes/recommender-namespace';
import {
  Budget,
  CapacityPlan,
  type Config,
  ConfigError,
  type EnvironmentName,
  Naming,
  ServiceLevelObjective,
  standardTags,
} from '../src';

export interface RecommenderStackProps {
  readonly config: Config;
  readonly environment: EnvironmentName;
}

type EnvironmentConfig = NonNullable<Config['environments'][EnvironmentName]>;

export interface WorkloadsProps {
  readonly cluster: Pick<IRecommenderCluster, 'connection' | 'ready' | 'storageClassName'>;
  /** What must exist before anything that keeps data on a volume. */
  readonly volumes?: ITerraformDependable[];
  readonly modelReader: IWorkloadIdentity;
  /** Namespaces whose pods may call the model server. */
  readonly callers: readonly string[];
  readonly modelStoreUrl: string;
  readonly image: TerraformVariable;
  /** More environment variables of the model server. */
  readonly environment?: Record<string, string>;
}

/** What the stacks of both clouds have in common: names, tags, declarations, and what runs in the cluster. */
export abstract class RecommenderStack extends TerraformStack {
  readonly naming: Naming;
  /** Whether what holds data refuses a destroy: on outside dev unless the config switches it off. */
  readonly protection: boolean;
  readonly slo: ServiceLevelObjective;
  readonly capacity: CapacityPlan;
  readonly budget: Budget;
  protected readonly standardTags: Record<string, string>;

  constructor(scope: Construct, cloud: 'aws' | 'azure', props: RecommenderStackProps) {
    super(scope, `${cloud}-${props.environment}`);
    const { config, environment } = props;
    this.naming = new Naming(config.project, environment);
    this.protection = config.environments[environment]?.protection ?? environment !== 'dev';
    this.slo = new ServiceLevelObjective(config.slo);
    this.capacity = new CapacityPlan(config.capacity);
    this.budget = new Budget(config.budget);
    this.standardTags = standardTags({ project: config.project, environment, owner: config.owner });
  }

  /** The config of this stack's cloud. */
  protected settingsOf<Cloud extends 'aws' | 'azure'>(
    cloud: Cloud,
    { config, environment }: RecommenderStackProps,
  ): NonNullable<EnvironmentConfig[Cloud]> {
    const settings = config.environments[environment]?.[cloud];
    if (settings) return settings;
    throw new ConfigError(
      `the config has no environments.${environment}.${cloud}; add it, or make no ${this.constructor.name} for ${environment}.`,
      this,
    );
  }

  /** A rehearsal keeps the state in a folder of its own, whatever the config says of it. */
  protected addRehearsalState({ stateDirectory }: NonNullable<Config['rehearsal']>): void {
    new LocalBackend(this, { path: join(stateDirectory, `${this.node.id}.tfstate`) });
  }

  protected endpointAccess({
    endpointAccess,
  }: {
    endpointAccess: 'private' | { public: { cidrs: string[] } };
  }): EndpointAccess {
    return endpointAccess === 'private' ? EndpointAccess.private() : EndpointAccess.public(endpointAccess.public);
  }

  /** What runs in the cluster; answers where the sync job goes. */
  protected deployWorkloads(props: WorkloadsProps): { namespace: RecommenderNamespace; image: string } {
    const { cluster, volumes = [], modelReader, callers, modelStoreUrl, environment } = props;
    const { storageClassName, ready } = cluster;
    const image: string = props.image.value;
    this.configureKubernetes(cluster.connection);
    const namespace = new RecommenderNamespace(this, 'Namespace', { cluster });
    const modelServer = new ModelServer(this, 'ModelServer', {
      namespace,
      image,
      identity: modelReader,
      modelStoreUrl,
      capacity: this.capacity,
      slo: this.slo,
      environment,
    });
    for (const caller of callers) {
      const port = modelServer.scrapeTarget.portName;
      modelServer.connections.allowFrom(
        NetworkPeer.namespace(caller),
        [{ port }],
        'The config has it among the callers',
      );
    }
    new ObservabilityStack(this, 'ObservabilityStack', {
      cluster: { storageClassName, ready: [...ready, ...volumes] },
      modelServer,
      slo: this.slo,
    });
    return { namespace, image };
  }

  /** The model server's image: no default, and a digest, so that what was tested is what runs. */
  protected imageVariable(): TerraformVariable {
    const image = new TerraformVariable(this, 'image', {
      type: 'string',
      nullable: false,
      description:
        'Image of the model server by digest: registry.example.com/path/model-server@sha256:<64 hex digits>.',
    });
    image.addValidation({
      condition: `\${can(regex("^[a-z0-9.-]+\\\\.[a-z0-9.-]+(:[0-9]+)?/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", var.image))}`,
      errorMessage:
        'image must name a registry and a digest: registry.example.com/path/model-server@sha256:<64 hex digits>. A tag can change under a running deployment.',
    });
    return image;
  }

  private configureKubernetes(connection: ClusterConnection): void {
    const { host, clusterCaCertificate, exec } = connection;
    new KubernetesProvider(this, 'Kubernetes', { host, clusterCaCertificate, exec: [exec] });
    // An override, because `cdktf synth --hcl` of cdktf 0.21 writes the argument `kubernetes` as a block, which the
    // Helm provider 3 refuses: https://registry.terraform.io/providers/hashicorp/helm/3.1.1/docs
    new HelmProvider(this, 'Helm', {}).addOverride('kubernetes', {
      host,
      cluster_ca_certificate: clusterCaCertificate,
      exec: { api_version: exec.apiVersion, command: exec.command, args: exec.args },
    });
  }

  /**
   * Makes Terraform forget what an earlier deploy put into the cluster. Without it, a stack that leaves the contents out
   * would destroy them, and would have to ask the API server first.
   */
  protected letGoOfWorkloads(
    stack: new (scope: Construct, props: RecommenderStackProps) => RecommenderStack,
    cloud: 'aws' | 'azure',
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

  /**
   * Replaces the exact versions that the prebuilt bindings ask for. Called when the stack has its providers: a version
   * of one that it doesn't use would make Terraform look for it.
   */
  protected pinProviders(versions: Config['providerVersions']): void {
    const used = this.node.children
      .filter(TerraformProvider.isTerraformProvider)
      .map((one) => one.terraformResourceType);
    for (const [provider, version] of Object.entries(versions)) {
      if (!used.includes(provider)) continue;
      this.addOverride(`terraform.required_providers.${provider}.version`, version);
    }
  }
}
