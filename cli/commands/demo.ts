import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { beginDeploy, type Deployment } from '../demo/deploy';
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

async function demo(options: DemoOptions): Promise<void> {
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve());
  });
  rmSync(FOLDER, { recursive: true, force: true });
  const deployment = beginDeploy();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      interruption.abort();
      void deployment.stop();
    });
  }
  try {
    // A training can't be called off: it is left behind, and ends with the process.
    await Promise.race([tour({ ...options, deployment, interruption: interruption.signal, interrupted }), interrupted]);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
  } finally {
    await deployment.stop();
  }
  if (interruption.signal.aborted) {
    process.stderr.write('Everything that was started is stopped.\n');
    process.exitCode = EXIT.interrupted;
  }
}

interface Tour extends DemoOptions {
  readonly deployment: Deployment;
  readonly interruption: AbortSignal;
  /** Resolves on Ctrl-C. */
  readonly interrupted: Promise<void>;
}

async function tour({ data, exit, deployment, interruption, interrupted }: Tour): Promise<void> {
  const progress = new Progress();
  const print = (text: string) => void process.stdout.write(`\n${text}\n\n`);
  const store = join(FOLDER, 'store');
  const users = join(FOLDER, 'users');
  const training = { data, store, users, model: 'online-retail', channel: 'production', promote: true };
  const { version, result } = await trainAndRegister(training, progress);
  interruption.throwIfAborted();
  print(describeTraining(version, result));
  await loadHistories(result.interactions, training, progress);
  interruption.throwIfAborted();

  const { loadServerConfig, startServer } = await import('@cdktf-recommender/model-server');
  const config = {
    ...loadServerConfig({}),
    store,
    users,
    model: training.model,
    port: 0,
    console: true,
    logLevel: 'warn' as const,
  };
  const server = await progress.step(
    'Start the model server',
    () => startServer(config),
    ({ url }) => url,
  );
  try {
    print(await showRecommendations(server.url));
    print(await deployment.show(progress));
    if (exit) return;
    print(`The server goes on, with a page to look at: ${server.url}\nCtrl-C ends it.`);
    await interrupted;
  } finally {
    await server.close({ drain: false });
  }
}
