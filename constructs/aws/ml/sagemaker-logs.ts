import type { Construct } from 'constructs';
import { EncryptedLogGroup } from '../encrypted-log-group';

/** What SageMaker keeps the logs of in one group for all of an account and region. */
export type SharedLogs = 'TrainingJobs' | 'NotebookInstances';

export interface SageMakerLogsProps {
  readonly kind: SharedLogs;
  /**
   * Days that logs are kept.
   * @default 30
   */
  readonly retentionDays?: number;
  /**
   * Refuses a destroy of the logs and their key.
   * @default true
   */
  readonly protection?: boolean;
}

/**
 * The log group that SageMaker writes for all training jobs, or all notebook instances, of an account and region, before
 * SageMaker makes it by itself, unencrypted and for ever. One stack has it; where it is there already, it is imported:
 * `terraform import <address> /aws/sagemaker/TrainingJobs`.
 */
export class SageMakerLogs extends EncryptedLogGroup {
  readonly kind: SharedLogs;

  constructor(scope: Construct, id: string, { kind, retentionDays = 30, protection = true }: SageMakerLogsProps) {
    super(scope, id, {
      logGroupName: `/aws/sagemaker/${kind}`,
      keyAliasName: `sagemaker-${kind === 'TrainingJobs' ? 'training-jobs' : 'notebook-instances'}-logs`,
      retentionDays,
      protection,
    });
    this.kind = kind;
  }
}
