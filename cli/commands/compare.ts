import { Command, Option } from 'commander';
import { UsageError } from '../failure';
import { jsonOption, wholeNumber } from '../options';
import { Output } from '../output';
import { Progress } from '../progress';

interface CompareOptions {
  readonly rate: number;
  readonly seconds: number;
  readonly heavy?: boolean;
  readonly json?: boolean;
}

/** Requests a second that any server may be asked without a second thought. */
const MODEST_RATE = 200;

export function compareCommand(): Command {
  return new Command('compare')
    .description('load two running model servers in turns, and say what differs')
    .argument('<url>', 'address of server A, such as https://aws.shop.example')
    .argument('<other-url>', 'address of server B')
    .addOption(
      new Option('--rate <number>', 'requests a second, 1 to 2000').argParser(wholeNumber(1, 2000)).default(50),
    )
    .addOption(
      new Option('--seconds <number>', 'for both together, 10 to 600').argParser(wholeNumber(10, 600)).default(60),
    )
    .option('--heavy', `allow a --rate above ${MODEST_RATE}`)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
Ten turns each, with the same requests at the same rate, after one that doesn't
count. Nothing is written to the servers. p99 wants 100 answers a turn.
RECOMMENDER_TOKEN_A and RECOMMENDER_TOKEN_B: a JWT or an API key for each.`,
    )
    .action(async (url: string, other: string, { rate, seconds, heavy, json }: CompareOptions) => {
      if (rate > MODEST_RATE && !heavy) {
        throw new UsageError(
          `--rate is ${rate}; above ${MODEST_RATE} a second this is a load test. Lower it, or add --heavy if both servers may be loaded so.`,
        );
      }
      const { ModelServer } = await import('../compare/model-server.js');
      const { compareServers } = await import('../compare/compare-servers.js');
      const { comparisonText } = await import('../compare/text.js');
      const { RECOMMENDER_TOKEN_A, RECOMMENDER_TOKEN_B } = process.env;
      const servers = [new ModelServer(url, RECOMMENDER_TOKEN_A), new ModelServer(other, RECOMMENDER_TOKEN_B)] as const;
      const comparison = await new Progress().step('Compare', (report) =>
        compareServers(servers, { rate, seconds }, (round) => report(round === 0 ? 'warm-up' : `round ${round}`)),
      );
      new Output(json ?? false).result(comparison, () => comparisonText(comparison));
    });
}
