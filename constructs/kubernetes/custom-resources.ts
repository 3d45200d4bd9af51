import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Release } from '@cdktf/provider-helm/lib/release';
import { AssetType, type ITerraformDependable, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { helmValues } from './chart-release';

/** An object as the API server takes it. */
export interface CustomResource {
  /** `keda.sh/v1alpha1` */
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: object;
}

export interface CustomResourcesProps {
  /** Name of the release. */
  readonly releaseName: string;
  /** Namespace of the release, and of objects that name none. */
  readonly namespaceName: string;
  readonly objects: readonly CustomResource[];
  /** What brings their kinds, such as the release of an operator. */
  readonly dependsOn: ITerraformDependable[];
}

/** From the sources, which tests run, and from `dist`. */
const CHART = ['../../charts', '../../../charts']
  .map((folder) => join(__dirname, folder, 'custom-resources'))
  .find((folder) => existsSync(folder)) as string;

/**
 * Objects of kinds that operators bring, as one release of a local chart. Not by `kubernetes_manifest`, whose plan asks
 * the API server for the kind, which a first plan doesn't have.
 *
 * A plan sees a change of the objects and of the chart; it doesn't see what was changed in the cluster by hand.
 */
export class CustomResources extends Construct {
  readonly chart: TerraformAsset;
  readonly release: Release;

  constructor(scope: Construct, id: string, props: CustomResourcesProps) {
    super(scope, id);
    this.chart = new TerraformAsset(this, 'Chart', { path: CHART, type: AssetType.DIRECTORY });
    this.release = new Release(this, 'Resource', {
      name: props.releaseName,
      namespace: props.namespaceName,
      chart: this.chart.path,
      // Helm's provider compares values, not templates: without the hash a changed chart would be no change.
      values: [helmValues({ chartSha256: this.chart.assetHash, objects: props.objects })],
      atomic: true,
      maxHistory: 5,
      timeout: 300,
      dependsOn: props.dependsOn,
    });
  }
}
