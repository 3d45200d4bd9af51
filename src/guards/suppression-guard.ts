import { SECURITY_RULES } from '../security/rules';
import { securityReport } from '../security/security-report';
import { checkedSuppressions, type Suppression } from '../security/suppression';
import type { SynthesizedStack } from '../synthesized/synthesized-stack';
import type { Finding, Guard } from './guard';
import type { SecurityGuardOptions } from './security-guard';

/**
 * Tells of suppressions whose last day has gone by, which fails the synth, and of those that suppress nothing, which is
 * a warning. It wants all stacks that they are about, together.
 *
 * @throws ConfigError where a suppression isn't whole, or its rule isn't known
 */
export class SuppressionGuard implements Guard {
  private readonly suppressions: readonly Suppression[];
  private readonly today: Date;

  constructor({ suppressions = [], today = new Date() }: SecurityGuardOptions) {
    this.suppressions = checkedSuppressions(suppressions);
    this.today = today;
  }

  check(stacks: readonly SynthesizedStack[]): Finding[] {
    if (this.suppressions.length === 0) return [];
    const rules = SECURITY_RULES.filter(({ id }) => this.suppressions.some(({ rule }) => rule === id));
    const { past, unused } = securityReport(stacks, { rules, suppressions: this.suppressions, today: this.today });
    const path = stacks.at(-1)?.name ?? '';
    return [
      ...past.map((one) => ({
        severity: 'error' as const,
        path,
        message: `The suppression of ${one.rule} at ${one.path} ended on ${one.until}. Mend what it was for and remove it, or give it a later day and say why.`,
      })),
      ...unused.map((one) => ({
        severity: 'warning' as const,
        path,
        message: `The suppression of ${one.rule} at ${one.path} suppresses nothing. Remove it, or correct its path.`,
      })),
    ];
  }
}
