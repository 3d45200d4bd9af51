import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import type { IRecommenderCluster, WorkloadIdentityProps } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { resourcesOf } from '../container-sizes';
import { podSecurityLabels } from '../pod-security';
import { CERT_MANAGER_SIZES, containerResources } from '../workload-sizes';

/** As what cert-manager makes the pods that answer an authority's challenges. */
export const CERT_MANAGER_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: 'cert-manager',
  serviceAccountName: 'cert-manager',
};

export interface CertManagerProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /** What brings the kinds of the Gateway API, which it looks for when it starts. */
  readonly gatewayApi: ITerraformDependable;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** cert-manager by its chart in the namespace `cert-manager`: it gets certificates for Gateways and renews them. */
export class CertManager extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, { cluster, gatewayApi, values }: CertManagerProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: CERT_MANAGER_SERVICE_ACCOUNT.namespace, labels: podSecurityLabels('restricted') },
      dependsOn: cluster.ready,
    });
    this.release = chartRelease(this, {
      chart: CHARTS.certManager,
      name: 'cert-manager',
      namespaceName: this.namespace.metadata.name,
      values: {
        // Certificates outlive a chart that is taken out.
        crds: { enabled: true, keep: true },
        config: {
          apiVersion: 'controller.config.cert-manager.io/v1alpha1',
          kind: 'ControllerConfiguration',
          enableGatewayAPI: true,
          acmeHTTP01Config: solverSize(),
        },
        resources: resourcesOf(this, 'certManager'),
        webhook: { resources: resourcesOf(this, 'certManagerWebhook') },
        cainjector: { resources: resourcesOf(this, 'certManagerCainjector') },
        startupapicheck: { resources: containerResources(CERT_MANAGER_SIZES.startupApiCheck) },
      },
      userValues: values,
      dependsOn: [gatewayApi],
    });
  }
}

/** Of the pods that answer an authority's challenges. */
function solverSize() {
  const { requests, limits } = containerResources(CERT_MANAGER_SIZES.acmeSolver);
  return {
    solverResourceRequestCPU: requests.cpu,
    solverResourceRequestMemory: requests.memory,
    solverResourceLimitsCPU: limits.cpu,
    solverResourceLimitsMemory: limits.memory,
  };
}
