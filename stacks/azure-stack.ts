import { AzurermProvider } from '@cdktf/provider-azurerm/lib/provider';
import { ResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { Aspects, AzurermBackend } from 'cdktf';
import type { Construct } from 'constructs';
import { clusterTierFor } from '../constructs/azure/cluster-tier';
import { CostBudget } from '../constructs/azure/cost-budget';
import { CrossCloudSync } from '../constructs/azure/cross-cloud-sync';
import { checkKubernetesVersion } from '../constructs/azure/kubernetes-version';
import { ModelStore } from '../constructs/azure/model-store';
import { Network } from '../constructs/azure/network';
import { RecommenderCluster } from '../constructs/azure/recommender-cluster';
import type { WorkloadIdentity } from '../constructs/azure/workload-identity';
import type { IRecommenderCluster } from '../constructs/contracts';
import { MODEL_FOLLOWER_SERVICE_ACCOUNT } from '../constructs/kubernetes/model-follower';
import { MODEL_SERVER_SERVICE_ACCOUNT } from '../constructs/kubernetes/model-server';
import { defaultNetworkCidr, TagsAspect } from '../src';
import { addAzureOutputs } from './azure-outputs';
import { RecommenderStack, type RecommenderStackProps } from './recommender-stack';

/** Resource providers that the stack's resources belong to; Azure registers the few others by itself. */
const RESOURCE_PROVIDERS = [
  'Microsoft.Compute',
  'Microsoft.ContainerService',
  'Microsoft.ManagedIdentity',
  'Microsoft.Network',
  'Microsoft.Storage',
];

/** Who uses the model store, one for each service account. */
interface StoreIdentities {
  readonly modelReader: WorkloadIdentity;
  readonly rolloutReporter: WorkloadIdentity;
}

/** Everything of one environment on Azure: `azure-<environment>`. */
export class AzureStack extends RecommenderStack<'azure'> {
  readonly resourceGroup: ResourceGroup;
  readonly cluster: IRecommenderCluster<WorkloadIdentity>;
  readonly modelStore: ModelStore;
  readonly sync: CrossCloudSync;

  constructor(scope: Construct, props: RecommenderStackProps) {
    super(scope, 'azure', props);
    this.addProviders();
    this.addBackend(props);
    Aspects.of(this).add(new TagsAspect(this.standardTags));

    this.resourceGroup = this.addResourceGroup();
    this.modelStore = this.addModelStore();
    this.cluster = this.addCluster(props);
    const modelReader = this.cluster.addWorkloadIdentity('ModelServerIdentity', MODEL_SERVER_SERVICE_ACCOUNT);
    this.modelStore.grants.read(modelReader);
    const rolloutReporter = this.cluster.addWorkloadIdentity('ModelFollowerIdentity', MODEL_FOLLOWER_SERVICE_ACCOUNT);
    this.modelStore.grants.reportRollouts(rolloutReporter);
    const job = this.addWorkloads({ modelReader, rolloutReporter }, props);
    this.sync = new CrossCloudSync(this, 'CrossCloudSync', {
      cluster: this.cluster,
      modelStore: this.modelStore,
      resourceGroup: this.resourceGroup,
      readerIdentityName: this.naming.name('sync-reader'),
      peer: this.settings.peer,
      job,
    });
    new CostBudget(this, 'CostBudget', {
      budgetName: this.naming.name('monthly'),
      subscriptionId: this.settings.subscriptionId,
      budget: this.budget,
      clouds: this.clouds,
    });

    addAzureOutputs(this, this.settings);
    this.pinProviders(props.config.providerVersions);
  }

  private addProviders(): void {
    new AzurermProvider(this, 'Azurerm', {
      subscriptionId: this.settings.subscriptionId,
      // Only what the stack uses, instead of the dozens that the provider would register.
      resourceProviderRegistrations: 'none',
      resourceProvidersToRegister: RESOURCE_PROVIDERS,
      storageUseAzuread: true,
      // Whoever deploys has no role on the store's data, and needs none.
      features: [{ storage: [{ dataPlaneAvailable: false }] }],
    });
    new TimeProvider(this, 'Time');
  }

  private addBackend({ config, environment }: RecommenderStackProps): void {
    const { state } = this.settings;
    if (config.rehearsal) {
      this.addRehearsalState(config.rehearsal);
    } else if (state.kind === 'azurerm') {
      new AzurermBackend(this, {
        resourceGroupName: state.resourceGroupName,
        storageAccountName: state.storageAccountName,
        containerName: state.containerName,
        key: `${config.project}/${environment}/azure.tfstate`,
        useAzureadAuth: true,
      });
    }
  }

  private addResourceGroup(): ResourceGroup {
    return new ResourceGroup(this, 'ResourceGroup', {
      name: this.naming.prefix,
      location: this.settings.location,
      lifecycle: { preventDestroy: this.protection },
    });
  }

  private addModelStore(): ModelStore {
    return new ModelStore(this, 'ModelStore', {
      accountName: this.naming.compact('models', this.settings.subscriptionId),
      resourceGroup: this.resourceGroup,
      replication: this.settings.zones.length > 0 ? 'ZRS' : 'LRS',
      protection: this.protection,
    });
  }

  private addCluster({ environment }: RecommenderStackProps): IRecommenderCluster<WorkloadIdentity> {
    const { settings, resourceGroup } = this;
    if (settings.existingCluster) {
      return RecommenderCluster.fromExisting(this, 'Cluster', {
        clusterName: settings.existingCluster.name,
        clusterResourceGroupName: settings.existingCluster.resourceGroupName,
        resourceGroup,
      });
    }
    const { kubernetesVersion } = settings;
    if (kubernetesVersion !== undefined) checkKubernetesVersion(kubernetesVersion, this);
    return new RecommenderCluster(this, 'Cluster', {
      clusterName: this.naming.prefix,
      resourceGroup,
      network: new Network(this, 'Network', {
        networkName: this.naming.prefix,
        resourceGroup,
        cidr: settings.networkCidr ?? defaultNetworkCidr('azure', environment),
        zones: settings.zones,
        egress: settings.egress,
      }),
      endpointAccess: this.endpointAccess(settings),
      adminGroupObjectIds: settings.adminGroupObjectIds,
      capacity: this.capacity,
      running: this.running,
      vmSize: settings.node.vmSize,
      nodeCount: settings.node.count,
      zones: settings.zones,
      kubernetesVersion,
      // In dev nobody is promised anything.
      tier: environment === 'dev' ? 'Free' : clusterTierFor(this.slo),
      containerRegistryId: settings.containerRegistryId,
      protection: this.protection,
    });
  }

  /** What runs in the cluster, unless the config leaves it out; answers where the sync job goes. */
  private addWorkloads({ modelReader, rolloutReporter }: StoreIdentities, props: RecommenderStackProps) {
    if (this.settings.workloads === 'skip') {
      this.letGoOfWorkloads(AzureStack, 'azure', props);
      return undefined;
    }
    return this.deployWorkloads({
      cluster: this.cluster,
      modelReader,
      modelFollower: { identity: rolloutReporter, clusterName: this.node.id },
      callers: this.settings.callers,
      modelStoreUrl: this.modelStore.modelStoreUrl,
      image: this.imageVariable(),
    });
  }
}
