import type { HorizontalPodAutoscalerV2SpecBehavior } from '@cdktf/provider-kubernetes/lib/horizontal-pod-autoscaler-v2';

/** Share of the requested CPU that the autoscaler keeps replicas at: room for the time a new one takes to be ready. */
export const CPU_TARGET_PERCENT = 60;

/** Fast up, slow down: a replica too many costs cents, one too few costs answers. */
export const AUTOSCALER_BEHAVIOR: HorizontalPodAutoscalerV2SpecBehavior = {
  // Doubles every 15 s, or adds 4, whichever is more: 2 to 50 replicas in 75 s.
  scaleUp: [
    {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policy: [
        { type: 'Percent', value: 100, periodSeconds: 15 },
        { type: 'Pods', value: 4, periodSeconds: 15 },
      ],
    },
  ],
  // Takes away a tenth a minute, once five minutes in a row needed less.
  scaleDown: [
    {
      stabilizationWindowSeconds: 300,
      selectPolicy: 'Max',
      policy: [
        { type: 'Percent', value: 10, periodSeconds: 60 },
        { type: 'Pods', value: 1, periodSeconds: 60 },
      ],
    },
  ],
};
