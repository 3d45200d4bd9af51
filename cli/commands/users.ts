import { Command } from 'commander';
import { dataOption, jsonOption, usersOption } from '../options';
import { Output } from '../output';
import { Progress } from '../progress';

export interface LoadOptions {
  readonly users: string;
  readonly data: string;
  readonly json?: boolean;
}

export function usersCommand(): Command {
  return new Command('users')
    .description("Customers' histories, which are kept apart from every model version.")
    .addCommand(loadCommand());
}

function loadCommand(): Command {
  return new Command('load')
    .description('load histories in bulk; loading them again changes nothing')
    .argument('[file]', 'JSON lines: {"user":"12347","events":[{"item":"85123A","at":"2011-09-30T12:00:00Z"}]}')
    .addOption(usersOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', '\nWithout a file, the histories come from the transactions of --data.')
    .action(async (file: string | undefined, options: LoadOptions) => {
      const loaded = await loadHistories(file, options, new Progress());
      new Output(options.json ?? false).result(loaded, () => describeLoad(loaded, options.users));
    });
}

interface Loaded {
  readonly users: number;
  readonly events: number;
}

/** Loads a file of histories, or those that the transactions hold. */
export async function loadHistories(
  file: string | undefined,
  options: LoadOptions,
  progress: Progress,
): Promise<Loaded> {
  const { FileUserStateStore, loadUsers } = await import('@cdktf-recommender/model-server');
  const store = new FileUserStateStore({ directory: options.users, usersCached: 0 });
  try {
    return await progress.step(
      `Load histories from ${file ?? options.data}`,
      (report) => {
        const onProgress = (users: number) => report(`${users.toLocaleString('en')} customers`);
        return file === undefined
          ? loadTransactions(options.data, store, onProgress)
          : loadUsers(file, store, { onProgress });
      },
      ({ users, events }) => `${users.toLocaleString('en')} customers, ${events.toLocaleString('en')} items`,
    );
  } finally {
    await store.close();
  }
}

async function loadTransactions(
  data: string,
  store: { append(user: string, events: readonly { item: string; at: number }[]): Promise<void> },
  onProgress: (users: number) => void,
): Promise<Loaded> {
  const { histories, readDataset } = await import('@cdktf-recommender/trainer');
  const { interactions } = await readDataset(data);
  let users = 0;
  let events = 0;
  for (const history of histories(interactions)) {
    await store.append(
      history.user,
      history.events.map(({ item, at }) => ({ item, at: Date.parse(at) })),
    );
    users++;
    events += history.events.length;
    onProgress(users);
  }
  return { users, events };
}

function describeLoad({ users, events }: Loaded, folder: string): string {
  return `${users.toLocaleString('en')} customers with ${events.toLocaleString('en')} items are in ${folder}`;
}
