import cluster from 'node:cluster';
import type { Logger } from 'pino';
import { type AdminServer, startAdminServer } from './admin/admin-server';
import { createApp } from './app';
import { WorkerChannel } from './cluster-messages';
import type { ServerConfig } from './config';
import { EventRecorder } from './event-recorder';
import { overloadGuard } from './grpc/overload-guard';
import { GrpcServer, type GrpcServerOptions } from './grpc/server';
import { withHotRoute } from './hot-route';
import { HttpServer, type OverloadEvents } from './http-server';
import { Inference } from './inference/inference';
import { ModelRepository } from './inference/model-repository';
import { recommenderInference } from './inference/recommender-inference';
import { Lifecycle } from './lifecycle';
import { createLogger } from './logger';
import { Metrics } from './metrics';
import { ModelFollower } from './model-follower';
import { Recommender } from './recommender';
import { RedisConnection } from './redis/redis-connection';
import { openResultCache } from './result-cache/open-result-cache';
import { watchResultCache } from './result-cache/result-cache-metrics';
import { SharedResults } from './result-cache/shared-results';
import { USER_RECOMMENDATIONS } from './routes/recommendations';
import { grpcGuard } from './security/grpc-guard';
import { createSecurity } from './security/security';
import type { Tracer } from './telemetry/tracer';
import { openUserStateStore } from './user-state/open-user-state-store';

export interface RunningServer {
  /** `http://127.0.0.1:8080` */
  readonly url: string;
  readonly port: number;
  /** `undefined` where gRPC is off. */
  readonly grpcPort: number | undefined;
  /** `undefined` where there is no admin port. */
  readonly adminPort: number | undefined;
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
 * @throws ServerConfigError when the directory of further models can't be read, or settings of its security are wrong
 * @throws Error with `code` EADDRINUSE or EACCES when the port can't be had
 */
export async function startServer(config: ServerConfig, logger?: Logger): Promise<RunningServer> {
  const metrics = new Metrics();
  return start(
    config,
    metrics,
    logger ?? createLogger({ level: config.logLevel, onDrop: (lines) => metrics.logLinesDropped.inc(lines) }),
  );
}

async function start(config: ServerConfig, metrics: Metrics, logger: Logger): Promise<RunningServer> {
  const tracer = openTracer(config, metrics, logger);
  const redis = redisOptions(config, metrics, logger);
  const limits = await openLimits(config, redis('limits'));
  const security = createSecurity({ config, logger, redis: limits });
  const lifecycle = new Lifecycle();
  const models = new ModelFollower(config, metrics, logger);
  const repository = config.models === undefined ? undefined : await openRepository(config, config.models, logger);
  const inference = new Inference({
    models: [recommenderInference(config.model, models), ...(repository?.models ?? [])],
    timeoutMs: config.inferenceTimeoutMs,
    registry: metrics.registry,
    logger,
  });
  const workers = cluster.isWorker
    ? new WorkerChannel(metrics.registry, (level) => {
        logger.level = level;
      })
    : undefined;
  const users = await openUserStateStore({ ...config, ...redis('users'), changes: workers });
  const resultCache = await openResultCache({ ...config, ...redis('results') });
  const results = resultCache && new SharedResults(resultCache);
  if (resultCache && results) watchResultCache(metrics.registry, resultCache, results);
  const recommender = new Recommender({ ...config, models, users, results, waitedMs: () => server.waitedMs(), logger });
  const events = new EventRecorder({ users, historyDays: config.historyDays, metrics, logger });
  const parts = { models, recommender, inference, users, events, resultCache, metrics, lifecycle, logger };
  const metricsText = () => workers?.metrics() ?? metrics.text();
  const app = createApp({ ...parts, config, security, tracer, metricsText });
  const overload: OverloadEvents = {
    onChange: (overloaded) => {
      logger.warn(
        overloaded ? 'overloaded: what is too much for popular items as well is refused' : 'no longer overloaded',
      );
    },
    onRefused: (method) => metrics.requests.answered('refused', method, 503, 0),
  };
  const server: HttpServer = new HttpServer(app, { listener: withHotRoute(app, USER_RECOMMENDATIONS), overload });
  await server.rehearseRefusals().catch((err) => logger.warn({ err }, 'refusals not rehearsed: the first are slow'));
  const port = await server.listen(config.host, config.port);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const url = `http://${host}:${port}`;
  const guard = [
    overloadGuard(() => server.admits()),
    ...(security.access.isActive ? [grpcGuard(security.access, security.addressOf, logger)] : []),
  ];
  const grpc =
    config.grpcPort === undefined
      ? undefined
      : await startGrpc(config, config.grpcPort, { ...parts, tracer, interceptors: guard }).catch(
          async (error: Error) => {
            await server.close(0);
            throw error;
          },
        );
  const admin = await openAdmin({
    config,
    logger,
    metrics: metricsText,
    onLogLevel: (level) => workers?.shareLogLevel(level),
  }).catch(async (error: Error) => {
    await Promise.all([server.close(0), grpc?.close(0)]);
    throw error;
  });
  logger.info(
    {
      url,
      grpcPort: grpc?.port,
      adminPort: admin?.port,
      store: config.store,
      model: config.model,
      channel: config.channel,
    },
    'listening',
  );
  await Promise.all([models.start(), repository?.load()]);
  grpc?.healthChanged();

  let closing: Promise<void> | undefined;
  let hurry = (): void => undefined;
  const shutDown = async (drain: boolean): Promise<void> => {
    logger.info('shutting down');
    lifecycle.draining = true;
    grpc?.healthChanged();
    if (drain) {
      await new Promise<void>((resolve) => {
        hurry = resolve;
        setTimeout(resolve, config.drainSeconds * 1000).unref();
      });
    }
    const milliseconds = config.shutdownSeconds * 1000;
    // A store that doesn't answer must not keep the process.
    const late = new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref());
    await Promise.all([server.close(milliseconds), grpc?.close(milliseconds)]);
    security.close();
    resultCache?.close();
    limits?.close();
    await Promise.race([
      Promise.all([models.stop(), repository?.close(), users.close(), tracer?.close(), admin?.close()]),
      late,
    ]);
    logger.info('shut down');
  };
  return {
    url,
    port,
    grpcPort: grpc?.port,
    adminPort: admin?.port,
    models,
    close({ drain = true } = {}) {
      if (closing) hurry();
      closing ??= shutDown(drain && config.drainSeconds > 0);
      return closing;
    },
  };
}

/** What every connection to Redis has in common. */
function redisOptions({ redisCa: caFile, redisTimeoutMs: timeoutMs }: ServerConfig, metrics: Metrics, logger: Logger) {
  return (use: string) => ({
    caFile,
    timeoutMs,
    failures: 5,
    logger,
    onCircuit: (open: boolean) => metrics.redisCircuitOpen.set({ use }, open ? 1 : 0),
  });
}

/** Where requests are counted together. A request waits for it, so that one late answer is enough to do without it. */
async function openLimits(
  { rateLimitRedis: url }: ServerConfig,
  options: ReturnType<ReturnType<typeof redisOptions>>,
): Promise<RedisConnection | undefined> {
  if (url === undefined) return undefined;
  return RedisConnection.open({ ...options, url, use: 'limits', failures: 1 });
}

/** Loaded only when asked for, since its modules take a tenth of a second. */
function openTracer(config: ServerConfig, metrics: Metrics, logger: Logger): Tracer | undefined {
  const { otlpEndpoint: endpoint, traceSampleRatio: sampleRatio, traceSlowMs: slowMs } = config;
  if (endpoint === undefined) return undefined;
  const { otlpExporter, Tracer } = require('./telemetry/tracer') as typeof import('./telemetry/tracer');
  return new Tracer({ exporter: otlpExporter(endpoint), sampleRatio, slowMs, metrics, logger });
}

async function openAdmin(options: Parameters<typeof startAdminServer>[0]): Promise<AdminServer | undefined> {
  const { adminPort } = options.config;
  return adminPort === undefined ? undefined : startAdminServer(options, adminPort);
}

function openRepository(config: ServerConfig, directory: string, logger: Logger): Promise<ModelRepository> {
  const { model, inferenceTimeoutMs: timeoutMs, inferenceBytes: maxBytes } = config;
  return ModelRepository.open({ directory, taken: [model], timeoutMs, maxBytes, logger });
}

type GrpcParts = Omit<GrpcServerOptions, 'host' | 'port' | 'maxBytes'>;

function startGrpc({ host, inferenceBytes }: ServerConfig, port: number, parts: GrpcParts): Promise<GrpcServer> {
  return GrpcServer.start({ ...parts, host, port, maxBytes: inferenceBytes });
}
