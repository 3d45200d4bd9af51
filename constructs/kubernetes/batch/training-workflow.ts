import { Construct } from 'constructs';
import { CustomResources } from '../custom-resources';
import type { ArgoWorkflows } from './argo-workflows';
import type { Trainer } from './trainer';
import type { Requirements } from './trainer-commands';
import { workflowSpec } from './workflow-spec';

export interface TrainingWorkflowProps {
  readonly trainer: Trainer;
  /** What runs it. */
  readonly argo: ArgoWorkflows;
  /**
   * When it runs, in cron's format, UTC.
   * @default '0 3 * * 1'
   */
  readonly schedule?: string;
  /**
   * Channel that points to a new version; servers of production follow another one, until somebody promotes.
   * @default 'candidate'
   */
  readonly channel?: string;
  /**
   * Least values of metrics, by the lower end of their intervals, without which the channel stays: `{ 'ndcg@20': 0.1 }`.
   * @default {}
   */
  readonly require?: Requirements;
}

/**
 * A model is trained, the algorithms are compared on the same purchases, and a channel points to the version if it is as
 * good as required: each a step of a workflow, which shows where it stands. Instead of `TrainingJobs`.
 */
export class TrainingWorkflow extends Construct {
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: TrainingWorkflowProps) {
    super(scope, id);
    const { trainer, argo, schedule = '0 3 * * 1', channel = 'candidate', require = {} } = props;
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: 'model-training-workflow',
      namespaceName: trainer.namespaceName,
      objects: [
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'CronWorkflow',
          metadata: { name: 'model-training' },
          spec: {
            schedules: [schedule],
            timezone: 'Etc/UTC',
            concurrencyPolicy: 'Forbid',
            startingDeadlineSeconds: 3600,
            successfulJobsHistoryLimit: 1,
            failedJobsHistoryLimit: 3,
            workflowSpec: workflowSpec(trainer, channel, require),
          },
        },
      ],
      dependsOn: [argo.release, ...trainer.identity.ready],
    });
  }
}
