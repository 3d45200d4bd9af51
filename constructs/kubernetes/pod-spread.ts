/** Spreads the pods of a Deployment over zones and nodes as well as it goes. */
export function podSpread(labels: Record<string, string>) {
  return ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
    topologyKey,
    maxSkew: 1,
    // A replica in a crowded zone serves more people than one that waits for an even spread.
    whenUnsatisfiable: 'ScheduleAnyway',
    labelSelector: [{ matchLabels: labels }],
    // Counts this version's pods only, or the old ones would skew the new ones' places in a rollout.
    matchLabelKeys: ['pod-template-hash'],
  }));
}
