import { RESTRICTED_CONTAINER, RESTRICTED_POD_VALUES } from '../pod-security';
import { type ContainerSize, containerResources, VALKEY_SIZES } from '../workload-sizes';
import { CACHE_SECRET_KEYS } from './cache-credentials';
import type { ValkeyData } from './valkey-data';

/** Share of the container's memory for data: a rewrite of the file on disk copies what changes meanwhile. */
const DATA_SHARE = 0.6;

/** The user of the model server, and what its commands are. */
export const CACHE_USER = 'recommender';
export const CACHE_PERMISSIONS =
  '~recommender:* +@connection +client|tracking +evalsha +eval +del +zadd +zrange +zremrangebyrank +zremrangebyscore +pexpire +pttl +time +scan +hget +hset +hlen';

interface ValkeyValuesProps {
  readonly data: ValkeyData;
  readonly size: ContainerSize;
  readonly port: number;
  readonly secretName: string;
  readonly rotation: number;
  /** Name of the claim that its volume has. */
  readonly claimName?: string;
}

export function valkeyValues({ data, size, port, secretName, rotation, claimName }: ValkeyValuesProps) {
  return {
    service: { port },
    auth: {
      enabled: true,
      usersExistingSecret: secretName,
      aclUsers: {
        // The administrator, with a password of its own. A start replays the file on disk as this user, and leaves out
        // transactions that it may not do, without a word: https://github.com/valkey-io/valkey/issues/3983
        default: { permissions: '~* &* +@all' },
        [CACHE_USER]: { permissions: CACHE_PERMISSIONS },
      },
    },
    tls: {
      enabled: true,
      existingSecret: secretName,
      serverPublicKey: CACHE_SECRET_KEYS.certificate,
      serverKey: CACHE_SECRET_KEYS.privateKey,
      caPublicKey: CACHE_SECRET_KEYS.certificateAuthority,
    },
    valkeyConfig: `${[`maxmemory ${Math.floor(size.memoryMib * DATA_SHARE)}mb`, ...data.settings].join('\n')}\n`,
    ...(claimName && { dataStorage: { enabled: true, persistentVolumeClaimName: claimName } }),
    // A volume is one pod's at a time, and two servers would each answer for themselves.
    deploymentStrategy: 'Recreate',
    // Credentials are read when the pod starts.
    podAnnotations: { 'recommender/credentials': `${rotation}` },
    podSecurityContext: RESTRICTED_POD_VALUES,
    securityContext: RESTRICTED_CONTAINER,
    resources: containerResources(size),
    initResources: containerResources(VALKEY_SIZES.init),
  };
}
