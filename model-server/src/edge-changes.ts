import { CURRENT_KEY, EDGE_STORE, type EdgeEntry, type EdgePack } from './edge-pack';

/** One change of a key-value store, which is done as a whole or not at all. */
export interface EdgeChange {
  readonly puts: readonly EdgeEntry[];
  readonly deletes: readonly string[];
}

/**
 * What turns the contents of a store into a pack: the pack's own keys first, then the pointer to them, by itself, then
 * what they replace is deleted. An edge answers from the old pack until the pointer has moved and from the new one after
 * that; wherever it ends in between, the next time does the rest. Nothing when the store holds the pack already.
 *
 * @param held the store's keys with their values
 */
export function edgeChanges(held: ReadonlyMap<string, string>, { data }: EdgePack): EdgeChange[] {
  const wanted = new Map(data.map(({ key, value }) => [key, value]));
  const differs = ({ key, value }: EdgeEntry) => held.get(key) !== value;
  const puts = data.filter((entry) => entry.key !== CURRENT_KEY && differs(entry));
  const pointer = data.filter((entry) => entry.key === CURRENT_KEY && differs(entry));
  const deletes = [...held.keys()].filter((key) => !wanted.has(key));
  return [
    ...batches(puts).map((batch) => ({ puts: batch, deletes: [] })),
    ...batches(pointer).map((batch) => ({ puts: batch, deletes: [] })),
    ...batches(deletes).map((batch) => ({ puts: [], deletes: batch })),
  ];
}

function batches<T>(all: readonly T[]): T[][] {
  const size = EDGE_STORE.pairsPerChange;
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}
