import { Command } from 'commander';
import { EXIT } from '../exit-codes';
import { channelOption, modelOption, storeOption, usersOption, wholeNumber } from '../options';

interface ServeOptions {
  readonly store: string;
  readonly model: string;
  readonly channel: string;
  readonly users: string;
  readonly host: string;
  readonly port: number;
}

export function serveCommand(): Command {
  return new Command('serve')
    .description('answer over HTTP from the version that a channel points to, and follow the channel')
    .addOption(storeOption())
    .addOption(modelOption())
    .addOption(channelOption())
    .addOption(usersOption())
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 takes a free one', wholeNumber(0, 65_535), 8080)
    .addHelpText('after', '\nEvery other setting is a RECOMMENDER_ variable, see docs/configuration.md.')
    .action(async (options: ServeOptions) => {
      const { loadServerConfig, startServer } = await import('@cdktf-recommender/model-server');
      // The console shows what customers bought, so it is for this machine only.
      const console = ['127.0.0.1', '::1', 'localhost'].includes(options.host);
      const config = { ...loadServerConfig(process.env), ...options, console };
      const server = await startServer(config);
      await new Promise<void>((resolve) => {
        const stop = (drain: boolean) => void server.close({ drain }).then(resolve);
        process.on('SIGTERM', () => stop(true));
        process.on('SIGINT', () => {
          process.exitCode = EXIT.interrupted;
          stop(false);
        });
      });
    });
}
