import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { S3Bucket } from '@cdktf/provider-aws/lib/s3-bucket';
import { TimeProvider } from '@cdktf/provider-time/lib/provider';
import { Aspects, S3Backend } from 'cdktf';
import type { Construct } from 'constructs';
import { ClusterCompute } from '../constructs/aws/cluster/cluster-compute';
import { checkKubernetesVersion } from '../constructs/aws/cluster/kubernetes-version';
import { RecommenderCluster } from '../constructs/aws/cluster/recommender-cluster';
import { StorageClass } from '../constructs/aws/cluster/storage-class';
import { CrossCloudSync } from '../constructs/aws/cross-cloud-sync';
import { ExclusivePermissions } from '../constructs/aws/exclusive-permissions';
import { ModelStore } from '../constructs/aws/model-store/model-store';
import { NODE_ENDPOINT_SERVICES } from '../constructs/aws/network/endpoint-services';
import { Network } from '../constructs/aws/network/network';
import { LogRetention } from '../constructs/aws/observability/log-retention';
import { PermissionsBoundary } from '../constructs/aws/permissions-boundary';
import type { PodIdentity } from '../constructs/aws/pod-identity';
import { AccessLogBucket } from '../constructs/aws/storage/access-log-bucket';
import { ObjectLock } from '../constructs/aws/storage/object-lock';
import type { IRecommenderCluster } from '../constructs/contracts';
import { OPERATORS_RUNNING, type RunningContainers } from '../constructs/kubernetes/cluster-load';
import { EXTERNAL_DNS_SERVICE_ACCOUNT } from '../constructs/kubernetes/gateway/external-dns';
import { MODEL_FOLLOWER_SERVICE_ACCOUNT } from '../constructs/kubernetes/model-follower';
import { MODEL_SERVER_SERVICE_ACCOUNT } from '../constructs/kubernetes/model-server';
import { defaultNetworkCidr } from '../src';
import { hasPart } from '../src/config/aws-parts';
import { addCache, addDatabase, addDataLake, type OwnCluster } from './aws-data';
import { requireAdminDeployer } from './aws-deployer';
import { addDomain } from './aws-edge';
import { addGovernance } from './aws-governance';
import { addAwsOutputs } from './aws-outputs';
import { addRetraining } from './aws-retraining';
import { RecommenderStack, type RecommenderStackProps } from './recommender-stack';
import { runningContainers } from './workload-choices';
import type { WorkloadsProps } from './workloads';

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
    const { settings } = this;
    this.addProviders();
    this.addBackend(props);

    this.modelStore = this.addModelStore();
    const { existingCluster: clusterName } = settings;
    let own: OwnCluster | undefined;
    if (clusterName === undefined) {
      own = this.addOwnCluster(props);
      this.cluster = own.cluster;
    } else {
      this.cluster = RecommenderCluster.fromExisting(this, 'Cluster', { clusterName });
    }
    const modelReader = this.cluster.addWorkloadIdentity('ModelServerIdentity', MODEL_SERVER_SERVICE_ACCOUNT);
    this.modelStore.grants.read(modelReader);
    const rolloutReporter = this.cluster.addWorkloadIdentity('ModelFollowerIdentity', MODEL_FOLLOWER_SERVICE_ACCOUNT);
    this.modelStore.grants.reportRollouts(rolloutReporter);
    const cache = own && settings.cache && addCache(this, settings, own);
    const job = this.addWorkloads({ modelReader, rolloutReporter }, { cache, externalDns: this.addDomain() }, props);
    this.sync = new CrossCloudSync(this, 'CrossCloudSync', {
      cluster: this.cluster,
      modelStore: this.modelStore,
      readerRoleName: this.naming.name('sync-reader'),
      peer: settings.peer,
      job,
    });
    const database = own && settings.database && addDatabase(this, settings, own);
    if (settings.dataLake) addDataLake(this, settings, settings.dataLake.since);
    if (settings.retraining) addRetraining(this, settings, settings.retraining);
    addGovernance(this, settings, database);
    this.logAccesses();

    addAwsOutputs(this, settings);
    this.pinProviders(props.config.providerVersions);
  }

  protected override get running(): RunningContainers[] {
    const { choices, settings } = this;
    return [
      ...runningContainers(settings.cache ? { ...choices, caches: [] } : choices),
      ...(settings.cache ? OPERATORS_RUNNING.externalSecrets : []),
      ...(settings.domain && choices.gateway ? OPERATORS_RUNNING.externalDns : []),
    ];
  }

  private addProviders(): void {
    new AwsProvider(this, 'Aws', {
      region: this.settings.region,
      allowedAccountIds: [this.settings.accountId],
      defaultTags: [{ tags: this.standardTags }],
    });
    new TimeProvider(this, 'Time');
    Aspects.of(this).add(new ExclusivePermissions());
    if (hasPart(this.settings, 'yearOfLogs')) Aspects.of(this).add(new LogRetention(365));
    const { permissionsBoundaryArn } = this.settings;
    if (permissionsBoundaryArn) Aspects.of(this).add(new PermissionsBoundary(permissionsBoundaryArn));
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

  private addModelStore(): ModelStore {
    const { settings, protection } = this;
    return new ModelStore(this, 'ModelStore', {
      bucketName: this.naming.name('models', settings.accountId),
      protection,
      objectLock: hasPart(settings, 'objectLock') ? ObjectLock.governance({ days: 30 }) : undefined,
    });
  }

  /** Of all buckets of the stack, but that of the logs themselves. */
  private logAccesses(): void {
    const { settings, protection } = this;
    if (!hasPart(settings, 'accessLogs')) return;
    const buckets = this.node.findAll().filter((one) => one instanceof S3Bucket);
    const bucketName = this.naming.name('access-logs', settings.accountId);
    const logs = new AccessLogBucket(this, 'AccessLogs', { bucketName, protection });
    for (const bucket of buckets) logs.collect(bucket.node.scope as Construct, bucket);
  }

  private addOwnCluster({ environment }: RecommenderStackProps): OwnCluster {
    const { settings } = this;
    const { kubernetesVersion, nat = hasPart(settings, 'natPerZone') ? 'per-zone' : 'one' } = settings;
    if (kubernetesVersion !== undefined) checkKubernetesVersion(kubernetesVersion, this);
    const network = new Network(this, 'Network', {
      networkName: this.naming.prefix,
      cidr: settings.networkCidr ?? defaultNetworkCidr('aws', environment),
      zones: settings.zones,
      nat,
      interfaceEndpoints: nat === 'none' ? NODE_ENDPOINT_SERVICES : [],
      flowLogKey: hasPart(settings, 'encryptedFlowLogs'),
      protection: this.protection,
    });
    const cluster = new RecommenderCluster(this, 'Cluster', {
      clusterName: this.naming.prefix,
      network,
      endpointAccess: this.endpointAccess(settings),
      adminPrincipalArns: settings.adminPrincipalArns,
      viewerPrincipalArns: settings.viewerPrincipalArns,
      capacity: this.capacity,
      running: this.running,
      compute: ClusterCompute.nodeGroups(settings.node),
      kubernetesVersion,
      protection: this.protection,
      tags: this.standardTags,
    });
    return { cluster, network };
  }

  /** Names the gateway's load balancer in the config's domain. */
  private addDomain(): WorkloadsProps['externalDns'] {
    const { settings, choices, cluster } = this;
    if (!settings.domain) return undefined;
    const zone = addDomain(this, settings, settings.domain, choices.gateway?.hostname);
    if (!choices.gateway) return undefined;
    const identity = cluster.addWorkloadIdentity('DnsIdentity', EXTERNAL_DNS_SERVICE_ACCOUNT);
    zone.grants.write(identity);
    return { zone, identity, clusterName: cluster.clusterName };
  }

  /** What runs in the cluster, unless the config leaves it out; answers where the sync job goes. */
  private addWorkloads(
    { modelReader, rolloutReporter }: StoreIdentities,
    beside: Pick<WorkloadsProps, 'cache' | 'externalDns'>,
    props: RecommenderStackProps,
  ) {
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
      ...beside,
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
