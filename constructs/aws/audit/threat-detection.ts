import { AccessanalyzerAnalyzer } from '@cdktf/provider-aws/lib/accessanalyzer-analyzer';
import { GuarddutyDetector } from '@cdktf/provider-aws/lib/guardduty-detector';
import { GuarddutyDetectorFeature } from '@cdktf/provider-aws/lib/guardduty-detector-feature';
import { Inspector2Enabler } from '@cdktf/provider-aws/lib/inspector2-enabler';
import { SecurityhubAccount } from '@cdktf/provider-aws/lib/securityhub-account';
import { SecurityhubStandardsSubscription } from '@cdktf/provider-aws/lib/securityhub-standards-subscription';
import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { AwsAccount } from '../aws-account';

/** What GuardDuty watches beside the calls, the DNS and the flow logs that it always does. Each is paid for by use. */
export const GUARD_DUTY_FEATURES = {
  /** Reads and writes of objects. */
  S3_DATA_EVENTS: {},
  /** Calls of the clusters' API. */
  EKS_AUDIT_LOGS: {},
  /** Processes on nodes, by an agent that GuardDuty puts on EKS clusters; $1.50 a month for each vCPU. */
  RUNTIME_MONITORING: { additionalConfiguration: ['EKS_ADDON_MANAGEMENT'] },
} as const satisfies Readonly<Record<string, { readonly additionalConfiguration?: readonly string[] }>>;
export type GuardDutyFeature = keyof typeof GUARD_DUTY_FEATURES;

/** What Inspector looks for known vulnerabilities in. */
export type InspectorResourceType = 'EC2' | 'ECR' | 'LAMBDA';

/** The account, or the organization's administrator, has it already: it is left alone. */
export type Elsewhere = 'elsewhere';

export interface ThreatDetectionProps {
  /** What names begin with, e.g. `shop-prod`. */
  readonly prefix: string;
  /**
   * What it watches beside its foundation.
   * @default ['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS']
   */
  readonly guardDuty?: readonly GuardDutyFeature[] | Elsewhere;
  /**
   * What it looks into; an ECR image is $0.09 once and $0.01 at each new look, an instance $1.25 a month.
   * @default ['ECR']
   */
  readonly inspector?: readonly InspectorResourceType[] | Elsewhere;
  /**
   * Gathers all findings, and checks the account by AWS' foundational best practices: $0.001 a check. It needs a
   * `ConfigRecorder`, or one that the account has.
   * @default 'best-practices'
   */
  readonly securityHub?: 'best-practices' | Elsewhere;
  /**
   * Says what is shared with somebody outside the account; free.
   * @default 'account'
   */
  readonly accessAnalyzer?: 'account' | Elsewhere;
}

/**
 * What looks for attacks and holes in the account and region: GuardDuty, Inspector, Security Hub and Access Analyzer. An
 * account has each once in a region; what it has already is said to be `elsewhere`.
 */
export class ThreatDetection extends Construct {
  readonly detector?: GuarddutyDetector;
  readonly hub?: SecurityhubAccount;
  readonly analyzer?: AccessanalyzerAnalyzer;
  readonly inspector?: Inspector2Enabler;

  constructor(scope: Construct, id: string, props: ThreatDetectionProps) {
    super(scope, id);
    const { guardDuty = ['S3_DATA_EVENTS', 'EKS_AUDIT_LOGS'], inspector = ['ECR'] } = props;
    const { prefix, securityHub = 'best-practices', accessAnalyzer = 'account' } = props;
    if (guardDuty !== 'elsewhere') this.detector = this.addGuardDuty(guardDuty);
    if (inspector !== 'elsewhere') this.inspector = this.addInspector(inspector);
    if (securityHub !== 'elsewhere') this.hub = this.addSecurityHub();
    if (accessAnalyzer !== 'elsewhere') this.analyzer = this.addAnalyzer(prefix);
  }

  private addGuardDuty(features: readonly GuardDutyFeature[]): GuarddutyDetector {
    const detector = new GuarddutyDetector(this, 'GuardDuty', {
      enable: true,
      findingPublishingFrequency: 'FIFTEEN_MINUTES',
    });
    // All are said, so that one that is left out is off: the service turns new ones on by itself.
    for (const [name, feature] of Object.entries(GUARD_DUTY_FEATURES)) {
      const status = features.some((wanted) => wanted === name) ? 'ENABLED' : 'DISABLED';
      const additional = 'additionalConfiguration' in feature ? feature.additionalConfiguration : [];
      new GuarddutyDetectorFeature(this, pascalCase(name), {
        detectorId: detector.id,
        name,
        status,
        additionalConfiguration: additional.map((part) => ({ name: part, status })),
      });
    }
    return detector;
  }

  private addInspector(types: readonly InspectorResourceType[]): Inspector2Enabler {
    if (types.length === 0) {
      throw new ConfigError("inspector is []; name what it looks into, or say 'elsewhere' to leave it out.", this);
    }
    return new Inspector2Enabler(this, 'Inspector', {
      accountIds: [AwsAccount.of(this).accountId],
      resourceTypes: [...types],
    });
  }

  private addSecurityHub(): SecurityhubAccount {
    const hub = new SecurityhubAccount(this, 'SecurityHub', {
      // The standard is named below; by default the service adds CIS' too, and its price.
      enableDefaultStandards: false,
      controlFindingGenerator: 'SECURITY_CONTROL',
      autoEnableControls: true,
    });
    const { partition, region } = AwsAccount.of(this);
    new SecurityhubStandardsSubscription(this, 'BestPractices', {
      standardsArn: `arn:${partition}:securityhub:${region}::standards/aws-foundational-security-best-practices/v/1.0.0`,
      dependsOn: [hub],
    });
    return hub;
  }

  private addAnalyzer(prefix: string): AccessanalyzerAnalyzer {
    return new AccessanalyzerAnalyzer(this, 'AccessAnalyzer', { analyzerName: `${prefix}-access`, type: 'ACCOUNT' });
  }
}

/** `S3_DATA_EVENTS` as `S3DataEvents`. */
function pascalCase(name: string): string {
  return name
    .split('_')
    .map((word) => word.charAt(0) + word.slice(1).toLowerCase())
    .join('');
}
