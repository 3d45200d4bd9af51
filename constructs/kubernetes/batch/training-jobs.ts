import { CronJobV1 } from '@cdktf/provider-kubernetes/lib/cron-job-v1';
import { Construct } from 'constructs';
import { RESTRICTED_CONTAINER, RESTRICTED_POD } from '../pod-security';
import { containerResources, TRAINER_SIZE } from '../workload-sizes';
import type { Trainer } from './trainer';
import { evaluate, type Requirements, trainAndPromote } from './trainer-commands';

export interface TrainingJobsProps {
  readonly trainer: Trainer;
  /**
   * When a version is trained, in cron's format, UTC.
   * @default '0 3 * * 1'
   */
  readonly trainAt?: string;
  /**
   * When the algorithms are compared on the newest purchases, in cron's format, UTC. The comparison is in the log.
   * @default '0 5 * * 1'
   */
  readonly evaluateAt?: string;
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

/** A model is trained anew, and the algorithms are compared, at set times. A run that is missed by an hour is left out. */
export class TrainingJobs extends Construct {
  readonly training: CronJobV1;
  readonly evaluation: CronJobV1;

  constructor(scope: Construct, id: string, props: TrainingJobsProps) {
    super(scope, id);
    const { trainer, trainAt = '0 3 * * 1', evaluateAt = '0 5 * * 1', channel = 'candidate', require = {} } = props;
    this.training = cronJob(this, 'Training', trainer, {
      name: 'model-training',
      schedule: trainAt,
      command: trainAndPromote(trainer, channel, require),
    });
    this.evaluation = cronJob(this, 'Evaluation', trainer, {
      name: 'model-evaluation',
      schedule: evaluateAt,
      command: evaluate(trainer),
    });
  }
}

interface Job {
  readonly name: string;
  readonly schedule: string;
  readonly command: string[];
}

function cronJob(scope: Construct, id: string, trainer: Trainer, { name, schedule, command }: Job): CronJobV1 {
  return new CronJobV1(scope, id, {
    metadata: { name, namespace: trainer.namespaceName },
    spec: {
      schedule,
      timezone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: {},
        spec: {
          // A version that is not as good as required would be no better the second time.
          backoffLimit: 1,
          activeDeadlineSeconds: 7200,
          template: {
            metadata: { labels: { 'app.kubernetes.io/name': name, ...trainer.podLabels } },
            spec: pod(trainer, name, command),
          },
        },
      },
    },
    dependsOn: trainer.identity.ready,
  });
}

function pod({ serviceAccount, image, environment, data: { volume } }: Trainer, name: string, command: string[]) {
  return {
    serviceAccountName: serviceAccount.metadata.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    securityContext: RESTRICTED_POD,
    container: [
      {
        name,
        image,
        command,
        env: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
        resources: containerResources(TRAINER_SIZE),
        securityContext: RESTRICTED_CONTAINER,
        volumeMount: [
          { name: 'tmp', mountPath: '/tmp' },
          ...(volume ? [{ name: 'data', mountPath: volume.mountPath, readOnly: true }] : []),
        ],
      },
    ],
    volume: [
      { name: 'tmp', emptyDir: { sizeLimit: '1Gi' } },
      ...(volume ? [{ name: 'data', persistentVolumeClaim: { claimName: volume.claimName, readOnly: true } }] : []),
    ],
  };
}
