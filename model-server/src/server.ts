import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pino, { type Logger } from 'pino';
import { createApp } from './app';
import type { ServerConfig } from './config';
import { FileUserStateStore } from './file-user-state-store';
import { Lifecycle } from './lifecycle';
import { Metrics } from './metrics';
import { ModelFollower } from './model-follower';

/** Longer than the 60 seconds of load balancers, so that they close idle connections, not we. */
const KEEP_ALIVE_MS = 65_000;
const IDLE_CHECK_MS = 50;

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
  const server = createServer(
    { keepAliveTimeout: KEEP_ALIVE_MS },
    createApp({ config, models, users, metrics, lifecycle, logger }),
  );
  const port = await listen(server, config);
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
    await closeListener(server, config.shutdownSeconds * 1000);
    await models.stop();
    await users.close();
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

function listen(server: Server, { host, port }: Pick<ServerConfig, 'host' | 'port'>): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

async function closeListener(server: Server, deadlineMs: number): Promise<void> {
  // A connection whose request was under way at the close turns idle later.
  const idle = setInterval(() => server.closeIdleConnections(), IDLE_CHECK_MS);
  const deadline = setTimeout(() => server.closeAllConnections(), deadlineMs);
  await new Promise<void>((resolve) => server.close(() => resolve()));
  clearInterval(idle);
  clearTimeout(deadline);
}
