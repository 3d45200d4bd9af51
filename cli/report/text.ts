import { Help } from 'commander';
import { asText, table } from '../output';
import { type Change, written } from './comparison';
import type { Report, ReportTable } from './report';

const WIDTH = 80;
const GAP = 2;

/** A report for a terminal of 80 columns. */
export function toText({ title, summary, figures, tables, patch }: Report): string {
  const rows = figures.map(({ title, value, unit, limit, better }) => [
    title,
    written(value, unit),
    limit === undefined ? '' : `${better === 'lower' ? 'at most' : 'at least'} ${written(limit, unit)}`,
  ]);
  return [
    `${title}\n${'─'.repeat(title.length)}`,
    summary.map((line) => new Help().boxWrap(line, WIDTH)).join('\n'),
    rows.length > 0 ? fitted(['figure', '', ''], rows) : '',
    ...tables.map((one) => `${one.title}\n${tableText(one)}`),
    patch ? `${patch.title}\n${patch.text}` : '',
  ]
    .filter(Boolean)
    .join('\n\n');
}

/** The changes of figures, one a line. */
export function changesText(changes: readonly Change[]): string {
  if (changes.length === 0) return 'No figure differs.';
  const rows = changes.map(({ figure, before, after, verdict }) => [
    figure.title,
    written(before, figure.unit),
    written(after, figure.unit),
    verdict,
  ]);
  return fitted(['figure', 'before', 'now', ''], rows);
}

function tableText({ head, rows }: ReportTable): string {
  return fitted(head, rows);
}

/** A cell isn't wrapped within a word. */
const longestWord = (cell: string) => Math.max(...cell.split(' ').map(({ length }) => length));

/** Wraps the widest columns, so that a line fits; those that words would be cut in only when there is no other. */
function fitted(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = asText(rows);
  const most = (of: (cell: string) => number) =>
    head.map((name, column) => Math.max(name.length, ...cells.map((row) => of(row[column] ?? ''))));
  const words = most(longestWord);
  const room = WIDTH - GAP * (head.length - 1);
  const widths = most(({ length }) => length);
  while (widths.reduce((sum, width) => sum + width, 0) > room) {
    const spare = widths.map((width, column) => (width > (words[column] ?? 0) ? width : 0));
    const wide = Math.max(...spare) > 0 ? spare : widths;
    const widest = wide.indexOf(Math.max(...wide));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return table(head, rows, widths);
}
