import { Release } from '@cdktf/provider-helm/lib/release';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { stringify } from 'yaml';
import type { Chart } from './charts';

export interface ChartReleaseProps {
  readonly chart: Chart;
  /** Name of the release; the chart's resources are named after it. */
  readonly name: string;
  readonly namespaceName: string;
  /** What differs from the chart's own values. */
  readonly values: object;
  /**
   * Values of whoever uses the construct. They win: Helm merges them into `values` key by key, lists replaced.
   * @default {}
   */
  readonly userValues?: object;
  /** @default [] */
  readonly dependsOn?: ITerraformDependable[];
}

/** Installs a chart from its registry as `Resource` of `scope`. */
export function chartRelease(scope: Construct, props: ChartReleaseProps): Release {
  const { chart, name, namespaceName, values, userValues, dependsOn } = props;
  return new Release(scope, 'Resource', {
    name,
    namespace: namespaceName,
    ...chart,
    values: [values, ...(userValues ? [userValues] : [])].map(helmValues),
    // A first install that failed halfway is taken back, so that the next apply starts clean.
    atomic: true,
    maxHistory: 5,
    timeout: 900,
    dependsOn,
  });
}

/** YAML 1.1, because Helm reads it and takes an unquoted `on` or `yes` for a boolean. */
export function helmValues(values: object): string {
  return stringify(values, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
