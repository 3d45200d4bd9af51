import { Command } from 'commander';
import { cutOption, dataOption, jsonOption } from '../options';
import { Output, table } from '../output';
import { Progress } from '../progress';

export function evaluateCommand(): Command {
  return new Command('evaluate')
    .description('compare the algorithms on what customers bought after the cut')
    .addOption(dataOption())
    .addOption(cutOption())
    .addOption(jsonOption())
    .action(async (options: { data: string; cut?: string; json?: boolean }) => {
      const { compareAlgorithms } = await import('@cdktf-recommender/trainer');
      const comparison = await new Progress().events((onProgress) =>
        compareAlgorithms({ data: options.data, cut: options.cut }, onProgress),
      );
      new Output(options.json ?? false).result(comparison, () =>
        table(
          ['ALGORITHM', 'NDCG@20', '95 % INTERVAL', 'HALVES', 'RECALL@20'],
          comparison.algorithms.map(({ title, metrics, ndcgByHalf }) => [
            title,
            metrics['ndcg@20']?.value.toFixed(4) ?? '',
            `[${metrics['ndcg@20']?.low.toFixed(4)}, ${metrics['ndcg@20']?.high.toFixed(4)}]`,
            ndcgByHalf.map((half) => half.toFixed(4)).join(' '),
            metrics['recall@20']?.value.toFixed(4) ?? '',
          ]),
        ),
      );
    });
}
