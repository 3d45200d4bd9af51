import { historyWeights } from '@cdktf-recommender/model-registry';
import type { RecommenderModel } from './recommender-model';
import type { UserState } from './user-state/user-state-store';

/** What a model is asked about: items that it knows, each once. */
export interface History {
  /** Item indices. */
  readonly items: Int32Array;
  /** How much each of them counts. */
  readonly weights: Float32Array;
}

/**
 * Customers' histories in the terms of the models in use. A customer's is worked out once for each state and model, and
 * forgotten with either.
 */
export class Histories {
  private readonly byModel = new WeakMap<RecommenderModel, WeakMap<UserState, History>>();

  /** What a customer did. */
  ofUser(model: RecommenderModel, state: UserState): History {
    let known = this.byModel.get(model);
    if (!known) {
      known = new WeakMap();
      this.byModel.set(model, known);
    }
    let history = known.get(state);
    if (!history) {
      history = translate(model, state);
      known.set(state, history);
    }
    return history;
  }

  /** What a customer did, and looks at now, which counts like the newest event. */
  ofUserInSession(model: RecommenderModel, state: UserState, session: readonly string[]): History {
    const { items, weights } = this.ofUser(model, state);
    const merged = new Map<number, number>();
    for (let i = 0; i < items.length; i++) merged.set(items[i] as number, weights[i] as number);
    for (const index of indicesOf(model, session)) merged.set(index, 1);
    return { items: Int32Array.from(merged.keys()), weights: Float32Array.from(merged.values()) };
  }
}

/** The items of a session, which all count the same. */
export function sessionHistory(model: RecommenderModel, session: readonly string[]): History {
  const items = Int32Array.from(new Set(indicesOf(model, session)));
  return { items, weights: new Float32Array(items.length).fill(1) };
}

/** The indices of those items that the model knows. */
export function indicesOf(model: RecommenderModel, ids: Iterable<string>): number[] {
  const indices: number[] = [];
  for (const id of ids) {
    const index = model.indexOf(id);
    if (index !== undefined) indices.push(index);
  }
  return indices;
}

function translate(model: RecommenderModel, { events }: UserState): History {
  const all = historyWeights(
    events.map(({ at }) => at),
    model.manifest.weighting,
  );
  const items: number[] = [];
  const weights: number[] = [];
  events.forEach(({ item }, i) => {
    const index = model.indexOf(item);
    if (index === undefined) return;
    items.push(index);
    weights.push(all[i] as number);
  });
  return { items: Int32Array.from(items), weights: Float32Array.from(weights) };
}
