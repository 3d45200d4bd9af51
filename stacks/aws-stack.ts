import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { Aspects, S3Backend } from 'cdktf';
import type { Construct } from 'constructs';
import { ClusterCompute } from '../constructs/aws/cluster/cluster-compute';
import { checkKubernetesVersion } from '../constructs/aws/cluster/kubernetes-version';
import { RecommenderCluster } from '../constructs/aws/cluster/recommender-cluster';
import { StorageClass } from '../constructs/aws/cluster/storage-class';
import { CostBudget } from '../constructs/aws/cost/cost-budget';
import { CrossCloudSync } from '../constructs/aws/cross-cloud-sync';
import { ExclusivePermissions } from '../constructs/aws/exclusive-permissions';
import { ModelStore } from '../constructs/aws/model-store/model-store';
import { NODE_ENDPOINT_SERVICES } from '../constructs/aws/network/endpoint-services';
import { Network } from '../constructs/aws/network/network';
import type { PodIdentity } from '../constructs/aws/pod-identity';
import type { IRecommenderCluster } from '../constructs/contracts';
import { MODEL_FOLLOWER_SERVICE_ACCOUNT } from '../constructs/kubernetes/model-follower';
import { MODEL_SERVER_SERVICE_ACCOUNT } from '../constructs/kubernetes/model-server';
import { defaultNetworkCidr } from '../src';
import { requireAdminDeployer } from './aws-deployer';
import { addAwsOutputs } from './aws-outputs';
import { RecommenderStack, type RecommenderStackProps } from './recommender-stack';

/**
 * A network load balancer, which EKS's own controller makes.
 * Source: https://kubernetes.io/docs/concepts/services-networking/service/#aws-nlb-support
 */
const NETWORK_LOAD_BALANCER = { 'service.beta.kubernetes.io/aws-load-balancer-type': 'nlb' };

/** Who uses the model store, one for each service account. */
interface StoreIdentities {
  readonly modelReader: PodIdentity;
  readonly rolloutReporter: PodIdentity;
}

/** Everything of one environment on AWS: `aws-<environment>`. */
export class AwsStack extends RecommenderStack<'aws'> {
  readonly modelStore: ModelStore;
  readonly cluster: IRecommenderCluster<PodIdentity>;
  readonly sync: CrossCloudSync;

  constructor(scope: Construct, props: RecommenderStackProps) {
    super(scope, 'aws', props);
    this.addProviders();
    this.addBackend(props);

    this.modelStore = new ModelStore(this, 'ModelStore', {
      bucketName: this.naming.name('models', this.settings.accountId),
      protection: this.protection,
    });
    this.cluster = this.addCluster(props);
    const modelReader = this.cluster.addWorkloadIdentity('ModelServerIdentity', MODEL_SERVER_SERVICE_ACCOUNT);
    this.modelStore.grants.read(modelReader);
    const rolloutReporter = this.cluster.addWorkloadIdentity('ModelFollowerIdentity', MODEL_FOLLOWER_SERVICE_ACCOUNT);
    this.modelStore.grants.reportRollouts(rolloutReporter);
    const job = this.addWorkloads({ modelReader, rolloutReporter }, props);
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
      clouds: this.clouds,
    });

    addAwsOutputs(this, this.settings);
    this.pinProviders(props.config.providerVersions);
  }

  private addProviders(): void {
    new AwsProvider(this, 'Aws', {
      region: this.settings.region,
      allowedAccountIds: [this.settings.accountId],
      defaultTags: [{ tags: this.standardTags }],
    });
    new TimeProvider(this, 'Time');
    Aspects.of(this).add(new ExclusivePermissions());
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
        nat: settings.nat,
        interfaceEndpoints: settings.nat === 'none' ? NODE_ENDPOINT_SERVICES : [],
        protection: this.protection,
      }),
      endpointAccess: this.endpointAccess(settings),
      adminPrincipalArns: settings.adminPrincipalArns,
      capacity: this.capacity,
      running: this.running,
      compute: ClusterCompute.nodeGroups(settings.node),
      kubernetesVersion,
      protection: this.protection,
      tags: this.standardTags,
    });
  }

  /** What runs in the cluster, unless the config leaves it out; answers where the sync job goes. */
  private addWorkloads({ modelReader, rolloutReporter }: StoreIdentities, props: RecommenderStackProps) {
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
      modelFollower: { identity: rolloutReporter, clusterName: this.node.id },
      callers: this.settings.callers,
      modelStoreUrl: this.modelStore.modelStoreUrl,
      image,
      environment: { AWS_REGION: this.settings.region },
      loadBalancerAnnotations: NETWORK_LOAD_BALANCER,
    });
  }
}
