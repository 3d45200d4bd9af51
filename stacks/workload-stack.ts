import { join } from 'node:path';
import { LocalBackend, TerraformProvider, TerraformStack, type TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import type { ClusterConnection, IRecommenderCluster } from '../constructs/contracts';
import { setContainerSizes } from '../constructs/kubernetes/container-sizes';
import { Budget, CapacityPlan, type Config, ServiceLevelObjective, type WorkloadChoices } from '../src';
import { addKubernetesProviders, type KubeconfigContext } from './kubernetes-providers';
import { Workloads, type WorkloadsProps } from './workloads';

interface DeployedWorkloadsProps
  extends Omit<WorkloadsProps, 'image' | 'capacity' | 'slo' | 'choices' | 'protection' | 'budget' | 'clouds'> {
  readonly cluster: Pick<IRecommenderCluster, 'ready' | 'storageClassName'> & {
    readonly connection: ClusterConnection | KubeconfigContext;
  };
  readonly image: TerraformVariable;
}

/** What every stack has in common: declarations, and what runs in its cluster. */
export abstract class WorkloadStack extends TerraformStack {
  readonly slo: ServiceLevelObjective;
  readonly capacity: CapacityPlan;
  readonly budget: Budget;
  /** Among how many clouds the budget is shared. */
  abstract readonly clouds: number;
  /** Whether what holds data refuses a destroy. */
  abstract readonly protection: boolean;

  constructor(
    scope: Construct,
    id: string,
    { slo, latency, capacity, budget }: Config,
    /** What the config chooses for the cluster. */
    protected readonly choices: WorkloadChoices,
  ) {
    super(scope, id);
    setContainerSizes(this, choices.sizes);
    this.slo = new ServiceLevelObjective({ ...slo, latency });
    this.capacity = new CapacityPlan(capacity);
    this.budget = new Budget(budget);
  }

  /** A rehearsal keeps the state in a folder of its own, whatever the config says of it. */
  protected addRehearsalState({ stateDirectory }: NonNullable<Config['rehearsal']>): void {
    new LocalBackend(this, { path: join(stateDirectory, `${this.node.id}.tfstate`) });
  }

  /** What runs in the cluster, as the config chooses it. */
  protected deployWorkloads({ image, ...props }: DeployedWorkloadsProps): Workloads {
    addKubernetesProviders(this, props.cluster.connection);
    const { capacity, slo, choices, protection, budget, clouds } = this;
    return new Workloads(this, { ...props, image: image.value, capacity, slo, choices, protection, budget, clouds });
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
