import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster, IWorkloadIdentity, WorkloadIdentityProps } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { checkIdentity } from '../check-identity';
import { podSecurityLabels } from '../pod-security';
import { RECOMMENDER_NAMESPACE } from '../recommender-namespace';
import { containerResources, KYVERNO_SIZES } from '../workload-sizes';

/** Service account of the admission controller, which reads signatures from the registry. */
export const KYVERNO_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: 'kyverno',
  serviceAccountName: 'kyverno-admission-controller',
};

export interface KyvernoProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /**
   * Cloud identity of {@link KYVERNO_SERVICE_ACCOUNT}, which may pull from a private registry of ECR or ACR.
   * @default - none: signatures are in a registry that anybody may read
   */
  readonly identity?: IWorkloadIdentity;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** What else the chart runs: changes of objects, clean-ups, reports. None of it is used. */
const OFF = { enabled: false };

/**
 * Kyverno by its chart in the namespace `kyverno`, for signatures of images alone: its webhooks are for the namespace
 * `recommender`, so without it nothing else stops.
 */
export class Kyverno extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, props: KyvernoProps) {
    super(scope, id);
    if (props.identity) {
      const expected = KYVERNO_SERVICE_ACCOUNT;
      checkIdentity(this, { identity: props.identity, expected, constant: 'KYVERNO_SERVICE_ACCOUNT' });
    }
    this.namespace = new NamespaceV1(this, 'Namespace', {
      metadata: { name: KYVERNO_SERVICE_ACCOUNT.namespace, labels: podSecurityLabels('restricted') },
      dependsOn: props.cluster.ready,
    });
    this.release = this.addRelease(props);
  }

  private addRelease({ identity, values }: KyvernoProps): Release {
    return chartRelease(this, {
      chart: CHARTS.kyverno,
      name: 'kyverno',
      namespaceName: this.namespace.metadata.name,
      values: {
        admissionController: {
          // Without one no pod of the namespace starts.
          replicas: 3,
          rbac: {
            serviceAccount: {
              name: KYVERNO_SERVICE_ACCOUNT.serviceAccountName,
              ...(identity && { annotations: identity.serviceAccountAnnotations }),
            },
          },
          ...(identity && { podLabels: identity.podLabels }),
          container: { resources: containerResources(KYVERNO_SIZES.admissionController) },
          initContainer: { resources: containerResources(KYVERNO_SIZES.initContainer) },
        },
        backgroundController: OFF,
        cleanupController: OFF,
        reportsController: OFF,
        // Nobody would take the reports away.
        features: {
          admissionReports: OFF,
          aggregateReports: OFF,
          policyReports: OFF,
          validatingAdmissionPolicyReports: OFF,
          backgroundScan: OFF,
        },
        config: {
          webhooks: {
            namespaceSelector: {
              matchExpressions: [
                { key: 'kubernetes.io/metadata.name', operator: 'In', values: [RECOMMENDER_NAMESPACE] },
              ],
            },
          },
        },
      },
      userValues: values,
      dependsOn: identity?.ready,
    });
  }
}
