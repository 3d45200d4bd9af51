export const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** Something that is not as it should be, whoever found it. */
export interface Finding {
  /** Unique among what one account's tools find. */
  readonly id: string;
  /** Who found it: `Security Hub`, `GuardDuty`, `Inspector`, `Config` … */
  readonly source: string;
  readonly title: string;
  readonly severity: Severity;
  /** ARN of what it is about, where there is one. */
  readonly resource: string;
  readonly firstSeen: Date;
  /** Tags of the resource, as far as the source knows them. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A finding that somebody has to end by some day. */
export interface AssignedFinding extends Omit<Finding, 'tags'> {
  readonly owner: string;
  /** Undefined where its severity has no deadline. */
  readonly due?: Date;
  readonly overdue: boolean;
}
