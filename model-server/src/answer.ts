import type { History } from './history';
import { JsonWriter, MILLION } from './json-writer';
import type { FallbackReason, Outcome, Rung } from './ladder';
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

export interface Answer extends Outcome {
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
    if (contributions) writer.text(JSON.stringify(this.items));
    else this.model.itemsJson.write(indices, scores, writer);
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

/** An answer's body as JSON: `subject`, then what {@link Answer} has; its bytes as {@link JsonWriter.takeLatin1}. */
export function answerBody(subject: { user?: string; item?: string }, answer: Answer): string {
  const { modelVersion, rung, fallback } = answer;
  const user = subject.user === undefined ? '' : `"user":${JSON.stringify(subject.user)},`;
  const item = subject.item === undefined ? '' : `"item":${JSON.stringify(subject.item)},`;
  const version = modelVersion === null ? 'null' : `"${modelVersion}"`;
  const reason = fallback === null ? 'null' : `"${fallback}"`;
  writer.text(`{${user}${item}"modelVersion":${version},"rung":"${rung}","fallback":${reason},"items":`);
  if (answer.writeItems) answer.writeItems(writer);
  else writer.text(JSON.stringify(answer.items));
  writer.text('}');
  return writer.takeLatin1();
}

/** The items of an answer as JSON. */
export function itemsJson(answer: ScoredAnswer): Buffer {
  answer.writeItems(writer);
  return writer.take();
}

function rounded(value: number): number {
  return Math.round(value * MILLION) / MILLION;
}
