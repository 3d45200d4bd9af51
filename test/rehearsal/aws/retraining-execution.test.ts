import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { CreateTableCommand, DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { type ModelRegistry, openModelRegistry } from '@cdktf-recommender/model-registry';
import { type FunctionHost, type Moto, startMoto } from '@cdktf-recommender/rehearsal';
import type { RetrainingCandidate } from '../../../constructs/aws/workflow/retraining-candidates';
import {
  RETRAINING_STAGES,
  type RetrainingDefinitionProps,
  type RetrainingStage,
  retrainingDefinition,
} from '../../../constructs/aws/workflow/retraining-definition';
import { smallVersion } from '../../model-server/fixtures';
import { transactions } from '../../trainer/shop-file';
import { ACCOUNT_ID, REGION } from './area';
import { awsEnvironment, createFunction, createFunctionRole, hostFunctions } from './functions-on-moto';

/** What each stage may take; a busy machine takes some of it to start Node. */
const STAGE_SECONDS = 120;
const CANDIDATES: RetrainingCandidate[] = [
  { name: 'smooth', lambda: 200, historyHalfLifeDays: 240 },
  { name: 'sharp', lambda: 50, trainingHalfLifeDays: 120, trend: { windowDays: 28, exponent: 0.6 } },
];

let moto: Moto;
let host: FunctionHost;
let s3: S3Client;
let dynamo: DynamoDBClient;
let sfn: SFNClient;
let sqs: SQSClient;
let sns: SNSClient;
let lambda: LambdaClient;
let shops = 0;

beforeAll(async () => {
  moto = await startMoto({ onProgress: console.log });
  Object.assign(process.env, awsEnvironment(moto));
  await moto.executeStateMachines();
  await createFunctionRole(moto);
  host = await hostFunctions(moto);
  s3 = new S3Client();
  dynamo = new DynamoDBClient();
  sfn = new SFNClient();
  sqs = new SQSClient();
  sns = new SNSClient();
  lambda = new LambdaClient();
}, 600_000);

afterAll(async () => {
  if (host) tellWhatIsReal();
  await host?.stop();
  for (const client of [s3, dynamo, sfn, sqs, sns, lambda]) client?.destroy();
  await moto?.stop();
});

function tellWhatIsReal(): void {
  const { length } = host.runs;
  console.log(
    `${length} invocations. Real: the definition, its interpreter (of moto), the functions' program with Lambda's runtime ` +
      'API, the SDK. Not real: the container, its memory limit, the roles, S3, DynamoDB and SNS (moto).',
  );
}

interface Execution {
  readonly runId: string;
  readonly status: string;
  /** Name of the error that it failed with. */
  readonly error: string | undefined;
  /** Names of the states that were entered, in order. */
  readonly entered: string[];
  readonly history: HistoryEvent[];
}

/** A shop with all that a retraining uses, in the emulated AWS. */
class Shop {
  private constructor(
    readonly name: string,
    readonly registry: ModelRegistry,
    private readonly functions: RetrainingDefinitionProps['functions'],
    private readonly queueUrl: string,
  ) {}

  static async open(settings: Record<string, string> = {}): Promise<Shop> {
    const name = `shop-${++shops}`;
    for (const bucket of [`${name}-data`, `${name}-models`]) {
      await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    }
    await dynamo.send(
      new CreateTableCommand({
        TableName: `${name}-runs`,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      }),
    );
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const queueArn = `arn:aws:sqs:${REGION}:${ACCOUNT_ID}:${name}`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn }));
    const environment = {
      FUNCTIONS_DATA_BUCKET: `${name}-data`,
      FUNCTIONS_MODEL_STORE: `s3://${name}-models`,
      FUNCTIONS_MODEL: 'test',
      FUNCTIONS_RUN_TABLE: `${name}-runs`,
      FUNCTIONS_TOPIC_ARN: TopicArn,
      FUNCTIONS_TEST_DAYS: '60',
      FUNCTIONS_LATENCY_MS: '1000',
      ...settings,
    };
    const functions = {} as Record<RetrainingStage, { functionArn: string; timeoutSeconds: number }>;
    for (const command of RETRAINING_STAGES) {
      const functionName = `${name}-${command}`;
      const functionArn = await createFunction(lambda, {
        functionName,
        command,
        environment,
        timeoutSeconds: STAGE_SECONDS,
      });
      functions[command] = { functionArn, timeoutSeconds: STAGE_SECONDS };
    }
    return new Shop(name, await openModelRegistry(`s3://${name}-models`, 'test'), functions, QueueUrl);
  }

  /** Lets a model serve that knows none of the shop's items, so that any other one is better. */
  async serveBadly(): Promise<string> {
    const version = await this.registry.register(smallVersion());
    await this.registry.promote('production', version, { by: 'test' });
    return version;
  }

  async removeExport(key: string): Promise<void> {
    await s3.send(new DeleteObjectCommand({ Bucket: `${this.name}-data`, Key: `input/${key}` }));
  }

  async exports(key: string, csv: string): Promise<void> {
    await s3.send(new PutObjectCommand({ Bucket: `${this.name}-data`, Key: `input/${key}`, Body: csv }));
  }

  async retrain(input: object = {}, changes: Partial<RetrainingDefinitionProps> = {}): Promise<Execution> {
    const definition = retrainingDefinition({
      functions: this.functions,
      candidates: CANDIDATES,
      maxConcurrency: 2,
      minimumNewInteractions: 1,
      timeoutSeconds: 600,
      retry: { intervalSeconds: 1, maxAttempts: 2, maxDelaySeconds: 2 },
      ...changes,
    });
    const runId = `run-${Date.now()}`;
    const { stateMachineArn } = await sfn.send(
      new CreateStateMachineCommand({
        name: `${this.name}-${runId}`,
        definition: JSON.stringify(definition),
        roleArn: `arn:aws:iam::${ACCOUNT_ID}:role/retraining`,
      }),
    );
    const started = await sfn.send(
      new StartExecutionCommand({ stateMachineArn, name: runId, input: JSON.stringify(input) }),
    );
    return finished(started.executionArn as string, runId);
  }

  /** Takes a task's grace away, so that it has a second. */
  hurried(stage: RetrainingStage): Pick<RetrainingDefinitionProps, 'functions'> {
    return { functions: { ...this.functions, [stage]: { ...this.functions[stage], timeoutSeconds: -14 } } };
  }

  async state(id: string): Promise<Record<string, string>> {
    const { Item = {} } = await dynamo.send(
      new GetItemCommand({ TableName: `${this.name}-runs`, Key: { id: { S: id } }, ConsistentRead: true }),
    );
    return Object.fromEntries(Object.entries(Item).map(([name, { S, N }]) => [name, S ?? N ?? '']));
  }

  async lockedBy(owner: string, expiresInSeconds: number): Promise<void> {
    const expiresAt = `${Math.floor(Date.now() / 1000) + expiresInSeconds}`;
    const Item = { id: { S: 'lock#test' }, owner: { S: owner }, expiresAt: { N: expiresAt } };
    await dynamo.send(new PutItemCommand({ TableName: `${this.name}-runs`, Item }));
  }

  async keys(): Promise<string[]> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: `${this.name}-data` }));
    return Contents.map(({ Key = '' }) => Key);
  }

  /** What people were told last. */
  async told(): Promise<{ outcome: string; reason?: string; version?: string }> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: this.queueUrl, MaxNumberOfMessages: 10 }),
    );
    return JSON.parse(JSON.parse(Messages.at(-1)?.Body ?? '{"Message":"{}"}').Message);
  }
}

async function finished(executionArn: string, runId: string): Promise<Execution> {
  let description = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  while (description.status === 'RUNNING') {
    await pause(200);
    description = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  }
  const { events: history = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
  const entered = history.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  const { status = '', cause = '{}' } = description;
  return { runId, status, error: JSON.parse(cause).Error, entered, history };
}

/** Purchases of a fifth of the real shop's customers, of a tenth of its items. */
async function realPurchases(): Promise<string> {
  const packed = createReadStream(join(__dirname, '../../../data/online-retail.csv.gz'));
  const lines: string[] = [];
  for await (const line of createInterface({ input: packed.pipe(createGunzip()) })) {
    const fields = line.split(',');
    const isCounted = Number(fields.at(-2)) % 5 === 0 && /^\d{4}0$/.test(fields[1] ?? '');
    if (lines.length === 0 || isCounted) lines.push(line);
  }
  return `${lines.join('\n')}\n`;
}

const SUCCESS = [
  ...['Begin', 'Prepare', 'IsEnoughNew', 'Candidates', 'TrainCandidates', 'TrainCandidate', 'TrainCandidate'],
  ...['ChooseCandidate', 'CheckCandidate', 'CompareWithChampion', 'MeasureSpeed', 'Register', 'IsBetter', 'Promote'],
  ...['FinishPromoted', 'Done'],
].toSorted();

const MINUTES = 600_000;

describe('a retraining, its definition executed, its functions run', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await Shop.open();
  }, MINUTES);

  test(
    'data that can not be used fail the run, which is noted, told, and lets the next one begin',
    async () => {
      const empty = await shop.retrain();
      expect(empty).toMatchObject({ status: 'FAILED', error: 'InputUnusable' });
      expect(empty.entered).toEqual(['Begin', 'Prepare', 'RecordFailure', 'Failed']);
      await shop.exports('broken.csv', 'not,what,is,exported\n1,2,3,4\n');
      const broken = await shop.retrain();
      expect(broken.entered).toEqual(['Begin', 'Prepare', 'RecordFailure', 'Failed']);
      const state = await shop.state(`run#${broken.runId}`);
      expect(state).toMatchObject({ status: 'failed', outcome: 'failed' });
      expect(state.reason).toMatch(/^InputUnusable: .*expected the header InvoiceNo,/);
      expect(await shop.state('lock#test')).toEqual({});
      expect(await shop.told()).toMatchObject({ outcome: 'failed', reason: state.reason });
      await shop.removeExport('broken.csv');
    },
    MINUTES,
  );

  test(
    'real purchases become a model that serves, its files below three prefixes, its state in the table',
    async () => {
      await shop.exports('2011.csv', await realPurchases());
      const { status, entered, runId, error } = await shop.retrain();
      expect([status, error]).toEqual(['SUCCEEDED', undefined]);
      expect(entered.toSorted()).toEqual(SUCCESS);
      const channel = await shop.registry.channel('production');
      expect(channel).toMatchObject({ promotedBy: `retraining ${runId}`, previous: null });
      const manifest = await shop.registry.manifest(channel?.version as string);
      expect(manifest.dataset.customers).toBeGreaterThan(500);
      expect(manifest.metrics['ndcg@20']?.value).toBeGreaterThan(0.03);
      expect(await shop.registry.runs()).toEqual([expect.objectContaining({ id: runId, version: channel?.version })]);
      expect(await shop.state(`run#${runId}`)).toMatchObject({
        status: 'succeeded',
        outcome: 'promoted',
        version: channel?.version,
      });
      expect(await shop.state('lock#test')).toEqual({});
      expect(await shop.told()).toMatchObject({ outcome: 'promoted', version: channel?.version });
      const ofCandidate = ['items.json', 'manifest.json', 'model.onnx', 'popular.json', 'run.json'];
      const candidates = CANDIDATES.flatMap(({ name }) => ofCandidate.map((file) => `candidates/${name}/${file}`));
      const intermediate = ['account.json', 'histories.jsonl', 'transactions.csv', ...candidates];
      expect((await shop.keys()).filter((key) => key.startsWith('input/') || key.includes(runId))).toEqual(
        [
          'input/2011.csv',
          ...intermediate.map((file) => `intermediate/${runId}/${file}`),
          ...['histories.jsonl', 'report.json', 'statistics.json'].map((file) => `output/${runId}/${file}`),
        ].toSorted(),
      );
    },
    MINUTES,
  );

  test(
    'without new purchases nothing is trained; forced, what is no better does not replace what serves',
    async () => {
      const before = await shop.registry.channel('production');
      const idle = await shop.retrain();
      expect(idle.entered).toEqual(['Begin', 'Prepare', 'IsEnoughNew', 'FinishNothingNew', 'Done']);
      expect(await shop.state(`run#${idle.runId}`)).toMatchObject({ status: 'succeeded', outcome: 'nothing-new' });
      const forced = await shop.retrain({ force: true });
      expect([forced.status, forced.entered.slice(-3)]).toEqual(['SUCCEEDED', ['IsBetter', 'FinishKept', 'Done']]);
      expect(await shop.registry.channel('production')).toEqual(before);
    },
    MINUTES,
  );

  test(
    'what is better than what serves takes its place',
    async () => {
      await shop.removeExport('2011.csv');
      await shop.exports('small.csv', transactions(5));
      const champion = await shop.serveBadly();
      const { entered, runId } = await shop.retrain();
      expect(entered.toSorted()).toEqual(SUCCESS);
      const channel = await shop.registry.channel('production');
      expect(channel).toMatchObject({ previous: champion, promotedBy: `retraining ${runId}` });
    },
    MINUTES,
  );

  test(
    'two runs do not overlap; a lock that expired is free',
    async () => {
      await shop.lockedBy('run-other', 3600);
      const refused = await shop.retrain();
      expect([refused.status, refused.entered]).toEqual(['SUCCEEDED', ['Begin', 'AnotherRunIsUnderWay']]);
      expect(await shop.state('lock#test')).toMatchObject({ owner: 'run-other' });
      expect(await shop.state(`run#${refused.runId}`)).toEqual({});
      await shop.lockedBy('run-dead', -1);
      expect((await shop.retrain()).entered).toContain('FinishNothingNew');
    },
    MINUTES,
  );

  test(
    'a candidate that can not be trained is left out; without any the run fails',
    async () => {
      await shop.serveBadly();
      const impossible: RetrainingCandidate = { name: 'impossible', lambda: -1 };
      const some = await shop.retrain({}, { candidates: [impossible, ...CANDIDATES] });
      expect(some.entered.filter((name) => name === 'LeaveOutCandidate')).toHaveLength(1);
      expect(some.entered).toContain('FinishPromoted');
      const none = await shop.retrain({ force: true }, { candidates: [impossible] });
      expect(none).toMatchObject({ status: 'FAILED', error: 'NoCandidate' });
      expect(none.entered.slice(-3)).toEqual(['ChooseCandidate', 'RecordFailure', 'Failed']);
    },
    MINUTES,
  );

  test(
    'what fails for now is tried again, and given up in the end',
    async () => {
      await shop.serveBadly();
      const outage = { errorType: 'StoreUnavailable', errorMessage: "can't use s3://shop: reduce your request rate" };
      host.disturb(`${shop.name}-compare`, { times: 2, error: outage });
      const patient = await shop.retrain();
      expect(patient.entered.toSorted()).toEqual(SUCCESS);
      expect(patient.history.filter(({ type }) => type === 'TaskFailed')).toHaveLength(2);
      host.disturb(`${shop.name}-register`, { times: 3, error: outage });
      const failed = await shop.retrain({ force: true });
      expect(failed).toMatchObject({ status: 'FAILED', error: 'StoreUnavailable' });
      expect(failed.entered.slice(-3)).toEqual(['Register', 'RecordFailure', 'Failed']);
    },
    MINUTES,
  );

  test.each([
    ['train', 'TrainCandidates'],
    ['choose', 'ChooseCandidate'],
    ['measure', 'CheckCandidate'],
    ['promote', 'Promote'],
  ] as const)(
    'a bug in %s is not tried again, and fails the run',
    async (stage, from) => {
      await shop.serveBadly();
      host.disturb(`${shop.name}-${stage}`, { times: 1, error: { errorType: 'TypeError', errorMessage: 'a bug' } });
      const run = await shop.retrain({ force: true });
      expect([run.status, run.error]).toEqual(['FAILED', 'TypeError']);
      expect(run.entered).toContain(from);
      expect(run.entered.slice(-2)).toEqual(['RecordFailure', 'Failed']);
    },
    MINUTES,
  );

  test(
    'somebody who promotes meanwhile wins',
    async () => {
      await shop.serveBadly();
      const other = await shop.registry.register(smallVersion({ items: 7, popular: [6, 5, 4] }));
      // While the slow measuring goes on, the channel moves.
      host.disturb(`${shop.name}-measure`, { times: 1, delayMs: 5000 });
      const before = host.runs.length;
      const running = shop.retrain({ force: true });
      const chosen = () => host.runs.slice(before).some(({ functionName }) => functionName === `${shop.name}-choose`);
      while (!chosen() && !(await Promise.race([running, pause(50)])));
      await shop.registry.promote('production', other, { by: 'a person' });
      const { entered, runId } = await running;
      expect(entered.slice(-3)).toEqual(['Promote', 'FinishSuperseded', 'Done']);
      expect(await shop.registry.channel('production')).toMatchObject({ version: other, promotedBy: 'a person' });
      expect(await shop.state(`run#${runId}`)).toMatchObject({ status: 'succeeded', outcome: 'superseded' });
    },
    MINUTES,
  );

  test(
    'a task that takes too long fails the run, as does a run as a whole',
    async () => {
      host.disturb(`${shop.name}-prepare`, { times: 1, delayMs: 5000 });
      const slow = await shop.retrain({}, shop.hurried('prepare'));
      expect(slow).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
      expect(slow.entered).toEqual(['Begin', 'Prepare', 'RecordFailure', 'Failed']);
      host.disturb(`${shop.name}-prepare`, { times: 1, delayMs: 10_000 });
      const cut = await shop.retrain({}, { timeoutSeconds: 3 });
      expect(cut.status).toBe('TIMED_OUT');
      await shop.lockedBy('run-cut', -1);
    },
    MINUTES,
  );

  test(
    'when even the failure can not be noted, the run fails for its own reason',
    async () => {
      const bug = { errorType: 'TypeError', errorMessage: 'a bug' };
      host.disturb(`${shop.name}-prepare`, { times: 1, error: { ...bug, errorType: 'RangeError' } });
      host.disturb(`${shop.name}-finish`, { times: 1, error: bug });
      const run = await shop.retrain();
      expect(run).toMatchObject({ status: 'FAILED', error: 'RangeError' });
      expect(run.entered.slice(-2)).toEqual(['RecordFailure', 'Failed']);
      await shop.lockedBy('run-unnoted', -1);
    },
    MINUTES,
  );

  test(
    'what is too slow is registered, and does not serve',
    async () => {
      const strict = await Shop.open({ FUNCTIONS_LATENCY_MS: '0.0001' });
      await strict.exports('2011.csv', transactions(7));
      const { entered, runId } = await strict.retrain();
      expect(entered.slice(-3)).toEqual(['IsBetter', 'FinishKept', 'Done']);
      expect(await strict.registry.channel('production')).toBeUndefined();
      expect(await strict.registry.versions()).toEqual([(await strict.state(`run#${runId}`)).version]);
    },
    MINUTES,
  );
});
