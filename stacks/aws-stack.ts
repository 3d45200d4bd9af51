import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { LocalBackend, S3Backend } from 'cdktf';
import type { Construct } from 'constructs';
import { CostBudget } from '../constructs/aws/cost-budget';
import { CrossCloudSync } from '../constructs/aws/cross-cloud-sync';
import { checkKubernetesVersion } from '../constructs/aws/kubernetes-version';
import { ModelStore } from '../constructs/aws/model-store';
import { Network } from '../constructs/aws/network';
import type { PodIdentity } from '../constructs/aws/pod-identity';
import { RecommenderCluster } from '../constructs/aws/recommender-cluster';
import { StorageClass } from '../constructs/aws/storage-class';
import { EndpointAccess, type IRecommenderCluster } from '../constructs/contracts';
import { MODEL_SERVER_SERVICE_ACCOUNT, ModelServer } from '../constructs/kubernetes/model-server';
import { ObservabilityStack } from '../constructs/kubernetes/observability-stack';
import { RecommenderNamespace } from '../constructs/kubernetes/recommender-namespace';
import { ConfigError, defaultNetworkCidr } from '../src';
import type { AwsConfig } from '../src/config/schema';
import { requireAdminDeployer } from './aws-deployer';
import { addAwsOutputs } from './aws-outputs';
import { RecommenderStack, type RecommenderStackProps } from './recommender-stack';

/** Everything of one environment on AWS: `aws-<environment>`. */
export class AwsStack extends RecommenderStack {
  readonly modelStore: ModelStore;
  readonly cluster: IRecommenderCluster<PodIdentity>;
  readonly sync: CrossCloudSync;
  private readonly settings: AwsConfig;

  constructor(scope: Construct, props: RecommenderStackProps) {
    super(scope, 'aws', props);
    const { config, environment } = props;
    this.settings = this.settingsOf(props);
    this.addProviders();
    this.addBackend(props);

    this.modelStore = new ModelStore(this, 'ModelStore', {
      bucketName: this.naming.name('models', this.settings.accountId),
      protection: this.protection,
    });
    this.cluster = this.addCluster(props);
    const modelReader = this.cluster.addWorkloadIdentity('ModelServerIdentity', MODEL_SERVER_SERVICE_ACCOUNT);
    this.modelStore.grants.read(modelReader);
    const job = this.addWorkloads(modelReader, props);
    this.sync = new CrossCloudSync(this, 'CrossCloudSync', {
      cluster: this.cluster,
      modelStore: this.modelStore,
      readerRoleName: this.naming.name('sync-reader'),
      peer: this.settings.peer,
      job,
    });
    new CostBudget(this, 'CostBudget', {
      budgetName: this.naming.name('monthly'),
      budget: this.budget,
      clouds: config.environments[environment]?.azure ? 2 : 1,
    });

    addAwsOutputs(this, this.settings);
    this.pinProviders(config.providerVersions);
  }

  private settingsOf({ config, environment }: RecommenderStackProps): AwsConfig {
    const settings = config.environments[environment]?.aws;
    if (settings) return settings;
    throw new ConfigError(
      `the config has no environments.${environment}.aws; add it, or make no AwsStack for ${environment}.`,
      this,
    );
  }

  private addProviders(): void {
    new AwsProvider(this, 'Aws', {
      region: this.settings.region,
      allowedAccountIds: [this.settings.accountId],
      defaultTags: [{ tags: this.standardTags }],
    });
    new TimeProvider(this, 'Time');
  }

  private addBackend({ config, environment }: RecommenderStackProps): void {
    const { state } = this.settings;
    if (config.rehearsal) {
      new LocalBackend(this, { path: join(config.rehearsal.stateDirectory, `${this.node.id}.tfstate`) });
    } else if (state.kind === 's3') {
      new S3Backend(this, {
        bucket: state.bucket,
        key: `${config.project}/${environment}/aws.tfstate`,
        region: state.region,
        encrypt: true,
        kmsKeyId: state.kmsKeyId,
      });
      // cdktf 0.21's S3Backend has no prop for S3's own locking: https://developer.hashicorp.com/terraform/language/backend/s3
      this.addOverride('terraform.backend.s3.use_lockfile', true);
    }
  }

  private addCluster({ environment }: RecommenderStackProps): IRecommenderCluster<PodIdentity> {
    const { settings } = this;
    if (settings.existingCluster) {
      return RecommenderCluster.fromExisting(this, 'Cluster', { clusterName: settings.existingCluster });
    }
    const { kubernetesVersion } = settings;
    if (kubernetesVersion !== undefined) checkKubernetesVersion(kubernetesVersion, this);
    return new RecommenderCluster(this, 'Cluster', {
      clusterName: this.naming.prefix,
      network: new Network(this, 'Network', {
        networkName: this.naming.prefix,
        cidr: settings.networkCidr ?? defaultNetworkCidr('aws', environment),
        singleNatGateway: settings.singleNatGateway,
      }),
      endpointAccess:
        settings.endpointAccess === 'private'
          ? EndpointAccess.private()
          : EndpointAccess.public(settings.endpointAccess.public),
      adminPrincipalArns: settings.adminPrincipalArns,
      capacity: this.capacity,
      instanceType: settings.node.instanceType,
      nodeCount: settings.node.count,
      kubernetesVersion,
      protection: this.protection,
      tags: this.standardTags,
    });
  }

  /** What runs in the cluster, unless the config leaves it out; answers where the sync job goes. */
  private addWorkloads(modelReader: PodIdentity, props: RecommenderStackProps) {
    if (this.settings.workloads === 'skip') {
      this.letGoOfWorkloads(AwsStack, 'aws', props);
      return undefined;
    }
    this.configureKubernetes(this.cluster.connection);
    const variable = this.imageVariable();
    // The emulator's caller is nobody's role.
    if (!this.settings.existingCluster && !props.config.rehearsal) {
      requireAdminDeployer(this, variable, this.settings.adminPrincipalArns);
    }
    const image: string = variable.value;
    const { storageClassName, ready } = this.cluster;
    const storageClass = new StorageClass(this, 'StorageClass', { cluster: this.cluster });
    const namespace = new RecommenderNamespace(this, 'Namespace', { cluster: this.cluster });
    const modelServer = new ModelServer(this, 'ModelServer', {
      namespace,
      image,
      identity: modelReader,
      modelStoreUrl: this.modelStore.modelStoreUrl,
      capacity: this.capacity,
      slo: this.slo,
      environment: { AWS_REGION: this.settings.region },
    });
    new ObservabilityStack(this, 'ObservabilityStack', {
      cluster: { storageClassName, ready: [...ready, storageClass.resource] },
      modelServer,
      slo: this.slo,
    });
    return { namespace, image };
  }
}
