import { historyWeights } from '@cdktf-recommender/model-registry';
import type { Logger } from 'pino';
import type { Scorer } from './batcher';
import { DeadlineExceededError, withDeadline } from './deadline';
import type { FallbackReason, Rung } from './ladder';
import { Problem } from './problem';
import type { RecommenderModel, ScoredItem } from './recommender-model';
import type { UserState, UserStateStore } from './user-state-store';

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

export interface Reason {
  readonly id: string;
  readonly name: string;
  /** What this item of the history adds to the score. */
  readonly contribution: number;
}

export interface RecommendedItem {
  readonly id: string;
  /** `null` when no model is loaded to name it. */
  readonly name: string | null;
  /** The model's score; for popular items the number of customers; `null` for static ones. */
  readonly score: number | null;
  readonly reasons?: readonly Reason[];
  /** What the rest of the history adds: with the reasons it makes up the score. */
  readonly otherContributions?: number;
}

export interface Answer {
  /** `null` when no model is loaded. */
  readonly modelVersion: string | null;
  readonly rung: Rung;
  /** Why it is a lower rung than asked for; `null` when it is not. */
  readonly fallback: FallbackReason | null;
  /** Best first. */
  readonly items: readonly RecommendedItem[];
}

export interface RecommenderOptions {
  /** The model that answers now, if any. */
  readonly models: { readonly current: { readonly model: RecommenderModel; readonly scorer: Scorer } | undefined };
  readonly users: Pick<UserStateStore, 'get'>;
  /** Milliseconds for the history and the model together; a history must be there by half of it. */
  readonly deadlineMs: number;
  /** Item ids of the last rung, best first. */
  readonly staticItems: readonly string[];
  readonly logger: Logger;
}

interface History {
  readonly rung: Rung;
  readonly items: readonly number[];
  readonly weights: readonly number[];
}

/** Answers from the highest rung that can: personal, session, popular, static. */
export class Recommender {
  constructor(private readonly options: RecommenderOptions) {}

  /** @throws Problem `not-ready` when there is no model and no static item */
  async recommend(query: RecommendationQuery): Promise<Answer> {
    const started = performance.now();
    const expires = started + this.options.deadlineMs;
    let fallback: FallbackReason | null = null;
    let state: UserState | undefined;
    if (query.user !== undefined) {
      try {
        const known = this.options.users.get(query.user);
        const half = started + this.options.deadlineMs / 2;
        state = known instanceof Promise ? await withDeadline(known, half) : known;
        if (!state) fallback = 'unknown-user';
      } catch (error) {
        fallback = this.failed(error, 'user-store-deadline', 'user-store-error');
      }
    }

    // From here to the scorer nothing waits, so the indices are those of the model that scores them.
    const { current } = this.options.models;
    if (!current) return this.staticAnswer(query, state, undefined, 'no-model');
    const { model, scorer } = current;
    const excluded = excludedIndices(model, query, state);
    for (const history of histories(model, query, state)) {
      if (history.items.length === 0) {
        fallback ??= 'no-known-items';
        continue;
      }
      try {
        const { limit, reasons } = query;
        const request = { ...history, excluded, limit, explain: reasons > 0 };
        const scored = await withDeadline(scorer.score(request, expires), expires);
        const items = scored.map((item) => describe(model, item, history, reasons));
        return { modelVersion: model.version, rung: history.rung, fallback, items };
      } catch (error) {
        fallback = this.failed(error, 'model-deadline', 'model-error');
        if (fallback === 'model-deadline') break;
      }
    }
    return this.popularAnswer(model, excluded, query, state, fallback);
  }

  private popularAnswer(
    model: RecommenderModel,
    excluded: readonly number[],
    query: RecommendationQuery,
    state: UserState | undefined,
    fallback: FallbackReason | null,
  ): Answer {
    const left = new Set(excluded);
    const items: RecommendedItem[] = [];
    for (const { index, customers } of model.popular) {
      if (items.length === query.limit) break;
      const item = model.items[index];
      if (item && !left.has(index)) items.push({ ...item, score: customers });
    }
    if (items.length === 0 && this.options.staticItems.length > 0) {
      return this.staticAnswer(query, state, model, fallback);
    }
    return { modelVersion: model.version, rung: 'popular', fallback, items };
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
    this.options.logger.error({ err: error }, `${broken}: a lower rung answers`);
    return broken;
  }
}

/** The histories to score, the best first; items the model doesn't know are left out. */
function histories(model: RecommenderModel, query: RecommendationQuery, state: UserState | undefined): History[] {
  const session = (query.items ?? []).flatMap((id) => model.indexOf(id) ?? []);
  const found: History[] = [];
  if (state) {
    const weights = historyWeights(
      state.events.map(({ at }) => at),
      model.manifest.weighting,
    );
    const merged = new Map<number, number>();
    state.events.forEach(({ item }, i) => {
      const index = model.indexOf(item);
      if (index !== undefined) merged.set(index, weights[i] as number);
    });
    // What is looked at now counts like the customer's newest purchase.
    for (const index of session) merged.set(index, 1);
    found.push({ rung: 'personal', items: [...merged.keys()], weights: [...merged.values()] });
  }
  if (query.items) {
    const items = [...new Set(session)];
    found.push({ rung: 'session', items, weights: items.map(() => 1) });
  }
  return found;
}

function excludedIds(query: RecommendationQuery, state: UserState | undefined): string[] {
  if (!query.excludeSeen) return [...query.exclude];
  return [...query.exclude, ...(query.items ?? []), ...(state?.events.map(({ item }) => item) ?? [])];
}

function excludedIndices(
  model: RecommenderModel,
  query: RecommendationQuery,
  state: UserState | undefined,
): readonly number[] {
  const indices: number[] = [];
  for (const id of excludedIds(query, state)) {
    const index = model.indexOf(id);
    if (index !== undefined) indices.push(index);
  }
  return indices;
}

function describe(model: RecommenderModel, scored: ScoredItem, history: History, limit: number): RecommendedItem {
  const item = model.items[scored.index] as RecommenderModel['items'][number];
  const score = rounded(scored.score);
  const { contributions } = scored;
  if (!contributions) return { id: item.id, name: item.name, score };
  const reasons = Array.from(contributions, (contribution, i) => ({ contribution, index: history.items[i] as number }))
    .filter(({ contribution }) => contribution > 0)
    .sort((a, b) => b.contribution - a.contribution)
    .slice(0, limit)
    .map(({ contribution, index }) => ({
      ...(model.items[index] as typeof item),
      contribution: rounded(contribution),
    }));
  const otherContributions = rounded(reasons.reduce((rest, { contribution }) => rest - contribution, score));
  return { id: item.id, name: item.name, score, reasons, otherContributions };
}

/** To the precision that float32 scores have. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
