import { ALL_AREAS } from './all-areas';
import { areaResources } from './area-resources';
import { standInLifecycle } from './rehearsed-area';

// The AWS provider that the bindings are of can't be had where only 5.100.0 is, so its schema stands in for it.
test('all areas are deployed, planned empty, protected and destroyed by a stand-in of the version of the bindings', async () => {
  const { created, tiers } = await standInLifecycle();
  expect(tiers.find(({ tier }) => tier === 'aws')?.engine).toBe('stand-in of 6.25.0');
  const resources = areaResources(ALL_AREAS, { engine: 'stand-in', protection: true });
  const counts = Object.entries(resources).map(([type, all]) => [type, Object.keys(all).length]);
  expect(created).toEqual(Object.fromEntries(counts));
}, 900_000);
