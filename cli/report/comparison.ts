import { z } from 'zod';
import { UsageError } from '../failure';
import type { Figure, ReportDocument } from './report';

/** A figure before and after a change. */
export interface Change {
  readonly figure: Figure;
  /** Undefined where it is new. */
  readonly before?: number;
  /** Undefined where it is gone. */
  readonly after?: number;
  readonly verdict: 'better' | 'worse' | 'different' | 'past its limit';
}

const Document = z.object({
  date: z.string(),
  reports: z.array(z.object({ figures: z.array(z.object({ id: z.string(), value: z.number() }).loose()) })),
});

/**
 * A report that was written by `--json`.
 *
 * @throws UsageError when it is none
 */
export function parseDocument(text: string, file: string): ReportDocument {
  try {
    return Document.parse(JSON.parse(text)) as unknown as ReportDocument;
  } catch {
    throw new UsageError(`${file} is no report; 'recommender report all --json' prints one.`);
  }
}

/** The figures that differ, those past a limit first. */
export function compare(base: ReportDocument, now: ReportDocument): Change[] {
  const before = figures(base);
  const after = figures(now);
  const changes = [...new Set([...before.keys(), ...after.keys()])].flatMap((id): Change[] => {
    const [old, current] = [before.get(id), after.get(id)];
    if (old?.value === current?.value) return [];
    const figure = (current ?? old) as Figure;
    return [
      { figure, before: old?.value, after: current?.value, verdict: verdict(figure, old?.value, current?.value) },
    ];
  });
  const rank = ({ verdict }: Change) => ['past its limit', 'worse', 'different', 'better'].indexOf(verdict);
  return changes.sort((a, b) => rank(a) - rank(b));
}

function verdict({ better, limit }: Figure, before: number | undefined, after: number | undefined): Change['verdict'] {
  if (better === undefined || after === undefined) return 'different';
  const sign = better === 'lower' ? 1 : -1;
  if (limit !== undefined && (after - limit) * sign > 0) return 'past its limit';
  if (before === undefined) return 'different';
  return (after - before) * sign > 0 ? 'worse' : 'better';
}

const figures = ({ reports }: ReportDocument) =>
  new Map(reports.flatMap(({ figures }) => figures).map((figure) => [figure.id, figure]));

/** The changes as a comment on a pull request. */
export function commentOn(changes: readonly Change[], base: ReportDocument): string {
  if (changes.length === 0) return `No figure differs from the report of ${base.date}.\n`;
  const rows = changes.map(
    ({ figure, before, after, verdict }) =>
      `| ${figure.title} | ${written(before, figure.unit)} | ${written(after, figure.unit)} | ${difference(before, after)} | ${verdict} |`,
  );
  const head = [`| figure | ${base.date} | now | change | |`, '| --- | ---: | ---: | ---: | --- |'];
  return `${[...head, ...rows].join('\n')}\n`;
}

/** A number as people read it, with its unit. */
export function written(value: number | undefined, unit: string): string {
  if (value === undefined) return '–';
  const number = value.toLocaleString('en', { maximumFractionDigits: Math.abs(value) < 100 ? 3 : 0 });
  if (unit.startsWith('USD'))
    return `$${value.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
  return `${number}${unit === '' || unit === '%' ? unit : ` ${unit}`}`;
}

function difference(before: number | undefined, after: number | undefined): string {
  if (before === undefined || after === undefined) return '';
  const by = after - before;
  const number = Math.abs(by).toLocaleString('en', { maximumFractionDigits: 2 });
  return `${by > 0 ? '+' : '−'}${number}`;
}
