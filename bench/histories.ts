/** Items of the benchmark's model. */
export const ITEMS = 4000;

/** What the same 200 customers bought: 5 to 40 items, low ones more often, as popular items are. */
export function histories(): string[][] {
  const random = generator(1);
  return Array.from({ length: 200 }, () =>
    Array.from({ length: 5 + Math.floor(random() * 36) }, () => `item-${Math.floor(random() ** 3 * ITEMS)}`),
  );
}

/** A linear congruential generator with the constants of Numerical Recipes: 0 ≤ value < 1. */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
