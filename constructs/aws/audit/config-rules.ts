import { ConfigConfigRule } from '@cdktf/provider-aws/lib/config-config-rule';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import type { ConfigRecorder } from './config-recorder';
import { MANAGED_CONFIG_RULES, type ManagedConfigRule } from './managed-rules';

export interface ConfigRulesProps {
  /** What the rules' names begin with, e.g. `shop-prod`. */
  readonly prefix: string;
  /**
   * What records the things that the rules look at.
   * @default - one that the account has already
   */
  readonly recorder?: Pick<ConfigRecorder, 'ready'>;
  /**
   * By logical id.
   * @default MANAGED_CONFIG_RULES
   */
  readonly rules?: Readonly<Record<string, ManagedConfigRule>>;
}

/** Rules by which AWS Config says what is not as it should be. $0.001 for each look at one thing by one rule. */
export class ConfigRules extends Construct {
  readonly rules: readonly ConfigConfigRule[];

  constructor(scope: Construct, id: string, { prefix, recorder, rules = MANAGED_CONFIG_RULES }: ConfigRulesProps) {
    super(scope, id);
    this.rules = Object.entries(rules).map(([name, { identifier, parameters }]) => {
      return new ConfigConfigRule(this, name, {
        name: `${prefix}-${identifier.toLowerCase().replaceAll('_', '-')}`,
        source: { owner: 'AWS', sourceIdentifier: identifier },
        inputParameters: parameters && Fn.jsonencode(parameters),
        dependsOn: recorder?.ready,
      });
    });
  }
}
