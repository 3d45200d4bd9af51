import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { openModelRegistry } from '@cdktf-recommender/model-registry';
import type { Logger } from 'pino';
import { DataBucket } from './data-bucket';
import { SettingsError } from './errors';
import type { Handler } from './runtime';
import { PagingSettings, RetrainingSettings, readSettings, ScoringSettings } from './settings';

type Environment = Readonly<Record<string, string | undefined>>;

/** Each way that the image can be started, by the command of the function's image config. */
export const COMMANDS = [
  'read',
  'score',
  'begin',
  'prepare',
  'train',
  'choose',
  'compare',
  'measure',
  'register',
  'promote',
  'finish',
  'page',
] as const;

/**
 * Opens what a command needs, and answers its handler. Of the libraries only those are loaded, which takes most of a
 * cold start.
 *
 * @throws SettingsError for an unknown command or wrong settings
 */
export async function openHandler(
  command: string | undefined,
  environment: Environment,
  logger: Logger,
): Promise<Handler> {
  if (command === 'read') return openRead(environment, logger);
  if (command === 'score') return openScore(readSettings(ScoringSettings, environment), logger);
  if (command === 'page') return openPage(readSettings(PagingSettings, environment), logger);
  const { STAGES } = require('./retraining/stages') as typeof import('./retraining/stages');
  const stage = command !== undefined && Object.hasOwn(STAGES, command) && STAGES[command as keyof typeof STAGES];
  if (!stage) throw new SettingsError(`there is no command ${command}; there are ${COMMANDS.join(', ')}`);
  const { stageHandler } = require('./retraining/stage') as typeof import('./retraining/stage');
  return stageHandler(stage(), await openWorkshop(readSettings(RetrainingSettings, environment), logger));
}

async function openRead(environment: Environment, logger: Logger): Promise<Handler> {
  const { loadServerConfig } =
    require('@cdktf-recommender/model-server') as typeof import('@cdktf-recommender/model-server');
  const { openReader } = require('./reading/read') as typeof import('./reading/read');
  return (await openReader(loadServerConfig(environment), logger)).handler;
}

async function openScore(settings: ScoringSettings, logger: Logger): Promise<Handler> {
  const { BatchScorer, modelCacheIn } = require('./scoring/batch-scorer') as typeof import('./scoring/batch-scorer');
  const { scoreHandler } = require('./scoring/score') as typeof import('./scoring/score');
  const { channel, partUsers, queueUrl, reserveSeconds } = settings;
  const bucket = openBucket(settings);
  const cache = { directory: modelCacheIn(settings.scratch), bytes: settings.cacheMegabytes * 2 ** 20 };
  const registry = await openModelRegistry(settings.modelStore, settings.model);
  const scorer = new BatchScorer({ bucket, registry, channel, partUsers, cache, logger });
  const queue = queueUrl === undefined ? undefined : { client: new SQSClient(), url: queueUrl };
  return scoreHandler({ scorer, bucket: settings.dataBucket, queue, reserveSeconds, logger });
}

function openPage({ secretArn, severity, eventsUrl }: PagingSettings, logger: Logger): Handler {
  const { SecretsManagerClient } =
    require('@aws-sdk/client-secrets-manager') as typeof import('@aws-sdk/client-secrets-manager');
  const { EventsApi } = require('./paging/events-api') as typeof import('./paging/events-api');
  const { pageHandler } = require('./paging/page') as typeof import('./paging/page');
  const api = new EventsApi({ url: eventsUrl });
  return pageHandler({ secrets: new SecretsManagerClient(), secretArn, api, severity, logger });
}

async function openWorkshop(settings: RetrainingSettings, logger: Logger) {
  const { RunTable } = require('./retraining/run-table') as typeof import('./retraining/run-table');
  const topic = new SNSClient();
  const { runTable: table, topicArn, model, lockSeconds, keepDays } = settings;
  return {
    settings,
    bucket: openBucket(settings),
    registry: await openModelRegistry(settings.modelStore, model),
    runs: new RunTable({ client: new DynamoDBClient(), table, model, lockSeconds, keepDays }),
    notify: async (subject: string, message: string) => {
      await topic.send(new PublishCommand({ TopicArn: topicArn, Subject: subject, Message: message }));
    },
    logger,
  };
}

function openBucket({ dataBucket }: { readonly dataBucket: string }): DataBucket {
  return new DataBucket(new S3Client(), dataBucket);
}
