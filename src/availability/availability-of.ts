import { type Graph, type Part, partsOf } from './graph';

/** Parts that are taken to be there (1) or not (0), by name. */
type Known = ReadonlyMap<string, 0 | 1>;

/** Beyond, there are too many cases: two for each part that is shared. */
const MOST_SHARED = 20;

/**
 * Share of the time that a graph is available, 0–1, exactly: parts that are in it more than once are looked at in each
 * of their states, the others fail independently.
 *
 * @param known parts whose state is given
 * @throws RangeError when more than 20 parts are in it more than once
 */
export function availabilityOf(graph: Graph, known: Known = new Map()): number {
  const shared = [...partsOf(graph).values()].filter(({ part, uses }) => uses > 1 && !known.has(part.name));
  if (shared.length > MOST_SHARED) {
    throw new RangeError(`${shared.length} parts are in a graph more than once; ${MOST_SHARED} may be.`);
  }
  return overStates(
    graph,
    shared.map(({ part }) => part),
    known,
  );
}

function overStates(graph: Graph, [next, ...others]: readonly Part[], known: Known): number {
  if (!next) return evaluate(graph, known);
  const given = (state: 0 | 1) => overStates(graph, others, new Map(known).set(next.name, state));
  return next.availability * given(1) + (1 - next.availability) * given(0);
}

/** Of a graph whose parts that aren't known are independent of each other. */
function evaluate(graph: Graph, known: Known): number {
  if (graph.kind === 'part') return known.get(graph.name) ?? graph.availability;
  const each = graph.of.map((one) => evaluate(one, known));
  return graph.kind === 'series' ? each.reduce((all, one) => all * one, 1) : atLeast(graph.k, each);
}

/** Probability that at least `k` of independent ones are there: how many are, one after the other. */
function atLeast(k: number, each: readonly number[]): number {
  if (k === 1) return 1 - each.reduce((none, one) => none * (1 - one), 1);
  let counts = [1];
  for (const one of each) {
    counts = [...counts, 0].map((same, count) => same * (1 - one) + (counts[count - 1] ?? 0) * one);
  }
  return Math.min(
    1,
    counts.slice(Math.max(0, k)).reduce((sum, one) => sum + one, 0),
  );
}

/** A part, and how much more there would be of the whole if it were always there, 0–1. */
export interface Loss {
  readonly part: Part;
  readonly share: number;
}

/** What each part costs, the weakest link first. */
export function lossesOf(graph: Graph): Loss[] {
  const availability = availabilityOf(graph);
  return [...partsOf(graph).values()]
    .map(({ part }) => ({ part, share: availabilityOf(graph, new Map([[part.name, 1]])) - availability }))
    .sort((one, other) => other.share - one.share);
}
