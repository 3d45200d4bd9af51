import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { IRecommenderCluster, IWorkloadIdentity } from '../constructs/contracts';
import { Autoscaling } from '../constructs/kubernetes/autoscaling/autoscaling';
import { Keda } from '../constructs/kubernetes/autoscaling/keda';
import { KedaTrigger } from '../constructs/kubernetes/autoscaling/keda-trigger';
import { OpenCost } from '../constructs/kubernetes/cost/open-cost';
import { Flagger } from '../constructs/kubernetes/delivery/flagger';
import { ProgressiveDelivery } from '../constructs/kubernetes/delivery/progressive-delivery';
import { CERT_MANAGER_SERVICE_ACCOUNT, CertManager } from '../constructs/kubernetes/gateway/cert-manager';
import { EnvoyGateway } from '../constructs/kubernetes/gateway/envoy-gateway';
import { ExternalDns, type ExternalDnsProps } from '../constructs/kubernetes/gateway/external-dns';
import { Gateway } from '../constructs/kubernetes/gateway/gateway';
import { GatewayCertificate } from '../constructs/kubernetes/gateway/gateway-certificate';
import { Logging } from '../constructs/kubernetes/logging/logging';
import { ModelFollower } from '../constructs/kubernetes/model-follower';
import { ModelServer } from '../constructs/kubernetes/model-server';
import type { SharedCache } from '../constructs/kubernetes/model-server-secrets';
import { ModelVersion } from '../constructs/kubernetes/model-version';
import { NetworkPeer } from '../constructs/kubernetes/network-peer';
import { ObservabilityStack } from '../constructs/kubernetes/observability-stack';
import { PodPolicies } from '../constructs/kubernetes/policies/pod-policies';
import { BlackboxProbes } from '../constructs/kubernetes/probes/blackbox-probes';
import { RecommenderNamespace } from '../constructs/kubernetes/recommender-namespace';
import { Falco } from '../constructs/kubernetes/security/falco';
import { Tracing } from '../constructs/kubernetes/tracing/tracing';
import { tracingEnvironment } from '../constructs/kubernetes/tracing/tracing-environment';
import type { Budget, CapacityPlan, ServiceLevelObjective, WorkloadChoices } from '../src';
import { sharedCaches } from './shared-caches';
import { alertRouting, deliveryShape, gatewayAuthentication, logStore } from './workload-choices';

export interface WorkloadsProps {
  readonly cluster: Pick<IRecommenderCluster, 'ready' | 'storageClassName'>;
  /** What must exist before anything that keeps data on a volume. */
  readonly volumes?: ITerraformDependable[];
  readonly modelReader: IWorkloadIdentity;
  /** Namespaces whose pods may call the model server. */
  readonly callers: readonly string[];
  readonly modelStoreUrl: string;
  /** Image of the model server. */
  readonly image: string;
  /** More environment variables of the model server. */
  readonly environment?: Record<string, string>;
  /** By which the cloud knows what load balancer the gateway wants. */
  readonly loadBalancerAnnotations?: Record<string, string>;
  readonly capacity: CapacityPlan;
  readonly slo: ServiceLevelObjective;
  /** Whether what holds data refuses a destroy. */
  readonly protection: boolean;
  readonly budget: Budget;
  /** Among how many clouds the budget is shared. */
  readonly clouds: number;
  /**
   * What brings the store's channel into the cluster: its identity there, and the name that it tells of rollouts under.
   * @default - servers follow the channel by themselves
   */
  readonly modelFollower?: { readonly identity: IWorkloadIdentity; readonly clusterName: string };
  /**
   * Holds what `choices.caches` names, once its namespace is known.
   * @default - a Valkey in the cluster for each
   */
  readonly cache?: (namespace: RecommenderNamespace) => SharedCache;
  /**
   * Names the gateway's load balancer.
   * @default - somebody makes the record
   */
  readonly externalDns?: Pick<ExternalDnsProps, 'zone' | 'identity'> & { readonly clusterName: string };
  /** What the config chooses. */
  readonly choices: WorkloadChoices;
}

/** What runs in a cluster, as children of its stack. */
export class Workloads {
  readonly namespace: RecommenderNamespace;
  readonly modelServer: ModelServer;
  readonly image: string;
  private readonly envoyGateway?: EnvoyGateway;

  constructor(
    private readonly stack: Construct,
    private readonly props: WorkloadsProps,
  ) {
    const { cluster, choices, image } = props;
    this.image = image;
    this.namespace = new RecommenderNamespace(stack, 'Namespace', { cluster });
    if (choices.gateway) this.envoyGateway = new EnvoyGateway(stack, 'EnvoyGateway', { cluster });
    const flagger = this.addFlagger();
    this.modelServer = this.addModelServer(flagger);
    const gateway = this.addGateway();
    if (flagger && gateway) this.addDelivery(flagger, gateway);
    this.addFollower();
    this.addMonitoring(this.addObservability(), gateway);
    this.addSecurity();
  }

  private addFlagger(): Flagger | undefined {
    const { cluster, choices } = this.props;
    if (!this.envoyGateway || choices.delivery.kind === 'rolling') return undefined;
    return new Flagger(this.stack, 'Flagger', { cluster, gatewayApi: this.envoyGateway.release });
  }

  private addModelServer(rolledOutBy: Flagger | undefined): ModelServer {
    const { modelReader, modelStoreUrl, image, capacity, slo, environment, callers, choices, modelFollower } =
      this.props;
    const { namespace } = this;
    const modelServer = new ModelServer(this.stack, 'ModelServer', {
      namespace,
      image,
      identity: modelReader,
      modelStoreUrl,
      capacity,
      slo,
      autoscaling: this.addAutoscaling(),
      rolledOutBy,
      caches: sharedCaches(this.stack, { ...this.props, namespace }),
      environment: { ...environment, ...(choices.traces && tracingEnvironment(slo)) },
      modelVersion: modelFollower && ModelVersion.pinnedByFollower(),
    });
    const port = modelServer.portName;
    for (const caller of callers) {
      modelServer.connections.allowFrom(
        NetworkPeer.namespace(caller),
        [{ port }],
        'The config has it among the callers',
      );
    }
    return modelServer;
  }

  private addAutoscaling(): Autoscaling {
    const { cluster, capacity, choices } = this.props;
    const { autoscaling } = choices;
    if (autoscaling.kind === 'cpu') return Autoscaling.cpu(autoscaling);
    return Autoscaling.keda({
      keda: new Keda(this.stack, 'Keda', { cluster }),
      triggers: [
        KedaTrigger.requestsPerSecond({ perReplica: capacity.requestsPerSecondPerReplica }),
        ...autoscaling.schedules.map((schedule) => KedaTrigger.cron(schedule)),
      ],
    });
  }

  private addGateway(): Gateway | undefined {
    const { choices, loadBalancerAnnotations, capacity, slo } = this.props;
    const { envoyGateway, namespace, modelServer } = this;
    if (!envoyGateway || !choices.gateway) return undefined;
    const gateway = new Gateway(this.stack, 'Gateway', {
      namespace,
      controller: envoyGateway,
      modelServer,
      hostname: choices.gateway.hostname,
      certificate: this.addCertificate(envoyGateway, choices.gateway.certificate),
      authentication: gatewayAuthentication(choices.gateway),
      capacity,
      slo,
      loadBalancerAnnotations,
    });
    const { cluster, externalDns } = this.props;
    if (externalDns) {
      const { clusterName, ...dns } = externalDns;
      new ExternalDns(this.stack, 'ExternalDns', { cluster: { ...cluster, clusterName }, gateway, ...dns });
    }
    return gateway;
  }

  private addCertificate(
    envoyGateway: EnvoyGateway,
    certificate: NonNullable<WorkloadChoices['gateway']>['certificate'],
  ): GatewayCertificate {
    if (certificate.kind === 'secret') return GatewayCertificate.secret(certificate.secretName);
    const { cluster } = this.props;
    const certManager = new CertManager(this.stack, 'CertManager', { cluster, gatewayApi: envoyGateway.release });
    return GatewayCertificate.acme({ certManager, ...certificate });
  }

  private addDelivery(flagger: Flagger, gateway: Gateway): void {
    const { slo, choices } = this.props;
    if (choices.delivery.kind === 'rolling') return;
    new ProgressiveDelivery(this.stack, 'Delivery', {
      flagger,
      modelServer: this.modelServer,
      gateway,
      slo,
      shape: deliveryShape(choices.delivery),
    });
  }

  private addObservability(): ObservabilityStack {
    const { slo, choices } = this.props;
    return new ObservabilityStack(this.stack, 'ObservabilityStack', {
      cluster: this.withVolumes,
      modelServer: this.modelServer,
      slo,
      alerts: choices.alerts && alertRouting(choices.alerts),
    });
  }

  /** The cluster, once it has what data is kept on. */
  private get withVolumes(): WorkloadsProps['cluster'] {
    const { cluster, volumes = [] } = this.props;
    return { storageClassName: cluster.storageClassName, ready: [...cluster.ready, ...volumes] };
  }

  private addFollower(): void {
    const { modelFollower, image, modelStoreUrl, environment } = this.props;
    const { namespace, modelServer } = this;
    if (!modelFollower) return;
    new ModelFollower(this.stack, 'ModelFollower', {
      ...modelFollower,
      namespace,
      image,
      modelServer,
      modelStoreUrl,
      environment,
    });
  }

  private addMonitoring(observability: ObservabilityStack, gateway: Gateway | undefined): void {
    const { stack, modelServer } = this;
    const { choices, slo, budget, clouds } = this.props;
    const cluster = this.withVolumes;
    const { logs, traces, costs, probes } = choices;
    if (logs) new Logging(stack, 'Logging', { cluster, observability, store: logStore(logs) });
    if (traces) {
      const own = traces === true ? {} : traces;
      new Tracing(stack, 'Tracing', { cluster, observability, modelServer, slo, ...own });
    }
    if (costs) new OpenCost(stack, 'OpenCost', { observability, budget, clouds });
    if (probes) new BlackboxProbes(stack, 'Probes', { observability, modelServer, gateway });
  }

  private addSecurity(): void {
    const { cluster, choices } = this.props;
    const { namespace } = this;
    if (choices.podPolicies) {
      // cert-manager makes pods of its own in it, which answer an authority's challenges.
      const exempt = choices.gateway?.certificate.kind === 'acme' ? [CERT_MANAGER_SERVICE_ACCOUNT] : [];
      new PodPolicies(this.stack, 'PodPolicies', { namespace, ...choices.podPolicies, exempt });
    }
    if (choices.runtimeDetection) new Falco(this.stack, 'Falco', { cluster });
  }
}
