import { type AwsSecurityFinding, paginateGetFindings, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { type Finding, SEVERITIES } from './finding';

/**
 * What Security Hub has gathered and nobody has settled: its own checks', GuardDuty's, Inspector's, Access Analyzer's
 * and AWS Config's. Undefined when the account has no Security Hub.
 */
export async function securityHubFindings(region: string): Promise<Finding[] | undefined> {
  const client = new SecurityHubClient({ region });
  const filter = (...values: string[]) => values.map((Value) => ({ Value, Comparison: 'EQUALS' as const }));
  const Filters = { RecordState: filter('ACTIVE'), WorkflowStatus: filter('NEW', 'NOTIFIED') };
  const findings: Finding[] = [];
  try {
    for await (const page of paginateGetFindings({ client, pageSize: 100 }, { Filters })) {
      findings.push(...(page.Findings ?? []).filter(isOpen).map(toFinding));
    }
    return findings;
  } catch (error) {
    if ((error as Error).name === 'InvalidAccessException') return undefined;
    throw error;
  } finally {
    client.destroy();
  }
}

/** A check that is passed is a finding of Security Hub's, too. */
function isOpen({ Compliance }: AwsSecurityFinding): boolean {
  return Compliance?.Status !== 'PASSED' && Compliance?.Status !== 'NOT_AVAILABLE';
}

function toFinding(finding: AwsSecurityFinding): Finding {
  const { Id, Title, ProductName, Severity, Resources, FirstObservedAt, CreatedAt } = finding;
  const [resource] = Resources ?? [];
  return {
    id: Id ?? '',
    source: ProductName ?? 'Security Hub',
    title: Title ?? '',
    severity: SEVERITIES.find((one) => one === Severity?.Label) ?? 'MEDIUM',
    resource: resource?.Id ?? '',
    firstSeen: new Date(FirstObservedAt ?? CreatedAt ?? 0),
    tags: resource?.Tags ?? {},
  };
}
