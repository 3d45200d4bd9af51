import { Command } from 'commander';
import { dataOption, jsonOption } from '../options';
import { Output } from '../output';
import { Progress } from '../progress';

export function searchCommand(): Command {
  return new Command('search')
    .description("try the model's settings on periods before the test (minutes), and write what was found")
    .addOption(dataOption())
    .option('--out <folder>', 'where the result is written', 'docs/results')
    .addOption(jsonOption())
    .action(async (options: { data: string; out: string; json?: boolean }) => {
      const { search, writeSearch } = await import('@cdktf-recommender/trainer');
      const result = await new Progress().events((onProgress) => search({ data: options.data }, onProgress));
      const files = await writeSearch(result, options.out, new Date().toISOString().slice(0, 10));
      const best = result.trials[0];
      new Output(options.json ?? false).result({ best, files }, () =>
        [
          `best of ${result.trials.length}: ${JSON.stringify(best?.settings)}, NDCG@20 ${best?.ndcg.toFixed(4)}`,
          ...files,
        ].join('\n'),
      );
    });
}
