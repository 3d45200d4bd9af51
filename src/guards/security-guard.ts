import type { Severity } from '../security/rule';
import { SECURITY_RULES } from '../security/rules';
import { type SecurityReport, securityReport } from '../security/security-report';
import { checkedSuppressions, type Suppression } from '../security/suppression';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Finding, Guard } from './guard';

export interface SecurityGuardOptions {
  /**
   * Rules that constructs may break for a while, each with its reason.
   * @default []
   */
  readonly suppressions?: readonly Suppression[];
  /**
   * The day by which suppressions end.
   * @default - the day of the synth
   */
  readonly today?: Date;
}

/**
 * Holds stacks to the rules of docs/security-rules.md. A violation fails the synth, one of low severity is a warning.
 * {@link SuppressionGuard} holds the suppressions themselves to the stacks.
 *
 * @throws ConfigError where a suppression isn't whole, or its rule isn't known
 */
export class SecurityGuard implements Guard {
  private readonly suppressions: readonly Suppression[];
  private readonly today: Date;

  constructor({ suppressions = [], today = new Date() }: SecurityGuardOptions = {}) {
    this.suppressions = checkedSuppressions(suppressions);
    this.today = today;
  }

  report(stacks: readonly SynthesizedStack[]): SecurityReport {
    return securityReport(stacks, { rules: SECURITY_RULES, suppressions: this.suppressions, today: this.today });
  }

  check(stacks: readonly SynthesizedStack[]): Finding[] {
    const { violations, unread } = this.report(stacks);
    return [
      ...violations.map(({ rule, severity, path, problem, reason, fix, reference }) => ({
        severity: levelOf(severity),
        path,
        message: `${rule} (${severity}): ${problem}. ${reason} ${fix} ${reference}`,
      })),
      ...unread.map(({ path, address, cause }) => ({
        severity: 'warning' as const,
        path,
        message: `No security rule was held against ${address}: ${cause}.`,
      })),
    ];
  }
}

const levelOf = (severity: Severity): Finding['severity'] => (severity === 'low' ? 'warning' : 'error');
