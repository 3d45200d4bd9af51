import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { AuditTrail } from '../constructs/aws/audit/audit-trail';
import { ConfigRecorder } from '../constructs/aws/audit/config-recorder';
import { ConfigRules } from '../constructs/aws/audit/config-rules';
import { FindingAlerts } from '../constructs/aws/audit/finding-alerts';
import { ThreatDetection } from '../constructs/aws/audit/threat-detection';
import { Backup } from '../constructs/aws/backup/backup';
import { BackupCopyVault } from '../constructs/aws/backup/backup-copy-vault';
import { BackupSelection } from '../constructs/aws/backup/backup-selection';
import { CostAnomalies } from '../constructs/aws/cost/cost-anomalies';
import { CostBudget } from '../constructs/aws/cost/cost-budget';
import type { Database } from '../constructs/aws/database/database';
import { AlertTopic } from '../constructs/aws/observability/alert-topic';
import type { AwsConfig } from '../src/config/aws-config';
import { hasPart } from '../src/config/aws-parts';
import type { AwsStack } from './aws-stack';

/** Who did what, whether all is as it should be, copies of what can't be lost, and what it costs: as the config chooses. */
export function addGovernance(stack: AwsStack, settings: AwsConfig, database: Database | undefined): void {
  addCostControl(stack, settings);
  if (hasPart(settings, 'auditTrail')) {
    new AuditTrail(stack, 'AuditTrail', {
      trailName: stack.naming.name('audit'),
      bucketName: stack.naming.name('audit', settings.accountId),
      objectEventsOf: [stack.modelStore.resource],
      logRetentionDays: hasPart(settings, 'auditTrailLogs') ? 365 : undefined,
      protection: stack.protection,
    });
  }
  if (hasPart(settings, 'configRules')) addConfigRules(stack, settings);
  addThreatDetection(stack, settings);
  if (hasPart(settings, 'backup')) addBackup(stack, settings, database);
}

function addCostControl(stack: AwsStack, { costAnomalies }: AwsConfig): void {
  const { naming, budget, clouds } = stack;
  const budgetName = naming.name('monthly');
  new CostBudget(stack, 'CostBudget', { budgetName, budget, clouds });
  if (!costAnomalies) return;
  new CostAnomalies(stack, 'CostAnomalies', { name: naming.name('services'), budget, clouds, ...costAnomalies });
}

function addConfigRules(stack: AwsStack, { accountId }: AwsConfig): void {
  const { naming, protection } = stack;
  const recorder = new ConfigRecorder(stack, 'ConfigRecorder', {
    recorderName: naming.name('config'),
    bucketName: naming.name('config', accountId),
    protection,
  });
  new ConfigRules(stack, 'ConfigRules', { prefix: naming.prefix, recorder });
}

/** Security Hub checks by what AWS Config records, so without that it gathers findings only when the account has one. */
function addThreatDetection(stack: AwsStack, settings: AwsConfig): void {
  const { naming, budget } = stack;
  const watched = hasPart(settings, 'threatDetection');
  const analyzed = hasPart(settings, 'accessAnalyzer');
  if (!watched && !analyzed) return;
  const elsewhere = { guardDuty: 'elsewhere', inspector: 'elsewhere', securityHub: 'elsewhere' } as const;
  new ThreatDetection(stack, 'ThreatDetection', {
    prefix: naming.prefix,
    accessAnalyzer: analyzed ? 'account' : 'elsewhere',
    ...(!watched && elsewhere),
  });
  if (!watched) return;
  const contacts = settings.securityContacts ?? budget.notify;
  const topic = new AlertTopic(stack, 'Findings', {
    topicName: naming.name('findings'),
    subscribers: Object.fromEntries(
      contacts.map((address, index) => [`Contact${index + 1}`, { kind: 'email', address }]),
    ),
    fromEventBridge: true,
  });
  new FindingAlerts(stack, 'FindingAlerts', { prefix: naming.prefix, topic });
}

function addBackup(stack: AwsStack, settings: AwsConfig, database: Database | undefined): void {
  const { naming, modelStore, protection } = stack;
  new Backup(stack, 'Backup', {
    vaultName: naming.prefix,
    selection: BackupSelection.resources([modelStore.resource.arn, ...(database ? [database.resource.arn] : [])]),
    copyToVaultArn: settings.backup && addCopyVault(stack, settings, settings.backup.copyTo).vaultArn,
    restoreTest: hasPart(settings, 'restoreTests') ? { resourceTypes: database ? ['S3', 'RDS'] : ['S3'] } : undefined,
    protection,
  });
}

function addCopyVault(stack: AwsStack, { accountId }: AwsConfig, region: string): BackupCopyVault {
  const { naming, protection, standardTags } = stack;
  const provider = new AwsProvider(stack, 'BackupRegion', {
    alias: 'backup_region',
    region,
    allowedAccountIds: [accountId],
    defaultTags: [{ tags: standardTags }],
  });
  return new BackupCopyVault(stack, 'BackupCopy', { vaultName: naming.prefix, provider, protection });
}
