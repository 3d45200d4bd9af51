import type { Subject } from './subject';

/** How bad it is to break a rule: a finding of low severity is a warning, any other fails the synth. */
export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** What is wrong with a resource: `storage_encrypted is false`; undefined where nothing is. */
export type Problem = string | undefined;

/** What every resource of some types must keep. */
export interface SecurityRule {
  /** Never changes and is never used again: `AWS-S3-001`. */
  readonly id: string;
  /** What holds where it is kept: `A bucket has a public access block`. */
  readonly title: string;
  readonly severity: Severity;
  /** What can happen where it isn't kept. */
  readonly reason: string;
  /** What to change. */
  readonly fix: string;
  /** Page of the publisher that says so. */
  readonly reference: string;
  /**
   * The same rule in checkov: `CKV_AWS_19`.
   * @default - checkov has none
   */
  readonly checkov?: string;
  /** Terraform's types (`aws_s3_bucket`), or kinds of a cluster's objects (`Deployment`). */
  readonly appliesTo: readonly string[];
  /** What isn't known before a deploy breaks no rule. */
  readonly check: (subject: Subject) => Problem;
}
