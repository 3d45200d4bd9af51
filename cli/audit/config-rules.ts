import {
  ConfigServiceClient,
  type EvaluationResult,
  paginateDescribeComplianceByConfigRule,
  paginateGetComplianceDetailsByConfigRule,
} from '@aws-sdk/client-config-service';
import type { Finding } from './finding';

/** What breaks a rule of AWS Config's. Rules have no severity: each finding is of a medium one. */
export async function configFindings(region: string): Promise<Finding[]> {
  const client = new ConfigServiceClient({ region });
  const ComplianceTypes = ['NON_COMPLIANT' as const];
  const findings: Finding[] = [];
  try {
    for await (const rules of paginateDescribeComplianceByConfigRule({ client }, { ComplianceTypes })) {
      for (const { ConfigRuleName } of rules.ComplianceByConfigRules ?? []) {
        const details = paginateGetComplianceDetailsByConfigRule(
          { client, pageSize: 100 },
          { ConfigRuleName, ComplianceTypes },
        );
        for await (const { EvaluationResults } of details) findings.push(...(EvaluationResults ?? []).map(toFinding));
      }
    }
    return findings;
  } finally {
    client.destroy();
  }
}

function toFinding({ EvaluationResultIdentifier, ResultRecordedTime, Annotation }: EvaluationResult): Finding {
  const { ConfigRuleName, ResourceType, ResourceId } = EvaluationResultIdentifier?.EvaluationResultQualifier ?? {};
  return {
    id: [ConfigRuleName, ResourceType, ResourceId].join('/'),
    source: 'Config',
    title: [ConfigRuleName, Annotation].filter(Boolean).join(': '),
    severity: 'MEDIUM',
    resource: `${ResourceType}/${ResourceId}`,
    // Since when it breaks the rule, Config doesn't say: since when it was last looked at and did.
    firstSeen: ResultRecordedTime ?? new Date(0),
    tags: {},
  };
}
