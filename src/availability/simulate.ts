import { type Graph, partsOf } from './graph';

export interface Simulation {
  readonly trials: number;
  /** Share of the trials in which the graph was available, 0–1. */
  readonly availability: number;
  /** Of that share, by the standard deviation of a binomial one. */
  readonly standardError: number;
}

/** Plays a graph: in each trial every part is there or not, by its own share. The same seed plays the same. */
export function simulate(graph: Graph, seed: number, trials: number): Simulation {
  const parts = [...partsOf(graph).values()].map(({ part }) => part);
  const random = randomNumbers(seed);
  let available = 0;
  const there = new Map<string, boolean>();
  for (let trial = 0; trial < trials; trial++) {
    for (const { name, availability } of parts) there.set(name, random() < availability);
    if (works(graph, there)) available++;
  }
  const availability = available / trials;
  return { trials, availability, standardError: standardError(availability, trials) };
}

/** Of a share that was counted in so many trials. */
export function standardError(share: number, trials: number): number {
  return Math.sqrt((share * (1 - share)) / trials);
}

function works(graph: Graph, there: ReadonlyMap<string, boolean>): boolean {
  switch (graph.kind) {
    case 'part':
      return there.get(graph.name) === true;
    case 'series':
      return graph.of.every((one) => works(one, there));
    case 'k-of-n': {
      let working = 0;
      for (const one of graph.of) if (works(one, there)) working++;
      return working >= graph.k;
    }
  }
}

/** Numbers from 0 to 1 by a counter and a hash. Source: splitmix32, after Steele, Lea and Flood, OOPSLA 2014. */
function randomNumbers(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}
