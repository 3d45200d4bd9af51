import { HorizontalPodAutoscalerV2 } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2';
import type { Construct } from 'constructs';
import { type CapacityPlan, ConfigError } from '../../../src';
import { CustomResources } from '../custom-resources';
import { AUTOSCALER_BEHAVIOR, providerBehavior } from './behavior';
import type { Keda } from './keda';
import type { KedaTrigger } from './keda-trigger';

/** What is scaled. */
export interface ScaleTarget {
  /** Name of the HorizontalPodAutoscaler. */
  readonly name: string;
  /** A reference, so that the Deployment comes first. */
  readonly deploymentName: string;
  readonly namespaceName: string;
  /** Bounds of the replicas. */
  readonly capacity: CapacityPlan;
}

/** Share of the requested CPU that replicas are kept at: room for the time a new one takes to be ready. */
const CPU_TARGET_PERCENT = 60;

/** How replicas follow the load: either by the cluster's own autoscaler on CPU, or by KEDA on what you choose. */
export abstract class Autoscaling {
  /**
   * A HorizontalPodAutoscaler on CPU. It needs a metrics server in the cluster.
   *
   * @param targetPercent share of the requested CPU that replicas are kept at, 1 to 100; by default 60
   */
  static cpu({ targetPercent = CPU_TARGET_PERCENT }: { readonly targetPercent?: number } = {}): Autoscaling {
    return new CpuAutoscaling(targetPercent);
  }

  /**
   * A ScaledObject, from which KEDA makes the HorizontalPodAutoscaler.
   *
   * @param keda the operator, which must be there first
   * @param triggers what replicas are for; the one that asks for the most decides
   */
  static keda(options: {
    readonly keda: Keda;
    readonly triggers: readonly [KedaTrigger, ...KedaTrigger[]];
  }): Autoscaling {
    return new KedaAutoscaling(options.keda, options.triggers);
  }

  /** What {@link bind} makes, in the API server's terms. */
  abstract readonly kind: { readonly apiVersion: string; readonly kind: string };

  /** Makes what scales `target`, called `Autoscaler` in `scope`. */
  abstract bind(scope: Construct, target: ScaleTarget): HorizontalPodAutoscalerV2 | CustomResources;
}

class CpuAutoscaling extends Autoscaling {
  readonly kind = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler' };

  constructor(private readonly targetPercent: number) {
    super();
  }

  bind(scope: Construct, { name, deploymentName, namespaceName, capacity }: ScaleTarget): HorizontalPodAutoscalerV2 {
    const { targetPercent } = this;
    if (!(targetPercent >= 1 && targetPercent <= 100)) {
      throw new ConfigError(
        `targetPercent is ${targetPercent}; allowed is 1 to 100: above, replicas are added when it is too late.`,
        scope,
      );
    }
    return new HorizontalPodAutoscalerV2(scope, 'Autoscaler', {
      metadata: { name, namespace: namespaceName },
      spec: {
        minReplicas: capacity.minReplicas,
        maxReplicas: capacity.maxReplicas,
        scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: deploymentName },
        metric: [
          {
            type: 'Resource',
            resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: targetPercent } },
          },
        ],
        behavior: providerBehavior(),
      },
    });
  }
}

class KedaAutoscaling extends Autoscaling {
  readonly kind = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject' };

  constructor(
    private readonly keda: Keda,
    private readonly triggers: readonly KedaTrigger[],
  ) {
    super();
  }

  bind(scope: Construct, { name, deploymentName, namespaceName, capacity }: ScaleTarget): CustomResources {
    const triggers = this.triggers.map((trigger) => trigger.specFor({ name, namespaceName }));
    // KEDA refuses it where nothing but CPU is measured, which is always known.
    const canBeBlind = triggers.some(({ type }) => type !== 'cpu');
    return new CustomResources(scope, 'Autoscaler', {
      releaseName: `${name}-autoscaler`,
      namespaceName,
      objects: [
        {
          ...this.kind,
          metadata: { name },
          spec: {
            scaleTargetRef: { name: deploymentName },
            minReplicaCount: capacity.minReplicas,
            maxReplicaCount: capacity.maxReplicas,
            pollingInterval: 15,
            // Blind, it holds what the peak needs, or what runs already where that is more.
            ...(canBeBlind && {
              fallback: {
                failureThreshold: 4,
                replicas: capacity.initialReplicas,
                behavior: 'currentReplicasIfHigher',
              },
            }),
            // The name that alerts and dashboards know.
            advanced: { horizontalPodAutoscalerConfig: { name, behavior: AUTOSCALER_BEHAVIOR } },
            triggers,
          },
        },
      ],
      dependsOn: [this.keda.release],
    });
  }
}
