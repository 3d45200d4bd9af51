import type { HorizontalPodAutoscalerV2SpecBehavior } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2';

interface ScalingRules {
  readonly stabilizationWindowSeconds: number;
  readonly selectPolicy: 'Max' | 'Min' | 'Disabled';
  readonly policies: readonly {
    readonly type: 'Percent' | 'Pods';
    readonly value: number;
    readonly periodSeconds: number;
  }[];
}

/** As the API server has it. Fast up, slow down: a replica too many costs cents, one too few costs answers. */
export const AUTOSCALER_BEHAVIOR: { readonly scaleUp: ScalingRules; readonly scaleDown: ScalingRules } = {
  // Doubles every 15 s, or adds 4, whichever is more: 2 to 50 replicas in 75 s.
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Percent', value: 100, periodSeconds: 15 },
      { type: 'Pods', value: 4, periodSeconds: 15 },
    ],
  },
  // Takes away a tenth a minute, once five minutes in a row needed less.
  scaleDown: {
    stabilizationWindowSeconds: 300,
    selectPolicy: 'Max',
    policies: [
      { type: 'Percent', value: 10, periodSeconds: 60 },
      { type: 'Pods', value: 1, periodSeconds: 60 },
    ],
  },
};

/** As Terraform's provider has it, which names a repeated block by one of it. */
export function providerBehavior(): HorizontalPodAutoscalerV2SpecBehavior {
  const rules = ({ policies, ...rest }: ScalingRules) => [{ ...rest, policy: [...policies] }];
  return { scaleUp: rules(AUTOSCALER_BEHAVIOR.scaleUp), scaleDown: rules(AUTOSCALER_BEHAVIOR.scaleDown) };
}
