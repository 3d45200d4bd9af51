import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Release } from '@cdktf/provider-helm/lib/release';
import { AssetType, type ITerraformDependable, Lazy, TerraformAsset } from 'cdktf';
import type { Construct } from 'constructs';
import { helmValues } from './chart-release';

export interface LocalChartProps {
  /** Name of its folder in `charts`. */
  readonly chart: string;
  readonly releaseName: string;
  readonly namespaceName: string;
  /** Or what makes them when the stack is synthesized. */
  readonly values: object | (() => object);
  readonly dependsOn?: ITerraformDependable[];
}

/** From the sources, which tests run, and from `dist`. */
const CHARTS_FOLDER = ['../../charts', '../../../charts']
  .map((folder) => join(__dirname, folder))
  .find((folder) => existsSync(folder)) as string;

/** Installs a chart of this library as `Resource` of `scope`, with its files as `Chart`. */
export function localChart(scope: Construct, props: LocalChartProps): { chart: TerraformAsset; release: Release } {
  const path = join(CHARTS_FOLDER, props.chart);
  const chart = new TerraformAsset(scope, 'Chart', { path, type: AssetType.DIRECTORY });
  // Helm's provider compares values, not templates: without the hash a changed chart would be no change.
  const text = (values: object) => helmValues({ chartSha256: chart.assetHash, ...values });
  const { values } = props;
  const release = new Release(scope, 'Resource', {
    name: props.releaseName,
    namespace: props.namespaceName,
    chart: chart.path,
    values: [typeof values === 'function' ? Lazy.stringValue({ produce: () => text(values()) }) : text(values)],
    atomic: true,
    maxHistory: 5,
    timeout: 300,
    dependsOn: props.dependsOn,
  });
  return { chart, release };
}
