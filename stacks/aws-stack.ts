import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { S3Backend } from 'cdktf';
import type { Construct } from 'constructs';
import { CostBudget } from '../constructs/aws/cost-budget';
import { CrossCloudSync } from '../constructs/aws/cross-cloud-sync';
import { checkKubernetesVersion } from '../constructs/aws/kubernetes-version';
import { ModelStore } from '../constructs/aws/model-store';
import { Network } from '../constructs/aws/network';
import type { PodIdentity } from '../constructs/aws/pod-identity';
import { RecommenderCluster } from '../constructs/aws/recommender-cluster';
import { StorageClass } from '../constructs/aws/storage-class';
import type { IRecommenderCluster } from '../constructs/contracts';
import { MODEL_SERVER_SERVICE_ACCOUNT } from '../constructs/kubernetes/model-server';
import { defaultNetworkCidr } from '../src';
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
    this.settings = this.settingsOf('aws', props);
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
      this.addRehearsalState(config.rehearsal);
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
      endpointAccess: this.endpointAccess(settings),
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
    const image = this.imageVariable();
    // The emulator's caller is nobody's role.
    if (!this.settings.existingCluster && !props.config.rehearsal) {
      requireAdminDeployer(this, image, this.settings.adminPrincipalArns);
    }
    const { cluster } = this;
    return this.deployWorkloads({
      cluster,
      volumes: [new StorageClass(this, 'StorageClass', { cluster }).resource],
      modelReader,
      callers: this.settings.callers,
      modelStoreUrl: this.modelStore.modelStoreUrl,
      image,
      environment: { AWS_REGION: this.settings.region },
    });
  }
}
