import type { CustomResource } from '../custom-resources';
import { containerResources, VELERO_SIZES } from '../workload-sizes';
import type { VeleroProps } from './velero';

/** Name that Velero asks for where a schedule names none. */
export const LOCATION_NAME = 'default';

const SECURITY = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

export function veleroValues({ identity, location, snapshotDriver }: VeleroProps, roleName: string): object {
  return {
    resources: containerResources(VELERO_SIZES.server),
    containerSecurityContext: SECURITY,
    podLabels: identity.podLabels,
    serviceAccount: {
      server: { name: identity.serviceAccountName, annotations: identity.serviceAccountAnnotations },
    },
    rbac: { clusterAdministrator: true, clusterAdministratorName: roleName },
    credentials: { useSecret: false },
    initContainers: [
      {
        name: `velero-plugin-for-${location.provider}`,
        image: location.pluginImage,
        volumeMounts: [{ name: 'plugins', mountPath: '/target' }],
        resources: containerResources(VELERO_SIZES.plugin),
        securityContext: SECURITY,
      },
    ],
    configuration: {
      ...(snapshotDriver && { features: 'EnableCSI' }),
    },
    // The location is an object of its own: the chart would ask for its kind before it is there.
    backupsEnabled: false,
    snapshotsEnabled: false,
    deployNodeAgent: false,
    // The chart's jobs for its kinds run an image of kubectl that the chart doesn't pin. Helm installs the kinds once.
    upgradeCRDs: false,
    cleanUpCRDs: false,
  };
}

export function veleroObjects({ location, snapshotDriver }: VeleroProps): CustomResource[] {
  return [
    {
      apiVersion: 'velero.io/v1',
      kind: 'BackupStorageLocation',
      metadata: { name: LOCATION_NAME },
      spec: {
        default: true,
        accessMode: 'ReadWrite',
        provider: location.provider,
        objectStorage: { bucket: location.bucket },
        config: location.config,
      },
    },
    ...(snapshotDriver ? [snapshotClass(snapshotDriver)] : []),
  ];
}

interface SnapshotClass extends CustomResource {
  readonly driver: string;
  readonly deletionPolicy: 'Delete' | 'Retain';
}

/** How Velero has snapshots made, which it finds by the label. They stay when the cluster's objects go. */
function snapshotClass(driver: string): SnapshotClass {
  return {
    apiVersion: 'snapshot.storage.k8s.io/v1',
    kind: 'VolumeSnapshotClass',
    metadata: { name: 'velero', labels: { 'velero.io/csi-volumesnapshot-class': 'true' } },
    driver,
    deletionPolicy: 'Retain',
  };
}
