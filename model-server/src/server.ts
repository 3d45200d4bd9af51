import pino, { type Logger } from 'pino';
import { createApp } from './app';
import type { ServerConfig } from './config';
import { FileUserStateStore } from './user-state/file-user-state-store';
import { HttpServer } from './http-server';
import { Inference } from './inference/inference';
import { ModelRepository } from './inference/model-repository';
import { recommenderInference } from './inference/recommender-inference';
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
 * @throws ServerConfigError when the directory of further models can't be read
 * @throws Error with `code` EADDRINUSE or EACCES when the port can't be had
 */
export async function startServer(
  config: ServerConfig,
  logger: Logger = pino({ level: config.logLevel }),
): Promise<RunningServer> {
  const metrics = new Metrics();
  const lifecycle = new Lifecycle();
  const models = new ModelFollower(config, metrics, logger);
  const repository = config.models === undefined ? undefined : await openRepository(config, config.models, logger);
  const inference = new Inference({
    models: [recommenderInference(config.model, models), ...(repository?.models ?? [])],
    timeoutMs: config.inferenceTimeoutMs,
    registry: metrics.registry,
    logger,
  });
  const users = new FileUserStateStore({ directory: config.users, usersCached: config.usersCached });
  const server = new HttpServer(createApp({ config, models, inference, users, metrics, lifecycle, logger }));
  const port = await server.listen(config.host, config.port);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${host}:${port}`;
  logger.info({ url, store: config.store, model: config.model, channel: config.channel }, 'listening');
  await Promise.all([models.start(), repository?.load()]);

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
    await Promise.race([Promise.all([models.stop(), repository?.close(), users.close()]), late]);
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

function openRepository(config: ServerConfig, directory: string, logger: Logger): Promise<ModelRepository> {
  const { model, inferenceTimeoutMs: timeoutMs, inferenceBytes: maxBytes } = config;
  return ModelRepository.open({ directory, taken: [model], timeoutMs, maxBytes, logger });
}
