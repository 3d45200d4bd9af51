import type { Release } from '@cdktf/provider-helm/lib/release';
import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { Construct } from 'constructs';
import type { IRecommenderCluster, IWorkloadIdentity, WorkloadIdentityProps } from '../../contracts';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { checkIdentity } from '../check-identity';
import { checkTagDigest } from '../image-digest';
import { podSecurityLabels } from '../pod-security';
import { RECOMMENDER_NAMESPACE } from '../recommender-namespace';
import { containerResources, TRIVY_SIZES } from '../workload-sizes';

/** Service account of the operator and of its scans, which read images from the registry. */
export const TRIVY_SERVICE_ACCOUNT: WorkloadIdentityProps = {
  namespace: 'trivy-system',
  serviceAccountName: 'trivy-operator',
};

export interface TrivyOperatorProps {
  /** The cluster it is in. */
  readonly cluster: Pick<IRecommenderCluster, 'ready'>;
  /** Tag of the operator's image with its digest: `0.32.0@sha256:…`. Tags of its maker were moved to malware before. */
  readonly operatorTag: string;
  /** The same of the scanner's image, which runs beside what it scans. */
  readonly scannerTag: string;
  /**
   * Cloud identity of {@link TRIVY_SERVICE_ACCOUNT}, which may pull from a private registry of ECR or ACR.
   * @default - none: what is scanned is in a registry that anybody may read
   */
  readonly identity?: IWorkloadIdentity;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/**
 * The Trivy operator by its chart in the namespace `trivy-system`: reports of known holes, secrets and faults of what
 * runs in the namespace `recommender`, scanned anew every day.
 */
export class TrivyOperator extends Construct {
  readonly namespace: NamespaceV1;
  readonly release: Release;

  constructor(scope: Construct, id: string, props: TrivyOperatorProps) {
    super(scope, id);
    checkTagDigest('operatorTag', props.operatorTag, this);
    checkTagDigest('scannerTag', props.scannerTag, this);
    if (props.identity) {
      const expected = TRIVY_SERVICE_ACCOUNT;
      checkIdentity(this, { identity: props.identity, expected, constant: 'TRIVY_SERVICE_ACCOUNT' });
    }
    this.namespace = new NamespaceV1(this, 'Namespace', {
      // Not every container of the chart is known to keep to "restricted"; the API server warns of those that don't.
      metadata: { name: TRIVY_SERVICE_ACCOUNT.namespace, labels: podSecurityLabels('baseline') },
      dependsOn: props.cluster.ready,
    });
    this.release = this.addRelease(props);
  }

  private addRelease({ operatorTag, scannerTag, identity, values }: TrivyOperatorProps): Release {
    const labels = Object.entries(identity?.podLabels ?? {}).map(([name, value]) => `${name}=${value}`);
    return chartRelease(this, {
      chart: CHARTS.trivyOperator,
      name: 'trivy-operator',
      namespaceName: this.namespace.metadata.name,
      values: {
        targetNamespaces: RECOMMENDER_NAMESPACE,
        image: { tag: operatorTag },
        resources: containerResources(TRIVY_SIZES.operator),
        serviceAccount: {
          name: TRIVY_SERVICE_ACCOUNT.serviceAccountName,
          ...(identity && { annotations: identity.serviceAccountAnnotations }),
        },
        operator: {
          ...(identity && { podLabels: identity.podLabels }),
          scanJobsConcurrentLimit: 2,
          // Reads no Secrets of others, and puts no pods on nodes to look at their files.
          accessGlobalSecretsAndServiceAccount: false,
          infraAssessmentScannerEnabled: false,
          clusterComplianceEnabled: false,
        },
        trivy: {
          image: { tag: scannerTag },
          resources: containerResources(TRIVY_SIZES.scan),
          // What can be acted on.
          ignoreUnfixed: true,
          severity: 'HIGH,CRITICAL',
        },
        ...(labels.length > 0 && { trivyOperator: { scanJobPodTemplateLabels: labels.join(',') } }),
      },
      userValues: values,
      dependsOn: identity?.ready,
    });
  }
}
