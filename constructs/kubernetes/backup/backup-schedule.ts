import { Construct } from 'constructs';
import { ConfigError } from '../../../src';
import { CustomResources } from '../custom-resources';
import { RECOMMENDER_NAMESPACE } from '../recommender-namespace';
import type { Velero } from './velero';
import { LOCATION_NAME } from './velero-values';

export interface BackupScheduleProps {
  readonly velero: Velero;
  /** Name of the schedule; its backups are called after it, with their time. */
  readonly scheduleName: string;
  /**
   * When a backup is made, in cron's format, UTC.
   * @default '0 2 * * *'
   */
  readonly schedule?: string;
  /**
   * Days that a backup is kept, and the snapshots in it.
   * @default 30
   */
  readonly keepDays?: number;
  /**
   * Whose objects and volumes are backed up.
   * @default ['recommender']
   */
  readonly namespaces?: readonly [string, ...string[]];
}

/**
 * Backups of namespaces at set times: their objects but Secrets and events, and their volumes where Velero snapshots
 * them. Secrets come back from where External Secrets has them, so that no backup holds their values.
 */
export class BackupSchedule extends Construct {
  readonly resources: CustomResources;

  constructor(scope: Construct, id: string, props: BackupScheduleProps) {
    super(scope, id);
    const { velero, scheduleName, schedule = '0 2 * * *', keepDays = 30, namespaces = [RECOMMENDER_NAMESPACE] } = props;
    if (!(Number.isInteger(keepDays) && keepDays >= 1)) {
      throw new ConfigError(`keepDays is ${keepDays}; allowed are whole days from 1.`, this);
    }
    this.resources = new CustomResources(this, 'Resource', {
      releaseName: `backup-${scheduleName}`,
      namespaceName: velero.namespace.metadata.name,
      objects: [
        {
          apiVersion: 'velero.io/v1',
          kind: 'Schedule',
          metadata: { name: scheduleName },
          spec: {
            schedule,
            // A backup stays when its schedule goes.
            useOwnerReferencesInBackup: false,
            template: {
              storageLocation: LOCATION_NAME,
              ttl: `${keepDays * 24}h0m0s`,
              includedNamespaces: namespaces,
              excludedResources: ['secrets', 'events', 'events.events.k8s.io'],
              snapshotVolumes: velero.snapshotsVolumes,
            },
          },
        },
      ],
      dependsOn: [velero.resources.release],
    });
  }
}
