import { join } from 'node:path';
import express, { type Express, type Router } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { ServerConfig } from './config';
import { errorResponses, unknownRoute } from './errors';
import type { EventRecorder } from './event-recorder';
import type { Inference } from './inference/inference';
import type { Lifecycle } from './lifecycle';
import type { Metrics } from './metrics';
import type { ServedModels } from './model-follower';
import { openApiDocument } from './openapi/document';
import type { Recommender } from './recommender';
import { requestLog } from './request-log';
import type { ResultCache } from './result-cache/result-cache';
import { eventRoutes } from './routes/events';
import { inferenceRoutes } from './routes/inference';
import { metricsRoute } from './routes/metrics';
import { openApiRoute } from './routes/openapi';
import { operationRoutes } from './routes/operations';
import { recommendationRoutes } from './routes/recommendations';
import { userRoutes } from './routes/users';
import { addressLimit } from './security/address-limit';
import { setApiHeaders } from './security/api-headers';
import { crossOrigin } from './security/cross-origin';
import { guardRoutes, methodRoutesOf } from './security/route-guard';
import type { Security } from './security/security';
import type { Tracer } from './telemetry/tracer';
import type { UserStateStore } from './user-state/user-state-store';

const PAGE = join(__dirname, '..', 'public');

export interface AppOptions {
  readonly config: Pick<ServerConfig, 'accessLogSample' | 'adminPort' | 'console' | 'inferenceBytes' | 'traceSlowMs'>;
  readonly models: ServedModels;
  readonly recommender: Recommender;
  /** The models that are served by name. */
  readonly inference: Inference;
  readonly users: UserStateStore;
  readonly events: EventRecorder;
  /** `undefined`: answers are not kept. */
  readonly resultCache: ResultCache | undefined;
  readonly security: Security;
  readonly metrics: Metrics;
  readonly lifecycle: Lifecycle;
  readonly logger: Logger;
  /** What `/metrics` answers, where several processes share the port. @default - this process's metrics */
  readonly metricsText?: () => Promise<string>;
  /** `undefined`: nothing is traced. */
  readonly tracer?: Tracer;
}

/** The HTTP API, and the console when the configuration asks for it, without a listener. */
export function createApp({
  config,
  models,
  recommender,
  inference,
  users,
  events,
  resultCache,
  security: { access, addressOf, corsOrigins },
  metrics,
  lifecycle,
  logger,
  metricsText = () => metrics.text(),
  tracer,
}: AppOptions): Express {
  metrics.watch({
    isReady: () => !lifecycle.draining && models.current !== undefined && models.failure === undefined,
    queueDepth: () => models.current?.scorer.queued ?? 0,
  });
  const knowsItem = (id: string) => models.current && models.current.model.indexOf(id) !== undefined;

  const app = express();
  app.disable('x-powered-by');
  // An entity tag hashes every answer, and these are never asked for twice.
  app.disable('etag');
  app.use(requestLog({ config, metrics, lifecycle, logger, tracer }));
  if (corsOrigins.length > 0) app.use(crossOrigin(corsOrigins));
  if (access.perAddress) app.use(addressLimit(access.perAddress, addressOf));
  const routes: string[] = [];
  const guarded = (router: Router) => {
    routes.push(...methodRoutesOf(router));
    return guardRoutes(router, access);
  };
  // The busiest routes first, ahead of what sets headers one by one.
  app.use(guarded(recommendationRoutes({ recommender, knowsItem, metrics })));
  app.use((request, response, next) => {
    response.setHeader('x-request-id', request.record.id);
    next();
  });
  app.use('/v1', (_request, response, next) => {
    setApiHeaders(response);
    const version = models.current?.model.version;
    if (version) response.setHeader('x-model-version', version);
    next();
  });
  app.use(guarded(eventRoutes(events)));
  app.use(guarded(inferenceRoutes(inference, lifecycle, config.inferenceBytes)));
  app.use(guarded(operationRoutes(models, lifecycle)));
  // With an admin port it is there alone.
  if (config.adminPort === undefined) app.use(guarded(metricsRoute(metricsText)));
  // What they show is for whoever may see it, or for those who ask for the console on their own machine.
  const shown = config.console || access.authenticates;
  app.use(guarded(userRoutes({ users, resultCache, models, shown, logger })));
  app.use(guarded(openApiRoute(() => openApiDocument({ routes, authenticates: access.authenticates }))));
  if (config.console) {
    app.use(helmet({ strictTransportSecurity: false, contentSecurityPolicy: { directives: PAGE_POLICY } }));
    app.use(express.static(PAGE, { redirect: false }));
  }
  app.use(unknownRoute);
  app.use(errorResponses(logger));
  return app;
}

/** The page loads its own files and calls its own API. TLS ends at the gateway, which sets its own transport policy. */
const PAGE_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'img-src': ["'self'"],
  'connect-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'self'"],
  'frame-ancestors': ["'none'"],
  'font-src': ["'none'"],
  'upgrade-insecure-requests': null,
};
