import type { Release } from '@cdktf/provider-helm/lib/release';
import { Construct } from 'constructs';
import { chartRelease } from '../chart-release';
import { CHARTS } from '../charts';
import { Connections } from '../connections';
import { checkTagDigest } from '../image-digest';
import { NetworkPeer } from '../network-peer';
import { RESTRICTED_CONTAINER } from '../pod-security';
import type { RecommenderNamespace } from '../recommender-namespace';
import { ARGO_SIZES, containerResources } from '../workload-sizes';
import { TRAINER_SERVICE_ACCOUNT } from './trainer';

const CONTROLLER_LABELS = { 'recommender/part': 'argo-workflow-controller' };

export interface ArgoWorkflowsProps {
  /** Where it runs and where its workflows run: it has rights in no other namespace. */
  readonly namespace: RecommenderNamespace;
  /** Tag of the controller's image with its digest: `v4.1.0@sha256:…`. */
  readonly controllerTag: string;
  /** The same of the executor's, which runs beside each step. */
  readonly executorTag: string;
  /**
   * Values of the chart that win over the construct's own.
   * @default {}
   */
  readonly values?: object;
}

/** Argo Workflows by its chart in the namespace `recommender`, its controller alone, without a server to log in to. */
export class ArgoWorkflows extends Construct {
  readonly release: Release;
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: ArgoWorkflowsProps) {
    super(scope, id);
    const { namespace, controllerTag, executorTag, values } = props;
    checkTagDigest('controllerTag', controllerTag, this);
    checkTagDigest('executorTag', executorTag, this);
    this.release = chartRelease(this, {
      chart: CHARTS.argoWorkflows,
      name: 'argo-workflows',
      namespaceName: namespace.namespaceName,
      values: {
        singleNamespace: true,
        createAggregateRoles: false,
        // The full kinds come by a job that fetches them from GitHub, which the namespace lets nobody reach.
        crds: { full: false },
        images: { pullPolicy: 'IfNotPresent' },
        workflow: { serviceAccount: { name: TRAINER_SERVICE_ACCOUNT.serviceAccountName } },
        controller: {
          image: { tag: controllerTag },
          resources: containerResources(ARGO_SIZES.controller),
          podLabels: CONTROLLER_LABELS,
          podSecurityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          securityContext: RESTRICTED_CONTAINER,
          clusterWorkflowTemplates: { enabled: false },
        },
        executor: {
          image: { tag: executorTag },
          resources: containerResources(ARGO_SIZES.executor),
          securityContext: RESTRICTED_CONTAINER,
        },
        server: { enabled: false },
      },
      userValues: values,
    });
    this.connections = new Connections(this, 'Connections', {
      name: 'argo-workflow-controller',
      namespaceName: namespace.namespaceName,
      podLabels: CONTROLLER_LABELS,
    });
    // The API server has the cloud's addresses.
    this.connections.allowTo(NetworkPeer.anywhere(), [{ port: 443 }], 'It asks the API server for workflows');
  }
}
