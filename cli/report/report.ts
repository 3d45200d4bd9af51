/** What a report is about that is made from a config alone. */
export const REPORTS = ['inventory', 'cost', 'availability', 'latency', 'capacity', 'comparison', 'security'] as const;
export type ConfigReportName = (typeof REPORTS)[number];
/** `usage` is of a cluster that runs. */
export type ReportName = ConfigReportName | 'usage';

/** A number that changes are compared by. */
export interface Figure {
  /** Unique in all reports, and the same as long as it means the same: `cost.aws-prod.expected`. */
  readonly id: string;
  readonly title: string;
  readonly value: number;
  /** `USD a month`, `%`, `ms`; empty for a count. */
  readonly unit: string;
  /** What it must not pass, in the direction that isn't better. */
  readonly limit?: number;
  /** @default - neither */
  readonly better?: 'lower' | 'higher';
}

export interface ReportTable {
  readonly title: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

/** Bars, one a category; several series are stacked. */
export interface ReportChart {
  readonly title: string;
  readonly unit: string;
  readonly categories: readonly string[];
  readonly series: readonly { readonly name: string; readonly values: readonly number[] }[];
  /** Drawn as a line across. */
  readonly limit?: number;
}

/** What is known of something, for people and for programs. */
export interface Report {
  readonly name: ReportName;
  readonly title: string;
  /** The result in sentences. */
  readonly summary: readonly string[];
  readonly figures: readonly Figure[];
  readonly tables: readonly ReportTable[];
  readonly charts: readonly ReportChart[];
  /**
   * What to put into the config, as JSON.
   * @default - nothing
   */
  readonly patch?: { readonly title: string; readonly text: string };
}

/** What `--json` prints, and a later report is compared with. */
export interface ReportDocument {
  /** The day, `YYYY-MM-DD`. */
  readonly date: string;
  readonly stacks: readonly string[];
  readonly reports: readonly Report[];
}
