import type { UserStateStore } from '@cdktf-recommender/model-server';
import type { Interactions } from '@cdktf-recommender/trainer';
import { Command } from 'commander';
import { dataOption, historyDaysOption, jsonOption, redisCaOption, usersOption } from '../options';
import { Output } from '../output';
import { Progress } from '../progress';

export interface LoadOptions {
  readonly users: string;
  readonly redisCa?: string;
  readonly historyDays?: number;
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
    .argument('[file]', 'JSON lines, a customer each')
    .addOption(usersOption())
    .addOption(redisCaOption())
    .addOption(historyDaysOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `
A line is {"user":"7","events":[{"item":"85123A","at":"2011-09-30T12:00:00Z"}]}.
Without a file, the histories come from the transactions of --data.`,
    )
    .action(async (file: string | undefined, options: LoadOptions) => {
      const loaded = await loadHistories(file, options, new Progress());
      const { withoutLogin } = await import('@cdktf-recommender/model-server');
      new Output(options.json ?? false).result(loaded, () => describeLoad(loaded, withoutLogin(options.users)));
    });
}

/** Nothing is read again, and a load can wait where a customer can't. */
const BULK_LOAD = { usersCached: 0, usersCachedMegabytes: 1, timeoutMs: 10_000, failures: 1 };

interface Loaded {
  readonly users: number;
  readonly events: number;
}

/** Loads a file of histories, or those that transactions hold; of these, a file that is still to be read or cleaned ones. */
export async function loadHistories(
  from: string | Interactions | undefined,
  options: Pick<LoadOptions, 'users' | 'redisCa' | 'historyDays' | 'data'>,
  progress: Progress,
): Promise<Loaded> {
  const { loadUsers, openUserStateStore, ServerConfig } = await import('@cdktf-recommender/model-server');
  const { users, redisCa: caFile } = options;
  const historyDays = options.historyDays ?? ServerConfig.shape.historyDays.parse(undefined);
  const store = await openUserStateStore({ ...BULK_LOAD, users, caFile, historyDays });
  const source = typeof from === 'string' ? from : options.data;
  try {
    return await progress.step(
      `Load histories from ${source}`,
      async (report) => {
        const onProgress = (users: number) => report(`${users.toLocaleString('en')} customers`);
        if (typeof from === 'string') return loadUsers(from, store, { onProgress });
        return loadInteractions(from ?? (await readInteractions(options.data)), store, onProgress);
      },
      ({ users, events }) => `${users.toLocaleString('en')} customers, ${events.toLocaleString('en')} items`,
    );
  } finally {
    await store.close();
  }
}

async function readInteractions(data: string): Promise<Interactions> {
  const { readDataset } = await import('@cdktf-recommender/trainer');
  return (await readDataset(data)).interactions;
}

async function loadInteractions(
  interactions: Interactions,
  store: Pick<UserStateStore, 'append'>,
  onProgress: (users: number) => void,
): Promise<Loaded> {
  const { histories } = await import('@cdktf-recommender/trainer');
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

function describeLoad({ users, events }: Loaded, place: string): string {
  return `${users.toLocaleString('en')} customers with ${events.toLocaleString('en')} items are in ${place}`;
}
