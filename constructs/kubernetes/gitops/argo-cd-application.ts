import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type CustomResource, CustomResources } from '../custom-resources';
import { type GitSource, type GitSourceProps, gitSource } from './git-source';

export interface ArgoCdApplicationProps extends GitSourceProps {
  /** Name of the Application. */
  readonly applicationName: string;
  /**
   * What brings Argo CD, which the construct doesn't install.
   * @default - it is there already
   */
  readonly argoCd?: ITerraformDependable[];
  /**
   * Namespace in which Argo CD runs.
   * @default 'argocd'
   */
  readonly argoCdNamespace?: string;
  /**
   * Argo CD's project, which says what the Application may deploy from where.
   * @default 'default'
   */
  readonly project?: string;
}

/** Argo CD's own name for the cluster that it runs in. */
const THIS_CLUSTER = 'https://kubernetes.default.svc';
/** While an Application has it, Argo CD deletes what it deployed before the Application goes. */
const FINALIZER = 'resources-finalizer.argocd.argoproj.io';

/**
 * An Application of Argo CD's: what a Git repository has in its folders of manifests is in the cluster, and what is
 * changed there by hand is changed back.
 */
export class ArgoCdApplication extends Construct {
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: ArgoCdApplicationProps) {
    super(scope, id);
    const { applicationName, argoCd = [], argoCdNamespace = 'argocd', project = 'default' } = props;
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: `${applicationName}-application`,
      namespaceName: argoCdNamespace,
      objects: [application(applicationName, project, gitSource(this, props))],
      dependsOn: argoCd,
    });
  }
}

function application(name: string, project: string, source: GitSource): CustomResource {
  const { url, revision, paths, deletesWorkloads } = source;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name, ...(deletesWorkloads && { finalizers: [FINALIZER] }) },
    spec: {
      project,
      destination: { server: THIS_CLUSTER },
      sources: paths.map((path) => ({ repoURL: url, targetRevision: revision.name, path })),
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        // As the manifests are applied by hand: fields that they leave out are somebody else's, such as replicas.
        syncOptions: ['ServerSideApply=true', 'PruneLast=true'],
        // A first sync may come before what brings a kind.
        retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
      },
    },
  };
}
