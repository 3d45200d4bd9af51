import { clusterTierFor } from '../../../constructs/azure';
import { ServiceLevelObjective } from '../../../src';

test.each([
  [99.9, 'Standard'],
  [99.51, 'Standard'],
  [99.5, 'Free'],
  [99, 'Free'],
])('a promise of %s %% stands on the tier %s', (availabilityPercent, tier) => {
  expect(clusterTierFor(new ServiceLevelObjective({ availabilityPercent }))).toBe(tier);
});
