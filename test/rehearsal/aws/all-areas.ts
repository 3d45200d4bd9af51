import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Construct } from 'constructs';
import type { Area } from './area';

const FOLDER = join(__dirname, 'areas');

/** What is in another area: less of it, or one phase or version of it at a time. */
const PARTIAL = ['cluster-alone.ts', 'migration-phases.ts', 'ml-versions.ts'];

/** The areas, by their files. */
export const AREA_NAMES: readonly string[] = readdirSync(FOLDER)
  .filter((file) => !file.endsWith('.roles.ts') && !PARTIAL.includes(file))
  .map((file) => file.replace(/\.ts$/, ''));

/** `data`, or `data+edge`: areas in one stack, each in a scope of its own. For a stand-in, which takes a name twice. */
export function areaOf(name: string): Area {
  const names = name.split('+');
  if (names.length === 1) return (require(join(FOLDER, name)) as { area: Area }).area;
  const areas = names.map((one) => [one, areaOf(one)] as const);
  return {
    holdsData: areas.some(([, { holdsData }]) => holdsData),
    leftOut: Object.assign({}, ...areas.map(([, { leftOut }]) => leftOut)),
    build: (scope, options) => {
      for (const [one, area] of areas) area.build(new Construct(scope, one), options);
    },
  };
}
