import type { ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { type CustomResource, CustomResources } from '../custom-resources';
import { type GitSource, type GitSourceProps, gitSource } from './git-source';

export interface FluxKustomizationProps extends GitSourceProps {
  /** Name of the GitRepository; Kustomizations are named by it and their folder. */
  readonly kustomizationName: string;
  /**
   * What brings Flux, which the construct doesn't install.
   * @default - it is there already
   */
  readonly flux?: ITerraformDependable[];
  /**
   * Namespace in which Flux runs.
   * @default 'flux-system'
   */
  readonly fluxNamespace?: string;
  /**
   * Secret in Flux' namespace with the repository's credentials. Somebody else makes it.
   * @default - none: everybody may read the repository
   */
  readonly secretName?: string;
  /**
   * Service account in Flux' namespace by whose rights it applies.
   * @default - Flux' own, which may do everything
   */
  readonly serviceAccountName?: string;
}

/**
 * A GitRepository and a Kustomization of Flux' for each of its folders of manifests: what is there is in the cluster, and
 * what is changed there by hand is changed back.
 */
export class FluxKustomization extends Construct {
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: FluxKustomizationProps) {
    super(scope, id);
    const { kustomizationName, flux = [], fluxNamespace = 'flux-system' } = props;
    const source = gitSource(this, props);
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: `${kustomizationName}-kustomization`,
      namespaceName: fluxNamespace,
      objects: [repository(source, props), ...source.paths.map((path) => kustomization(path, source, props))],
      dependsOn: flux,
    });
  }
}

function repository(
  { url, revision }: GitSource,
  { kustomizationName, secretName }: FluxKustomizationProps,
): CustomResource {
  return {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'GitRepository',
    metadata: { name: kustomizationName },
    spec: {
      url,
      ref: { [revision.kind]: revision.name },
      interval: '1m',
      ...(secretName !== undefined && { secretRef: { name: secretName } }),
    },
  };
}

function kustomization(
  path: string,
  { deletesWorkloads }: GitSource,
  { kustomizationName, serviceAccountName }: FluxKustomizationProps,
): CustomResource {
  return {
    apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
    kind: 'Kustomization',
    metadata: { name: `${kustomizationName}-${path.replace(/[^a-z0-9]+/gi, '-').toLowerCase()}` },
    spec: {
      sourceRef: { kind: 'GitRepository', name: kustomizationName },
      path: `./${path}`,
      // How often changes by hand are found; a new commit is applied when it is seen.
      interval: '10m',
      retryInterval: '1m',
      timeout: '5m',
      // It is ready when what it applied is.
      wait: true,
      prune: true,
      deletionPolicy: deletesWorkloads ? 'Delete' : 'Orphan',
      ...(serviceAccountName !== undefined && { serviceAccountName }),
    },
  };
}
