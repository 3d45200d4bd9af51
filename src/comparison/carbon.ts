import type { CloudName } from '../address-plan';
import { HOURS_A_MONTH } from '../cost/price-list';
import { GRIDS, PUE, UTILISATION, WATTS } from './published';

export interface PoweredNodes {
  readonly cloud: CloudName;
  readonly nodeSize: string;
  readonly vcpus: number;
  readonly nodes: number;
  /** `us-east-1`, `eastus` */
  readonly region: string;
}

/**
 * kg CO2e that nodes emit in a month by their use of electricity: watts of their vCPUs at the mean use of machines that
 * nobody measured, times what the cloud's buildings take on top, times the year's mean of the grid. Source of the
 * formula: https://www.cloudcarbonfootprint.org/docs/methodology/
 *
 * Left out are memory, disks, network, making the machines, and what the clouds buy of renewable energy.
 *
 * @returns undefined when no figure is known for the processor or the region
 */
export function carbonKgPerMonth({ cloud, nodeSize, vcpus, nodes, region }: PoweredNodes): number | undefined {
  const watts = wattsOf(cloud, nodeSize);
  const grid = GRIDS[region];
  if (!watts || !grid) return undefined;
  const [idle, busy] = watts;
  const mean = idle.value + (UTILISATION.value / 100) * (busy.value - idle.value);
  const kwh = (mean * vcpus * nodes * HOURS_A_MONTH) / 1000;
  return (kwh * PUE[cloud].value * grid.value) / 1000;
}

const PROCESSORS: readonly (readonly [cloud: CloudName, nodeSize: RegExp, processor: keyof typeof WATTS])[] = [
  ['aws', /^(t4g|[cmr][678]g)\./, 'graviton'],
  ['aws', /^[cmr]6i\./, 'iceLake'],
  ['aws', /^[cmr]7i\./, 'sapphireRapids'],
  ['azure', /^Standard_[BDE]\d+pl?d?s_v\d+$/, 'azureArm'],
  ['azure', /^Standard_[DE]\d+l?d?s_v5$/, 'iceLake'],
];

function wattsOf(cloud: CloudName, nodeSize: string) {
  const found = PROCESSORS.find(([of, pattern]) => of === cloud && pattern.test(nodeSize));
  return found && WATTS[found[2]];
}
