import fc from 'fast-check';
import { availabilityOf, lossesOf } from '../../../src/availability/availability-of';
import { type Graph, kOfN, parallel, part, series } from '../../../src/availability/graph';
import { simulate, standardError } from '../../../src/availability/simulate';

const SEED = Number(process.env.SEED ?? Date.now() % 2 ** 31);
const RUNS = { seed: SEED, numRuns: 10_000 };
/** Of sums of products of floating-point numbers. */
const ROUNDING = 1e-12;

describe('the availability of', () => {
  test.each<[string, Graph, number]>([
    ['a part is its own', part('a', 0.99), 0.99],
    ['a series is the product', series(part('a', 0.99), part('b', 0.9)), 0.891],
    ['a parallel fails when all fail', parallel(part('a', 0.99), part('b', 0.9)), 0.999],
    ['two of three', kOfN(2, [part('a', 0.9), part('b', 0.9), part('c', 0.9)]), 0.972],
    ['none of two is always there', kOfN(0, [part('a', 0.5), part('b', 0.5)]), 1],
    ['three of two is never there', kOfN(3, [part('a', 0.5), part('b', 0.5)]), 0],
    ['nothing in series is always there', series(), 1],
    ['one thing in two places fails in both', series(part('zone', 0.9), part('zone', 0.9)), 0.9],
    [
      'two nodes in a zone go with their zone',
      parallel(series(part('zone', 0.9), part('a', 0.9)), series(part('zone', 0.9), part('b', 0.9))),
      0.9 * 0.99,
    ],
    [
      'a load balancer that has the nodes’ zones counts them once',
      series(
        parallel(part('zone 1', 0.9), part('zone 2', 0.9)),
        parallel(series(part('zone 1', 0.9), part('a', 0.8)), series(part('zone 2', 0.9), part('b', 0.8))),
      ),
      1 - (1 - 0.72) ** 2,
    ],
  ])('%s', (_, graph, expected) => {
    expect(availabilityOf(graph)).toBeCloseTo(expected, 12);
  });

  test('a graph of more shared parts than can be looked at one by one is refused', () => {
    const shared = Array.from({ length: 21 }, (_, index) => part(`zone ${index}`, 0.9));
    expect(() => availabilityOf(series(...shared, ...shared))).toThrow(
      '21 parts are in a graph more than once; 20 may',
    );
  });

  test('a part that is two things under one name is refused', () => {
    expect(() => availabilityOf(series(part('a', 0.9), part('a', 0.8)))).toThrow(
      'a is in a graph with 0.9 and with 0.8',
    );
  });

  test.each([-0.1, 1.1, Number.NaN])('a part that is there %d of the time is refused', (availability) => {
    expect(() => part('a', availability)).toThrow(`a is available ${availability} of the time`);
  });
});

test('the weakest link is the part that would add the most', () => {
  const losses = lossesOf(
    series(part('edge', 0.999), part('balancer', 0.9999), parallel(part('a', 0.99), part('b', 0.99))),
  );
  expect(losses.map(({ part: { name } }) => name)).toEqual(['edge', 'balancer', 'a', 'b']);
  expect(losses[0]?.share).toBeCloseTo(0.001 * 0.9999 * 0.9999, 12);
});

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
/** Graphs of six parts at most, which may be in several places, each with the availability that belongs to its name. */
const graphs = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: NAMES.length, maxLength: NAMES.length })
  .chain((shares) => {
    const leaf = fc.nat(NAMES.length - 1).map((index) => part(NAMES[index] as string, shares[index] as number));
    const { graph } = fc.letrec<{ graph: Graph }>((tie) => ({
      graph: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('graph'), { minLength: 1, maxLength: 4 }).map((of) => series(...of)),
        fc.tuple(fc.nat(4), fc.array(tie('graph'), { minLength: 1, maxLength: 4 })).map(([k, of]) => kOfN(k, of)),
      ),
    }));
    return graph;
  });
const independent = fc
  .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 8 })
  .map((shares) => shares.map((share, index) => part(`part ${index}`, share)));

describe(`for any graph (SEED=${SEED})`, () => {
  test('the availability is a share', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const availability = availabilityOf(graph);
        return availability >= -ROUNDING && availability <= 1 + ROUNDING;
      }),
      RUNS,
    );
  });

  test('a series is no better than its weakest link', () => {
    fc.assert(
      fc.property(fc.array(graphs, { minLength: 1, maxLength: 1 }), independent, ([graph], parts) => {
        const of = [graph as Graph, ...parts];
        return availabilityOf(series(...of)) <= Math.min(...of.map((one) => availabilityOf(one))) + ROUNDING;
      }),
      RUNS,
    );
  });

  test('a parallel is no worse than its best branch', () => {
    fc.assert(
      fc.property(graphs, independent, (graph, parts) => {
        const of = [graph, ...parts];
        return availabilityOf(parallel(...of)) >= Math.max(...of.map((one) => availabilityOf(one))) - ROUNDING;
      }),
      RUNS,
    );
  });

  test('a part that is there more often takes nothing from the whole', () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(...NAMES), (graph, name) => {
        const always = availabilityOf(graph, new Map([[name, 1]]));
        const never = availabilityOf(graph, new Map([[name, 0]]));
        const now = availabilityOf(graph);
        return never - ROUNDING <= now && now <= always + ROUNDING;
      }),
      RUNS,
    );
  });

  test('needing more of the same takes from the whole, having more of it adds to it', () => {
    fc.assert(
      fc.property(independent, fc.nat(8), (parts, k) => {
        const now = availabilityOf(kOfN(k, parts));
        const more = availabilityOf(kOfN(k, [...parts, part('one more', 0.5)]));
        return availabilityOf(kOfN(k + 1, parts)) <= now + ROUNDING && now <= more + ROUNDING;
      }),
      RUNS,
    );
  });

  test('it is the sum over all states that its parts can be in', () => {
    const byEnumeration = (graph: Graph, names: readonly string[], known: ReadonlyMap<string, 0 | 1>): number => {
      const [name, ...others] = names;
      if (name === undefined) return availabilityOf(graph, known);
      const share = shareOf(graph, name);
      const given = (state: 0 | 1) => byEnumeration(graph, others, new Map(known).set(name, state));
      return share * given(1) + (1 - share) * given(0);
    };
    fc.assert(
      fc.property(graphs, (graph) => Math.abs(byEnumeration(graph, NAMES, new Map()) - availabilityOf(graph)) < 1e-9),
      { seed: SEED, numRuns: 2_000 },
    );
  });

  test('a simulation agrees within five standard errors', () => {
    const TRIALS = 5_000;
    fc.assert(
      fc.property(graphs, fc.integer(), (graph, seed) => {
        const exact = availabilityOf(graph);
        const { availability } = simulate(graph, seed, TRIALS);
        // Below some ten expected failures the error isn't normal: one more is always allowed.
        return Math.abs(availability - exact) <= 5 * standardError(exact, TRIALS) + 10 / TRIALS;
      }),
      { seed: SEED, numRuns: 500 },
    );
  });
});

function shareOf(graph: Graph, name: string): number {
  if (graph.kind === 'part') return graph.name === name ? graph.availability : 0;
  return Math.max(0, ...graph.of.map((one) => shareOf(one, name)));
}

test('a simulation is the same with the same seed, and another with another', () => {
  const graph = parallel(part('a', 0.5), part('b', 0.5));
  expect(simulate(graph, 7, 1000)).toEqual(simulate(graph, 7, 1000));
  expect(simulate(graph, 7, 1000).availability).not.toBe(simulate(graph, 8, 1000).availability);
});
