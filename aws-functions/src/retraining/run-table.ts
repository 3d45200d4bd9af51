import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { StageError } from '../errors';

/** How a run ended: a model was promoted, the champion stayed, there was nothing new, somebody else came first. */
export const OUTCOMES = ['promoted', 'kept', 'nothing-new', 'superseded', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** `succeeded` whatever the outcome, unless that is `failed`. */
export type RunStatus = 'running' | 'succeeded' | 'failed';

export interface RunState {
  readonly status: RunStatus;
  readonly outcome: Outcome | undefined;
  /** The version that was registered, if it came to that. */
  readonly version: string | undefined;
  readonly reason: string | undefined;
}

export interface RunTableOptions {
  readonly client: DynamoDBClient;
  readonly table: string;
  /** One run of a model at a time. */
  readonly model: string;
  /** Seconds after which a lock that was never released is free: longer than a run may take. */
  readonly lockSeconds: number;
  /** Days that a run is remembered. */
  readonly keepDays: number;
}

/** The state of the runs, and the lock that lets one run at a time. */
export class RunTable {
  constructor(private readonly options: RunTableOptions) {}

  /**
   * Takes the lock, or takes it again, and notes that the run is under way.
   *
   * @throws StageError `RunUnderWay` when another run has it
   */
  async begin(run: string): Promise<void> {
    const { client, table, model, lockSeconds } = this.options;
    const now = seconds();
    try {
      await client.send(
        new PutItemCommand({
          TableName: table,
          Item: { id: { S: lockOf(model) }, owner: { S: run }, expiresAt: { N: `${now + lockSeconds}` } },
          // The table's own expiry takes up to days, so the time is compared here.
          ConditionExpression: 'attribute_not_exists(id) OR #owner = :run OR expiresAt < :now',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':run': { S: run }, ':now': { N: `${now}` } },
        }),
      );
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      throw new StageError('RunUnderWay', `another run retrains "${model}" now`, { cause: error });
    }
    await this.note(run, 'running', {});
  }

  /** Notes how a run ended and gives the lock back, if the run has it. */
  async finish(run: string, outcome: Outcome, details: { version?: string; reason?: string }): Promise<void> {
    await this.note(run, outcome === 'failed' ? 'failed' : 'succeeded', { outcome, ...details });
    const { client, table, model } = this.options;
    await client
      .send(
        new DeleteItemCommand({
          TableName: table,
          Key: { id: { S: lockOf(model) } },
          ConditionExpression: 'attribute_not_exists(id) OR #owner = :run',
          ExpressionAttributeNames: { '#owner': 'owner' },
          ExpressionAttributeValues: { ':run': { S: run } },
        }),
      )
      .catch((error) => {
        // It expired, and is another run's.
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
      });
  }

  async state(run: string): Promise<RunState | undefined> {
    const { client, table } = this.options;
    const { Item } = await client.send(
      new GetItemCommand({ TableName: table, Key: { id: { S: itemOf(run) } }, ConsistentRead: true }),
    );
    if (!Item) return undefined;
    const text = (name: string) => Item[name]?.S;
    return {
      status: text('status') as RunStatus,
      outcome: text('outcome') as Outcome | undefined,
      version: text('version'),
      reason: text('reason'),
    };
  }

  private async note(run: string, status: RunStatus, details: Record<string, string | undefined>): Promise<void> {
    const { client, table, model, keepDays } = this.options;
    const facts = { status, model, [status === 'running' ? 'startedAt' : 'finishedAt']: new Date().toISOString() };
    const texts = Object.entries({ ...facts, ...details }).filter((entry): entry is [string, string] => !!entry[1]);
    const set = [...texts.map(([name]) => name), 'expiresAt'];
    const expiresAt: AttributeValue = { N: `${seconds() + keepDays * 86_400}` };
    await client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { id: { S: itemOf(run) } },
        UpdateExpression: `SET ${set.map((name) => `#${name} = :${name}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(set.map((name) => [`#${name}`, name])),
        ExpressionAttributeValues: {
          ...Object.fromEntries(texts.map(([name, value]) => [`:${name}`, { S: value }])),
          ':expiresAt': expiresAt,
        },
      }),
    );
  }
}

function lockOf(model: string): string {
  return `lock#${model}`;
}

function itemOf(run: string): string {
  return `run#${run}`;
}

/** Since the epoch, as the table's expiry counts. */
function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
