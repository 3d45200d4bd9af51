import type { History } from './history';
import { JsonWriter, MILLION } from './json-writer';
import type { FallbackReason, Rung } from './ladder';
import type { RecommenderModel, ScoringResult } from './recommender-model';

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
  /** Writes {@link items} as JSON, where there is a faster way to it. */
  writeItems?(writer: JsonWriter): void;
}

/** What a model scored. */
export class ScoredAnswer implements Answer {
  readonly modelVersion: string;

  /**
   * @param history what was scored, where `scored` has contributions
   * @param reasons per item at most
   */
  constructor(
    private readonly model: RecommenderModel,
    readonly rung: Rung,
    readonly fallback: FallbackReason | null,
    private readonly scored: ScoringResult,
    private readonly history?: History,
    private readonly reasons = 0,
  ) {
    this.modelVersion = model.version;
  }

  get items(): RecommendedItem[] {
    return Array.from(this.scored.indices, (index, rank) => {
      const item = { ...this.itemAt(index), score: rounded(this.scored.scores[rank] as number) };
      return this.scored.contributions ? { ...item, ...this.explain(rank, item.score) } : item;
    });
  }

  /** Writes {@link items} from the model's own pieces where nothing is explained. */
  writeItems(writer: JsonWriter): void {
    const { indices, scores, contributions } = this.scored;
    if (contributions || indices.length === 0) {
      writer.text(JSON.stringify(this.items));
      return;
    }
    for (let rank = 0; rank < indices.length; rank++) {
      const { first, next } = this.model.itemJson[indices[rank] as number] as ItemJson;
      writer.bytes(rank === 0 ? first : next);
      writer.decimal(scores[rank] as number);
    }
    writer.text('}]');
  }

  private explain(rank: number, score: number): Pick<RecommendedItem, 'reasons' | 'otherContributions'> {
    const { indices, contributions } = this.scored;
    const reasons = Array.from(this.history?.items ?? [], (index, i) => {
      return { index, contribution: contributions?.[i * indices.length + rank] as number };
    })
      .filter(({ contribution }) => contribution > 0)
      .sort((a, b) => b.contribution - a.contribution)
      .slice(0, this.reasons)
      .map(({ contribution, index }) => ({ ...this.itemAt(index), contribution: rounded(contribution) }));
    const otherContributions = reasons.reduce((rest, { contribution }) => rest - contribution, score);
    return { reasons, otherContributions: rounded(otherContributions) };
  }

  private itemAt(index: number): RecommenderModel['items'][number] {
    return this.model.items[index] as RecommenderModel['items'][number];
  }
}

/** One for all: nothing comes between the pieces of an answer. */
const writer = new JsonWriter();

/** An answer's body as JSON: `subject`, then what {@link Answer} has. */
export function answerBody(subject: object, answer: Answer): Buffer {
  const { modelVersion, rung, fallback } = answer;
  writer.text(JSON.stringify({ ...subject, modelVersion, rung, fallback }).slice(0, -1));
  writer.text(',"items":');
  if (answer.writeItems) answer.writeItems(writer);
  else writer.text(JSON.stringify(answer.items));
  writer.text('}');
  return writer.take();
}

/** The items of an answer as JSON. */
export function itemsJson(answer: ScoredAnswer): Buffer {
  answer.writeItems(writer);
  return writer.take();
}

/** An item in an answer's JSON up to its score: as the first of the list, or after another. */
export interface ItemJson {
  readonly first: Buffer;
  readonly next: Buffer;
}

export function itemJson({ id, name }: { readonly id: string; readonly name: string }): ItemJson {
  const named = `"id":${JSON.stringify(id)},"name":${JSON.stringify(name)},"score":`;
  return { first: Buffer.from(`[{${named}`), next: Buffer.from(`},{${named}`) };
}

function rounded(value: number): number {
  return Math.round(value * MILLION) / MILLION;
}
