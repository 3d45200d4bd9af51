import type { IConstruct } from 'constructs';
import { implyResource } from '../../src/guards/implied-resource';

export interface ImpliedVolume {
  readonly storageClassName: string;
  /** Size of each, in GiB. */
  readonly gib: number;
  /** @default 1 */
  readonly count?: number;
  /** Who claims them: `Prometheus`. */
  readonly madeBy: string;
}

/** Tells guards and reports of volumes that a chart or an operator claims. */
export function implyVolumes(scope: IConstruct, { storageClassName, gib, count = 1, madeBy }: ImpliedVolume): void {
  for (let index = 0; index < count; index++) {
    implyResource(scope, {
      type: 'kubernetes_persistent_volume_claim_v1',
      block: {
        spec: {
          access_modes: ['ReadWriteOnce'],
          storage_class_name: storageClassName,
          resources: { requests: { storage: `${gib}Gi` } },
        },
      },
      madeBy,
    });
  }
}
