import { pipeline } from 'node:stream/promises';
import { getHeapSnapshot } from 'node:v8';
import express, { type Express, json, type Response } from 'express';
import type { Logger } from 'pino';
import { z } from 'zod';
import { LOG_LEVELS, type ServerConfig } from '../config';
import { errorResponses, unknownRoute } from '../errors';
import { Problem } from '../problem';
import { check, NoQuery, wholeNumberText } from '../request-schemas';
import { allowOnly } from '../routes/methods';
import { metricsRoute } from '../routes/metrics';
import { RequestRecord } from '../telemetry/request-record';
import { cpuProfile } from './cpu-profile';
import { localCallers } from './local-callers';
import type { ProcessSummary } from './process-summary';
import { redactedConfig } from './redacted-config';

const MAX_PROFILE_SECONDS = 60;
const LOG_LEVEL_BYTES = 1000;

const ProfileQuery = z.strictObject({ seconds: wholeNumberText(1, MAX_PROFILE_SECONDS).default(10) });
const LogLevel = z.strictObject({ level: z.enum(LOG_LEVELS, { error: `one of ${LOG_LEVELS.join(', ')}` }) });

export interface AdminAppOptions {
  readonly config: ServerConfig;
  readonly logger: Logger;
  readonly summary: ProcessSummary;
  /** The text that `/metrics` answers. */
  readonly metrics: () => Promise<string>;
  /** Called with the new level, for processes that serve beside this one. */
  readonly onLogLevel?: (level: string) => void;
}

/** What those who run the server ask of a listener that customers don't reach: `/metrics`, and `/debug` from close by. */
export function createAdminApp({ config, logger, summary, metrics, onLogLevel }: AdminAppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.use((request, response, next) => {
    request.record = new RequestRecord(request.rawHeaders);
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  app.use(metricsRoute(metrics));
  app.use('/debug', localCallers);

  app
    .route('/debug/process')
    .get((request, response) => {
      check(NoQuery, request.query);
      response.json(summary.read());
    })
    .all(allowOnly('GET'));

  app
    .route('/debug/config')
    .get((request, response) => {
      check(NoQuery, request.query);
      response.json(redactedConfig(config));
    })
    .all(allowOnly('GET'));

  app
    .route('/debug/log-level')
    .get((_request, response) => {
      response.json({ level: logger.level });
    })
    .put(json({ limit: LOG_LEVEL_BYTES }), (request, response) => {
      const { level } = check(LogLevel, request.body);
      const before = logger.level;
      // Whatever the levels are, the log itself says why it changed.
      logger.level = 'fatal';
      logger.fatal({ before, after: level }, 'log level changed by the admin port');
      logger.level = level;
      onLogLevel?.(level);
      response.json({ level });
    })
    .all(allowOnly('GET', 'PUT'));

  // They hold or slow the event loop: one at a time.
  let running: string | undefined;
  const alone = async (what: string, work: () => Promise<void>) => {
    if (running) throw new Problem('diagnosis-running', `${running} is under way; wait until it is done`);
    running = what;
    const started = performance.now();
    logger.info({ what }, 'diagnosis started');
    try {
      await work();
    } finally {
      running = undefined;
      logger.info({ what, ms: Math.round(performance.now() - started) }, 'diagnosis ended');
    }
  };

  app
    .route('/debug/cpu-profile')
    .post(async (request, response) => {
      const { seconds } = check(ProfileQuery, request.query);
      await alone('a CPU profile', async () => {
        const gone = new AbortController();
        response.once('close', () => gone.abort());
        const profile = await cpuProfile(seconds, gone.signal);
        asFile(response, 'application/json', 'cpuprofile').end(profile);
      });
    })
    .all(allowOnly('POST'));

  app
    .route('/debug/heap-snapshot')
    .post(async (request, response) => {
      check(NoQuery, request.query);
      await alone('a heap snapshot', async () => {
        // Whoever hangs up midway is not an error of the server's.
        await pipeline(getHeapSnapshot(), asFile(response, 'application/json', 'heapsnapshot')).catch(() => undefined);
      });
    })
    .all(allowOnly('POST'));

  app.use(unknownRoute);
  app.use(errorResponses(logger));
  return app;
}

function asFile(response: Response, type: string, extension: string): Response {
  const time = new Date().toISOString().replace(/[:.]/g, '-');
  response.setHeader('Content-Type', type);
  response.setHeader('Content-Disposition', `attachment; filename="model-server-${process.pid}-${time}.${extension}"`);
  return response;
}
