import Table from 'cli-table3';

/** Prints results: JSON to standard output with `--json`, else text for a person. Progress goes to standard error. */
export class Output {
  constructor(readonly json: boolean) {}

  /** One result: an object for programs, and the lines a person reads. */
  result(value: unknown, text: () => string): void {
    process.stdout.write(`${this.json ? JSON.stringify(value, null, 2) : text()}\n`);
  }
}

/** A borderless table; with widths, cells are wrapped to fit. */
export function table(
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  widths?: readonly number[],
): string {
  const plain = Object.fromEntries(
    ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right']
      .concat(['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'])
      .map((part) => [part, '']),
  );
  const out = new Table({
    head: [...head],
    ...(widths && { colWidths: [...widths], wordWrap: true }),
    chars: { ...plain, middle: '  ' },
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: head.map((_, column) => (typeof rows[0]?.[column] === 'number' ? 'right' : 'left')),
  });
  out.push(...asText(rows));
  return out
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Decimals that a table's numbers have at most. */
const MOST_DECIMALS = 3;

/** A table's cells as people read them: a column's numbers have as many decimals each. */
export function asText(rows: readonly (readonly (string | number)[])[]): string[][] {
  const decimals: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      decimals[column] = Math.max(decimals[column] ?? 0, typeof cell === 'number' ? decimalsOf(cell) : 0);
    });
  return rows.map((row) =>
    row.map((cell, column) =>
      typeof cell === 'number' ? cell.toLocaleString('en', { minimumFractionDigits: decimals[column] ?? 0 }) : cell,
    ),
  );
}

const decimalsOf = (value: number) =>
  value
    .toFixed(MOST_DECIMALS)
    .replace(/\.?0+$/, '')
    .split('.')[1]?.length ?? 0;

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
