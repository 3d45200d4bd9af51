import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Construct } from 'constructs';
import type { Area } from './area';

const FOLDER = join(__dirname, 'areas');

/** The areas, by their files; a migration's phases are left out: they are the area migration with one phase on. */
export const AREA_NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => !file.endsWith('.roles.ts') && file !== 'migration-phases.ts')
  .map((file) => file.replace(/\.ts$/, ''));

/** The name of {@link allAreas}, beside those of `areas/`. */
export const ALL_AREAS = 'all-areas';

/** Every area in one stack: for a stand-in, which takes a name twice. */
const allAreas: Area = {
  holdsData: true,
  leftOut: {},
  build: (stack, options) => {
    for (const name of AREA_NAMES) areaOf(name).build(new Construct(stack, name), options);
  },
};

export function areaOf(name: string): Area {
  return name === ALL_AREAS ? allAreas : (require(join(FOLDER, name)) as { area: Area }).area;
}
