import { type Graph, kOfN, type Part, part, series } from './graph';
import type { ServiceLevel } from './service-levels';

/** Machines of one kind, spread over zones. */
export interface Replicated {
  /** What one of them is called: `node`. */
  readonly what: string;
  readonly cloud: 'aws' | 'azure';
  /** Path of the construct that has them. */
  readonly path: string;
  /** Whether they are nodes of a cluster. */
  readonly inCluster: boolean;
  readonly zones: number;
  /** How many run at least. */
  readonly count: number;
  /** How many have to be there. Whether there are as many at all is the capacity's business. */
  readonly needed: number;
  /** What is promised of the region, where they are in two zones or more. */
  readonly region: ServiceLevel;
  /** What is promised of one of them. */
  readonly single: ServiceLevel;
}

/** A zone that these machines are in, and whatever else is. */
export function zoneOf(stack: string, { cloud, path, zones, single }: Replicated, index: number): Part {
  return part(`${stack}: ${cloud}: zone ${index + 1}`, single.percent / 100, {
    level: single,
    path,
    fix: zones > 1 ? 'Use one more zone' : 'Spread them over two zones',
  });
}

/**
 * So many of them have to be there, each with its zone. No cloud promises anything of a zone, nor says how much of a
 * machine's downtime is its zone's. So both are given the whole of what is promised of a single machine: counted twice
 * rather than not at all. What takes several zones at once is in the region's promise.
 */
export function replicated(stack: string, machines: Replicated): Graph {
  const { what, path, zones, count, needed, region, single } = machines;
  const availability = single.percent / 100;
  const inZone = Array.from({ length: Math.max(count, needed) }, (_, index) =>
    series(
      zoneOf(stack, machines, index % zones),
      part(`${stack}: ${path}: ${what} ${index + 1}`, availability, {
        level: single,
        path,
        fix: `Start one ${what} more`,
      }),
    ),
  );
  const regional = part(`${stack}: ${region.service}`, region.percent / 100, { level: region, path });
  return series(...(zones > 1 ? [regional] : []), kOfN(needed, inZone));
}
