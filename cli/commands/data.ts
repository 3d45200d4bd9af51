import type { CleaningAccount } from '@cdktf-recommender/trainer';
import { Command } from 'commander';
import { dataOption, jsonOption } from '../options';
import { Output, table } from '../output';
import { Progress } from '../progress';

export function dataCommand(): Command {
  return new Command('data').description('The transactions a model is trained on.').addCommand(checkCommand());
}

function checkCommand(): Command {
  return new Command('check')
    .description('clean the transactions and account for every line')
    .addOption(dataOption())
    .addOption(jsonOption())
    .action(async (options: { data: string; json?: boolean }) => {
      const { checkData, DROP_REASONS } = await import('@cdktf-recommender/trainer');
      const account = await new Progress().step(`Read ${options.data}`, () => checkData(options.data));
      new Output(options.json ?? false).result(account, () => describeAccount(account, DROP_REASONS));
    });
}

/** The account as a table, a line a reason, and the malformed lines below it. */
function describeAccount(account: CleaningAccount, reasons: Readonly<Record<string, string>>): string {
  const { dropped, malformed } = account;
  const rows = table(
    ['LINES', ''],
    [
      [account.lines, 'read'],
      ...Object.entries(dropped).map(([reason, count]) => [count ? -count : 0, `dropped: ${reasons[reason]}`]),
      [malformed.count ? -malformed.count : 0, 'dropped: malformed'],
      [account.kept, 'kept'],
    ],
  );
  const customers = account.customers.toLocaleString('en');
  const items = account.items.toLocaleString('en');
  return [
    rows,
    ...malformed.first.map(({ line, problem }) => `  line ${line}: ${problem}`),
    `${customers} customers, ${items} items, ${account.from.slice(0, 10)} to ${account.to.slice(0, 10)}`,
  ].join('\n');
}
