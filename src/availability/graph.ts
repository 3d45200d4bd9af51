import type { ServiceLevel } from './service-levels';

/** Something that is there or not. Parts of one name are one thing: where it is missing, it is missing everywhere. */
export interface Part {
  readonly kind: 'part';
  readonly name: string;
  /** Share of the time that it is there, 0–1. */
  readonly availability: number;
  /** What promises that. */
  readonly level?: ServiceLevel;
  /** Path of the construct that has it. */
  readonly path?: string;
  /** What makes it, or makes up for it. */
  readonly fix?: string;
}

/** Needs all. */
export interface Series {
  readonly kind: 'series';
  readonly of: readonly Graph[];
}

/** Needs `k` of them. */
export interface KOfN {
  readonly kind: 'k-of-n';
  readonly k: number;
  readonly of: readonly Graph[];
}

/** What a request hard-depends on. */
export type Graph = Part | Series | KOfN;

export type PartDetails = Pick<Part, 'level' | 'path' | 'fix'>;

/** @throws RangeError when `availability` is no share */
export function part(name: string, availability: number, details: PartDetails = {}): Part {
  if (!(availability >= 0 && availability <= 1)) {
    throw new RangeError(`${name} is available ${availability} of the time; it must be a share from 0 to 1.`);
  }
  return { kind: 'part', name, availability, ...details };
}

export const series = (...of: readonly Graph[]): Series => ({ kind: 'series', of });
export const parallel = (...of: readonly Graph[]): KOfN => kOfN(1, of);
export const kOfN = (k: number, of: readonly Graph[]): KOfN => ({ kind: 'k-of-n', k, of });

/** Parts by name, each with how often it is in the graph. */
export function partsOf(graph: Graph): Map<string, { readonly part: Part; readonly uses: number }> {
  const found = new Map<string, { part: Part; uses: number }>();
  const visit = (one: Graph): void => {
    if (one.kind !== 'part') {
      one.of.forEach(visit);
      return;
    }
    const { part = one, uses = 0 } = found.get(one.name) ?? {};
    if (part.availability !== one.availability) {
      throw new RangeError(`${one.name} is in a graph with ${part.availability} and with ${one.availability}.`);
    }
    found.set(one.name, { part, uses: uses + 1 });
  };
  visit(graph);
  return found;
}
