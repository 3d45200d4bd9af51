import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import type { CertManager } from '../gateway/cert-manager';
import { podSecurityLabels } from '../pod-security';
import { containerResources, KSERVE_SIZES } from '../workload-sizes';

export interface KServeProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /** What makes the certificate of its webhooks. */
  readonly certManager: Pick<CertManager, 'release'>;
  /**
   * Values of the chart kserve-resources that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/**
 * KServe by its charts in the namespace `kserve`: it serves models as plain Deployments, without Knative or a mesh, inside
 * the cluster only.
 */
export class KServe extends Construct {
  readonly namespace: NamespaceV1;
  /** Brings its kinds. */
  readonly definitions: Release;
  readonly release: Release;

  constructor(scope: Construct, id: string, { cluster, certManager, values }: KServeProps) {
    super(scope, id);
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: 'kserve', labels: podSecurityLabels('restricted') },
      dependsOn: cluster.ready,
    });
    const namespaceName = this.namespace.metadata.name;
    this.definitions = chartRelease(new Construct(this, 'Definitions'), {
      chart: CHARTS.kserveCrd,
      name: 'kserve-crd',
      namespaceName,
      values: {},
    });
    this.release = chartRelease(this, {
      chart: CHARTS.kserve,
      name: 'kserve',
      namespaceName,
      values: {
        kserve: {
          controller: {
            deploymentMode: 'Standard',
            // Models are for the model server; the way in from outside is the Gateway's.
            gateway: { disableIngressCreation: true, disableIstioVirtualHost: true },
            resources: containerResources(KSERVE_SIZES.controller),
            rbacProxy: { resources: containerResources(KSERVE_SIZES.rbacProxy) },
          },
          // A Service without an address of its own would have the pods' port, not port 80.
          service: { serviceClusterIPNone: false },
        },
      },
      userValues: values,
      dependsOn: [this.definitions, certManager.release],
    });
  }
}
