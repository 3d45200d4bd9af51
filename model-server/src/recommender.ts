import type { Logger } from 'pino';
import { type Answer, ScoredAnswer } from './answer';
import type { Scorer } from './batcher';
import { DeadlineExceededError, withDeadline } from './deadline';
import { Histories, type History, indicesOf, sessionHistory } from './history';
import type { FallbackReason, Rung } from './ladder';
import { Problem } from './problem';
import type { RecommenderModel } from './recommender-model';
import { RedisUnavailableError } from './redis/redis-connection';
import { resultKey } from './result-cache/result-key';
import type { SharedResults } from './result-cache/shared-results';
import type { RequestRecord } from './telemetry/request-record';
import type { UserState, UserStateStore } from './user-state/user-state-store';

export interface RecommendationQuery {
  /** Customer whose history counts. */
  readonly user?: string;
  /** Items of the session, ids. */
  readonly items?: readonly string[];
  readonly limit: number;
  /** Reasons per item at most; 0 leaves them out, which is faster. */
  readonly reasons: number;
  /** Whether items of the history and the session are left out of the answer. */
  readonly excludeSeen: boolean;
  /** Further item ids to leave out. */
  readonly exclude: readonly string[];
}

/**
 * Of the deadline: whoever would wait for longer until the model has its result, in the event loop and in the model's
 * queue, is spared it, because joining would only make all later. Where requests and model share a core, the wait
 * becomes twice as long as expected.
 */
const BUSY_SHARE = 0.4;

export interface RecommenderOptions {
  /** The model that answers now, if any. */
  readonly models: { readonly current: { readonly model: RecommenderModel; readonly scorer: Scorer } | undefined };
  readonly users: Pick<UserStateStore, 'get'>;
  /** Spares runs of the model; without it every answer is worked out. */
  readonly results?: SharedResults;
  /** Milliseconds for the history and the model together; a history must be there by half of it. */
  readonly deadlineMs: number;
  /** Item ids of the last rung, best first. */
  readonly staticItems: readonly string[];
  /** Milliseconds that a request has waited before it came here. @default - none */
  readonly waitedMs?: () => number;
  readonly logger: Logger;
}

/** What is known of who asks. */
interface Customer {
  readonly state: UserState | undefined;
  /** Why there is no state, when one was asked for. */
  readonly fallback: FallbackReason | null;
}

const NOBODY: Customer = { state: undefined, fallback: null };

interface Attempt {
  readonly rung: Rung;
  readonly history: History;
}

/** Answers from the highest rung that can: personal, session, popular, static. */
export class Recommender {
  private readonly histories = new Histories();

  constructor(private readonly options: RecommenderOptions) {}

  /**
   * @param record told when each step began and ended
   * @returns at once what needs no run of the model
   * @throws Problem `not-ready`, as a rejection, when there is no model and no static item
   */
  recommend(query: RecommendationQuery, record?: RequestRecord): Answer | Promise<Answer> {
    const started = performance.now();
    const expires = started + this.options.deadlineMs;
    const { user } = query;
    const customer = user === undefined ? NOBODY : this.customer(user, started, record);
    // Awaited only where there is something to wait for: each `await` is a few hundred nanoseconds of every answer.
    return customer instanceof Promise
      ? customer.then((known) => this.resultFor(query, known, expires, record))
      : this.resultFor(query, customer, expires, record);
  }

  private customer(user: string, started: number, record: RequestRecord | undefined): Customer | Promise<Customer> {
    if (record) record.userStateAt = started;
    const read = (state: UserState | undefined, error?: unknown): Customer => {
      if (record) record.userStateEndedAt = performance.now();
      if (error) return { state, fallback: this.failed(error, 'user-store-deadline', 'user-store-error') };
      return { state, fallback: state ? null : 'unknown-user' };
    };
    try {
      const state = this.options.users.get(user);
      if (!(state instanceof Promise)) return read(state);
      return withDeadline(state, started + this.options.deadlineMs / 2).then(read, (error) => read(undefined, error));
    } catch (error) {
      return read(undefined, error);
    }
  }

  private resultFor(
    query: RecommendationQuery,
    customer: Customer,
    expires: number,
    record: RequestRecord | undefined,
  ): Answer | Promise<Answer> {
    const { models, results } = this.options;
    const { state, fallback } = customer;
    const known = fallback === null || fallback === 'unknown-user';
    // Popular items are there as fast as a cache.
    if (!results || !models.current || !known || !(state || query.items)) {
      return this.answer(query, customer, expires, record);
    }
    const key = resultKey(models.current.model.version, query, state);
    return results.answer(key, () => this.answer(query, customer, expires, record), record);
  }

  private async answer(
    query: RecommendationQuery,
    { state, fallback }: Customer,
    expires: number,
    record: RequestRecord | undefined,
  ): Promise<Answer> {
    // From here to the scorer nothing waits, so the indices are those of the model that scores them.
    const { current } = this.options.models;
    if (!current) return this.staticAnswer(query, state, undefined, 'no-model');
    const { model, scorer } = current;
    const { deadlineMs, waitedMs = () => 0 } = this.options;
    const busy = waitedMs() + scorer.expectedWaitMs() > deadlineMs * BUSY_SHARE;
    const attempts = this.attempts(model, query, state);
    const excluded = excludedIndices(model, query, state, attempts);
    for (const { rung, history } of attempts) {
      if (history.items.length === 0) {
        fallback ??= 'no-known-items';
        continue;
      }
      if (busy) {
        fallback = 'model-busy';
        break;
      }
      try {
        const { items, weights } = history;
        const { limit, reasons } = query;
        const scored = await scorer.score({ items, weights, excluded, limit, explain: reasons > 0 }, expires, record);
        return new ScoredAnswer(model, rung, fallback, scored, history, reasons);
      } catch (error) {
        fallback = this.failed(error, 'model-deadline', 'model-error');
        if (fallback === 'model-deadline') break;
      }
    }
    return this.popularAnswer(model, excluded, query, state, fallback);
  }

  /** The histories to score, the best first. */
  private attempts(model: RecommenderModel, { items }: RecommendationQuery, state: UserState | undefined): Attempt[] {
    const attempts: Attempt[] = [];
    if (state) {
      const history = items ? this.histories.ofUserInSession(model, state, items) : this.histories.ofUser(model, state);
      attempts.push({ rung: 'personal', history });
    }
    if (items) attempts.push({ rung: 'session', history: sessionHistory(model, items) });
    return attempts;
  }

  private popularAnswer(
    model: RecommenderModel,
    excluded: ArrayLike<number>,
    query: RecommendationQuery,
    state: UserState | undefined,
    fallback: FallbackReason | null,
  ): Answer {
    const scored = model.popularExcept(excluded, query.limit);
    if (scored.indices.length === 0 && this.options.staticItems.length > 0) {
      return this.staticAnswer(query, state, model, fallback);
    }
    return new ScoredAnswer(model, 'popular', fallback, scored);
  }

  private staticAnswer(
    query: RecommendationQuery,
    state: UserState | undefined,
    model: RecommenderModel | undefined,
    fallback: FallbackReason | null,
  ): Answer {
    if (!model && this.options.staticItems.length === 0) {
      throw new Problem('not-ready', 'no model is loaded, and no static items are configured; /readyz says more');
    }
    const left = new Set(excludedIds(query, state));
    const items = this.options.staticItems
      .filter((id) => !left.has(id))
      .slice(0, query.limit)
      .map((id) => ({ id, name: model?.items[model.indexOf(id) ?? -1]?.name ?? null, score: null }));
    return { modelVersion: model?.version ?? null, rung: 'static', fallback, items };
  }

  private failed(error: unknown, late: FallbackReason, broken: FallbackReason): FallbackReason {
    if (error instanceof DeadlineExceededError) return late;
    // The connection says so once, not for each request.
    if (error instanceof RedisUnavailableError) return broken;
    this.options.logger.error({ err: error }, `${broken}: a lower rung answers`);
    return broken;
  }
}

function excludedIds(query: RecommendationQuery, state: UserState | undefined): string[] {
  if (!query.excludeSeen) return [...query.exclude];
  return [...query.exclude, ...(query.items ?? []), ...(state?.events.map(({ item }) => item) ?? [])];
}

/** The indices of {@link excludedIds}: mostly those of the best history, which holds all that was seen. */
function excludedIndices(
  model: RecommenderModel,
  query: RecommendationQuery,
  state: UserState | undefined,
  [best]: readonly Attempt[],
): ArrayLike<number> {
  if (query.excludeSeen && query.exclude.length === 0 && best) return best.history.items;
  return indicesOf(model, excludedIds(query, state));
}
