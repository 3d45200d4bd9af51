import type { Release } from '@cdktf/provider-helm/lib/release';
import type { ITerraformDependable, TerraformAsset } from 'cdktf';
import { Construct } from 'constructs';
import { localChart } from './local-chart';

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
    readonly finalizers?: readonly string[];
  };
  /** Absent in kinds that have their fields beside it. */
  readonly spec?: object;
}

export interface CustomResourcesProps {
  /** Name of the release. */
  readonly releaseName: string;
  /** Namespace of the release, and of objects that name none. */
  readonly namespaceName: string;
  /** Or what makes them when the stack is synthesized, and so knows all that was added meanwhile. */
  readonly objects: readonly CustomResource[] | (() => readonly CustomResource[]);
  /** What brings their kinds, such as the release of an operator. */
  readonly dependsOn: ITerraformDependable[];
}

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
    const { releaseName, namespaceName, objects, dependsOn } = props;
    const made = localChart(this, {
      chart: 'custom-resources',
      releaseName,
      namespaceName,
      values: typeof objects === 'function' ? () => ({ objects: objects() }) : { objects },
      dependsOn,
    });
    this.chart = made.chart;
    this.release = made.release;
  }
}
