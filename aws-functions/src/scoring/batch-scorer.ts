import { join } from 'node:path';
import type { ModelRegistry } from '@cdktf-recommender/model-registry';
import { answerBody, Histories, ModelCache, RecommenderModel, ScoredAnswer } from '@cdktf-recommender/model-server';
import type { Logger } from 'pino';
import type { DataBucket } from '../data-bucket';
import { historyLines, type KnownCustomer } from './history-lines';
import type { ScoringTask } from './scoring-task';

/** Customers per run of the model, as the server batches requests. */
const BATCH = 32;

export interface BatchScorerOptions {
  readonly bucket: DataBucket;
  readonly registry: ModelRegistry;
  readonly channel: string;
  /** Customers whose answers are one object. */
  readonly partUsers: number;
  /** Folder and bytes of the model versions that are kept on disk. */
  readonly cache: { readonly directory: string; readonly bytes: number };
  readonly logger: Logger;
}

/** `rest` is what is still to be done when the time was over; `undefined` when all is done. */
export interface ScoringOutcome {
  readonly version: string;
  readonly users: number;
  readonly rest: ScoringTask | undefined;
}

/**
 * Answers all customers of a file of histories, as the server would, into JSON lines by parts. Memory holds a model and
 * a part, however many customers there are. A part is written whole or not at all and is the same each time, so what was
 * cut off is done again from the last whole part, by whoever has the rest of the task.
 */
export class BatchScorer {
  private readonly histories = new Histories();
  private readonly cache: ModelCache;
  private loaded: RecommenderModel | undefined;

  constructor(private readonly options: BatchScorerOptions) {
    this.cache = new ModelCache({ ...options.cache, logger: options.logger });
  }

  /** @param goesOn asked before each part whether there is time for it; the first one has it always */
  async run(task: ScoringTask, goesOn: () => boolean): Promise<ScoringOutcome> {
    const { bucket, registry, channel, partUsers, logger } = this.options;
    const version = task.version ?? (await registry.resolve(channel));
    const model = await this.load(version);
    const etag = task.progress?.etag ?? (await bucket.etag(task.histories));
    let progress = task.progress ?? { etag, offset: 0, parts: 0, users: 0, skipped: 0 };
    const start = progress.offset;
    let part: KnownCustomer[] = [];
    let skipped = 0;
    const close = async (end: number) => {
      await this.write(model, part, `${task.output}/part-${`${progress.parts}`.padStart(5, '0')}.jsonl`, task.limit);
      const users = progress.users + part.length;
      progress = { etag, offset: start + end, parts: progress.parts + 1, users, skipped: progress.skipped + skipped };
      part = [];
      skipped = 0;
    };
    const stream = await bucket.stream(task.histories, { from: start, etag });
    let end = 0;
    for await (const line of historyLines(stream)) {
      if (part.length === partUsers) {
        await close(end);
        if (!goesOn()) {
          stream.destroy();
          logger.info({ ...progress, version }, 'the time is over: the rest is for another invocation');
          return { version, users: progress.users, rest: { ...task, version, progress } };
        }
      }
      if (line.customer) part.push(line.customer);
      else skipped++;
      end = line.end;
    }
    if (part.length > 0 || skipped > 0) await close(end);
    const { users, parts } = progress;
    const summary = { modelVersion: version, histories: task.histories, users, parts, skipped: progress.skipped };
    // Last, so that whoever finds it finds all parts.
    await bucket.putJson(`${task.output}/summary.json`, summary);
    logger.info(summary, 'all customers are scored');
    return { version, users, rest: undefined };
  }

  async close(): Promise<void> {
    await this.loaded?.close();
    this.loaded = undefined;
  }

  private async load(version: string): Promise<RecommenderModel> {
    if (this.loaded?.version === version) return this.loaded;
    await this.close();
    this.loaded = await this.cache.load(this.options.registry, version, (files) => RecommenderModel.load(files));
    return this.loaded;
  }

  private async write(model: RecommenderModel, part: readonly KnownCustomer[], key: string, limit: number) {
    const lines: Buffer[] = [];
    for (let start = 0; start < part.length; start += BATCH) {
      lines.push(...(await this.answer(model, part.slice(start, start + BATCH), limit)));
    }
    await this.options.bucket.put(key, Buffer.concat(lines));
  }

  /** A line for each customer; those of whom the model knows nothing get what is popular, in the same order. */
  private async answer(model: RecommenderModel, customers: readonly KnownCustomer[], limit: number): Promise<Buffer[]> {
    const asked = customers.map((customer) => ({ ...customer, history: this.histories.ofUser(model, customer) }));
    const known = asked.filter(({ history }) => history.items.length > 0);
    const requests = known.map(({ history }) => ({ ...history, excluded: history.items, limit, explain: false }));
    const scored = new Map((requests.length > 0 ? await model.run(requests) : []).map((one, i) => [known[i], one]));
    return asked.map((customer) => {
      const result = scored.get(customer);
      const answer = result
        ? new ScoredAnswer(model, 'personal', null, result)
        : new ScoredAnswer(model, 'popular', 'no-known-items', model.popularExcept([], limit));
      return Buffer.from(`${answerBody({ user: customer.user }, answer)}\n`, 'latin1');
    });
  }
}

/** Where a function keeps model versions on its disk. */
export function modelCacheIn(scratch: string): string {
  return join(scratch, 'models');
}
