import type { History } from './history';
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
  /** {@link items} as JSON after `before`, where there is a faster way to it. */
  jsonAfter?(before: string): string;
}

/** What a model scored. */
export class ScoredAnswer implements Answer {
  readonly modelVersion: string;

  /** @param reasons per item at most */
  constructor(
    private readonly model: RecommenderModel,
    readonly rung: Rung,
    readonly fallback: FallbackReason | null,
    private readonly scored: ScoringResult,
    private readonly history: History,
    private readonly reasons: number,
  ) {
    this.modelVersion = model.version;
  }

  get items(): RecommendedItem[] {
    return Array.from(this.scored.indices, (index, rank) => {
      const item = { ...this.itemAt(index), score: rounded(this.scored.scores[rank] as number) };
      return this.scored.contributions ? { ...item, ...this.explain(rank, item.score) } : item;
    });
  }

  /** {@link items} as JSON after `before`, written from the model's own pieces where nothing is explained. */
  jsonAfter(before: string): string {
    const { indices, scores, contributions } = this.scored;
    if (contributions || indices.length === 0) return `${before}${JSON.stringify(this.items)}`;
    const pieces: string[] = new Array(2 * indices.length + 2);
    pieces[0] = before;
    for (let rank = 0; rank < indices.length; rank++) {
      const piece = this.model.itemJson[indices[rank] as number] as ItemJson;
      pieces[2 * rank + 1] = rank === 0 ? piece.first : piece.next;
      pieces[2 * rank + 2] = decimal(scores[rank] as number);
    }
    return `${pieces.join('')}}]`;
  }

  private explain(rank: number, score: number): Pick<RecommendedItem, 'reasons' | 'otherContributions'> {
    const { indices, contributions } = this.scored;
    const reasons = Array.from(this.history.items, (index, i) => {
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

/** An answer's body: `subject`, then what {@link Answer} has. */
export function answerJson(subject: object, answer: Answer): string {
  const { modelVersion, rung, fallback } = answer;
  const head = JSON.stringify({ ...subject, modelVersion, rung, fallback });
  const before = `${head.slice(0, -1)},"items":`;
  const items = answer.jsonAfter?.(before) ?? `${before}${JSON.stringify(answer.items)}`;
  return `${items}}`;
}

/** An item in an answer's JSON up to its score: as the first of the list, or after another. */
export interface ItemJson {
  readonly first: string;
  readonly next: string;
}

export function itemJson({ id, name }: { readonly id: string; readonly name: string }): ItemJson {
  // Joined, because strings that are added stay in pieces until they are read.
  const named = ['"id":', JSON.stringify(id), ',"name":', JSON.stringify(name), ',"score":'];
  return { first: ['[{', ...named].join(''), next: ['},{', ...named].join('') };
}

/** 6 decimals: the precision that float32 scores have. */
const MILLION = 1e6;

function rounded(value: number): number {
  return Math.round(value * MILLION) / MILLION;
}

const THREE_DIGITS = Array.from({ length: 1000 }, (_, number) => `${number}`.padStart(3, '0'));

/** As {@link rounded}, in a sixth of the time that JavaScript takes to find a number's shortest text. */
function decimal(value: number): string {
  const millionths = Math.round(Math.abs(value) * MILLION);
  if (millionths > 2 ** 31) return `${rounded(value)}`;
  const whole = Math.floor(millionths / MILLION);
  const fraction = millionths - whole * MILLION;
  const high = Math.floor(fraction / 1000);
  const sign = value < 0 && millionths > 0 ? '-' : '';
  return `${sign}${whole}.${THREE_DIGITS[high]}${THREE_DIGITS[fraction - high * 1000]}`;
}
