import { AREA_NAMES } from './all-areas';
import { areaResources } from './area-resources';
import { lifecycle } from './rehearsed-area';

/** Areas in one stack: fewer, and each stack's start is most of the time; more, and Terraform's writing of its state is. */
const AT_ONCE = 5;
const stacks = Array.from({ length: Math.ceil(AREA_NAMES.length / AT_ONCE) }, (_, index) =>
  AREA_NAMES.slice(index * AT_ONCE, (index + 1) * AT_ONCE).join('+'),
);

// The AWS provider that the bindings are of can't be had where only 5.100.0 is, so its schema stands in for it.
describe("a stand-in of the bindings' version, which has what the emulated AWS can't have, too", () => {
  test.each(stacks)(
    'deploys %s, plans it empty, protects and destroys it',
    async (name) => {
      const { created, tiers } = await lifecycle(name, { engine: 'stand-in' });
      expect(tiers.find(({ tier }) => tier === 'aws')?.engine).toBe('stand-in of 6.25.0');
      const resources = areaResources(name, { engine: 'stand-in', protection: true });
      const counts = Object.entries(resources).map(([type, all]) => [type, Object.keys(all).length]);
      expect(created).toEqual(Object.fromEntries(counts));
    },
    900_000,
  );
});
