import type { Construct } from 'constructs';
import { resourcesOf } from '../container-sizes';
import { TAKEN_BY_PROMETHEUS } from '../observability-stack';
import { FLUENT_BIT_STATE, fluentBitConfig } from './fluent-bit-config';
import type { BoundLogStore } from './log-store';

/** One on every node, whatever taints it has. It writes nothing on the node but its own state. */
export function fluentBitValues(scope: Construct, { output, environment, secrets }: Omit<BoundLogStore, 'ready'>) {
  return {
    kind: 'DaemonSet',
    config: fluentBitConfig(output),
    env: environment,
    resources: resourcesOf(scope, 'fluentBit'),
    tolerations: [{ operator: 'Exists' }],
    // Containers' logs are root's. Of root's powers it has none but to read what is root's own.
    securityContext: {
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
    daemonSetVolumes: [
      { name: 'logs', hostPath: { path: '/var/log' } },
      { name: 'state', hostPath: { path: FLUENT_BIT_STATE, type: 'DirectoryOrCreate' } },
    ],
    daemonSetVolumeMounts: [
      { name: 'logs', mountPath: '/var/log', readOnly: true },
      { name: 'state', mountPath: FLUENT_BIT_STATE },
    ],
    extraVolumes: secrets.map(({ secretName }) => ({ name: secretName, secret: { secretName } })),
    extraVolumeMounts: secrets.map(({ secretName, mountPath }) => ({ name: secretName, mountPath, readOnly: true })),
    serviceMonitor: { enabled: true, selector: TAKEN_BY_PROMETHEUS },
    testFramework: { enabled: false },
  };
}
