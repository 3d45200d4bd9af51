/** One promise of the project, with what was measured. */
export interface Bar {
  readonly what: string;
  /** `≤ 10 s` */
  readonly required: string;
  readonly measured: string;
  readonly kept: boolean;
}

/** What one check found, under which conditions. */
export interface CheckResult {
  readonly name: string;
  /** What was done, in one line, with its seeds. */
  readonly conditions: string;
  readonly bars: readonly Bar[];
  /** Figures without a bar. */
  readonly notes?: readonly string[];
  readonly seconds: number;
}

export interface BarOptions {
  readonly unit?: string;
  /** Decimals shown. @default 0 */
  readonly digits?: number;
}

/** A figure that must not be more. */
export function atMost(what: string, figure: number, most: number, options: BarOptions = {}): Bar {
  return bar(what, '≤', figure, most, figure <= most, options);
}

/** A figure that must not be less. */
export function atLeast(what: string, figure: number, least: number, options: BarOptions = {}): Bar {
  return bar(what, '≥', figure, least, figure >= least, options);
}

/** A count that must be that one. */
export function exactly(what: string, figure: number, wanted: number, options: BarOptions = {}): Bar {
  return bar(what, '=', figure, wanted, figure === wanted, options);
}

function bar(what: string, sign: string, figure: number, bound: number, kept: boolean, options: BarOptions): Bar {
  const { unit = '', digits = 0 } = options;
  const shown = (value: number) =>
    `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })}${unit && ` ${unit}`}`;
  return { what, required: `${sign} ${shown(bound)}`, measured: shown(figure), kept };
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
