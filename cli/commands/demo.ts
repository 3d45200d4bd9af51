import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { deployOnRehearsalCloud } from '../demo/deploy';
import { showRecommendations } from '../demo/recommendations';
import { EXIT } from '../exit-codes';
import { dataOption } from '../options';
import { Progress } from '../progress';
import { describeTraining, trainAndRegister } from './train';
import { loadHistories } from './users';

interface DemoOptions {
  readonly data: string;
  readonly exit?: boolean;
}

/** Everything the demo writes; made anew each time. */
const FOLDER = '.recommender/demo';

export function demoCommand(): Command {
  return new Command('demo')
    .description('the whole way once: train, register, serve, recommend, deploy to an emulated AWS')
    .addOption(dataOption())
    .option('--exit', 'end when everything was shown, instead of serving on')
    .action(demo);
}

async function demo({ data, exit }: DemoOptions): Promise<void> {
  const abort = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    abort.signal.addEventListener('abort', () => resolve());
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => abort.abort());
  const progress = new Progress();
  const print = (text: string) => void process.stdout.write(`\n${text}\n\n`);
  rmSync(FOLDER, { recursive: true, force: true });

  const store = join(FOLDER, 'store');
  const users = join(FOLDER, 'users');
  const training = { data, store, users, model: 'online-retail', channel: 'production', promote: true };
  const { version, result } = await trainAndRegister(training, progress);
  print(describeTraining(version, result));
  if (abort.signal.aborted) return interruptedExit();
  await loadHistories(result.interactions, training, progress);

  const { loadServerConfig, startServer } = await import('@cdktf-recommender/model-server');
  const config = { ...loadServerConfig({}), store, users, model: training.model, port: 0, logLevel: 'warn' as const };
  const server = await progress.step(
    'Start the model server',
    () => startServer(config),
    ({ url }) => url,
  );
  try {
    print(await showRecommendations(server.url));
    print(await deployOnRehearsalCloud(progress, abort.signal));
    if (exit || abort.signal.aborted) return;
    print(`The server goes on at ${server.url} with a page to look at; Ctrl-C ends it.`);
    await interrupted;
  } finally {
    await server.close({ drain: false });
    if (abort.signal.aborted) interruptedExit();
  }
}

function interruptedExit(): void {
  process.stderr.write('Everything that was started is stopped.\n');
  process.exitCode = EXIT.interrupted;
}
