import pino, { type Logger } from 'pino';
import { createApp } from './app';
import type { ServerConfig } from './config';
import { FileUserStateStore } from './file-user-state-store';
import { HttpServer } from './http-server';
import { Lifecycle } from './lifecycle';
import { Metrics } from './metrics';
import { ModelFollower } from './model-follower';

export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  readonly models: ModelFollower;
  /**
   * Shuts down: readiness falls at once, after `drainSeconds` the server no longer listens, requests under way are
   * answered until `shutdownSeconds`, and what is open then is cut off. A second call doesn't wait for the drain.
   *
   * @param options.drain whether to wait `drainSeconds`; default true
   */
  close(options?: { drain?: boolean }): Promise<void>;
}

/**
 * Listens, loads the model and follows its channel. It resolves when the first attempt to load is over, with or
 * without success: without a model the server runs, not ready, and goes on trying.
 *
 * @param logger default: JSON lines on standard output at the configured level
 * @throws Error with `code` EADDRINUSE or EACCES when the port can't be had
 */
export async function startServer(
  config: ServerConfig,
  logger: Logger = pino({ level: config.logLevel }),
): Promise<RunningServer> {
  const metrics = new Metrics();
  const lifecycle = new Lifecycle();
  const models = new ModelFollower(config, metrics, logger);
  const users = new FileUserStateStore({ directory: config.users, usersCached: config.usersCached });
  const server = new HttpServer(createApp({ config, models, users, metrics, lifecycle, logger }));
  const port = await server.listen(config.host, config.port);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${host}:${port}`;
  logger.info({ url, store: config.store, model: config.model, channel: config.channel }, 'listening');
  await models.start();

  let closing: Promise<void> | undefined;
  let hurry = (): void => undefined;
  const shutDown = async (drain: boolean): Promise<void> => {
    logger.info('shutting down');
    lifecycle.draining = true;
    if (drain) {
      await new Promise<void>((resolve) => {
        hurry = resolve;
        setTimeout(resolve, config.drainSeconds * 1000).unref();
      });
    }
    const milliseconds = config.shutdownSeconds * 1000;
    // A store that doesn't answer must not keep the process.
    const late = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
    await server.close(milliseconds);
    await Promise.race([Promise.all([models.stop(), users.close()]), late]);
    logger.info('shut down');
  };
  return {
    url,
    port,
    models,
    close({ drain = true } = {}) {
      if (closing) hurry();
      closing ??= shutDown(drain && config.drainSeconds > 0);
      return closing;
    },
  };
}
