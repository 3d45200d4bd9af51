import { nodePools } from '../capacity/node-pools';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Bill } from './bill';

/**
 * What a node of a stack costs a month with its disk, in USD; the mean where there are several kinds.
 *
 * @returns undefined for a stack without pools of nodes, or with one whose nodes a controller chooses
 */
export function nodeUsd(stack: SynthesizedStack, { lines }: Pick<Bill, 'lines'>): number | undefined {
  const pools = nodePools(stack);
  const paths = new Set(pools.map(({ path }) => path));
  const nodes = pools.reduce((all, { max }) => all + max, 0);
  const usd = lines
    .filter(({ node, path, stack: name }) => node && name === stack.name && paths.has(path))
    .reduce((all, line) => all + line.usd.ceiling, 0);
  return nodes > 0 && usd > 0 ? usd / nodes : undefined;
}
