/**
 * Chooses each item's display name among the descriptions that the shop typed for it over time: the most frequent one
 * once white space is collapsed; of equally frequent ones the first in code-unit order.
 */
export class ItemNames {
  private readonly counts = new Map<string, Map<string, number>>();

  add(item: string, description: string): void {
    const name = description.trim().replace(/\s+/g, ' ');
    if (name === '') return;
    const names = this.counts.get(item) ?? new Map<string, number>();
    this.counts.set(item, names.set(name, (names.get(name) ?? 0) + 1));
  }

  /** The item's name, or its id when it was never described. */
  nameOf(item: string): string {
    let best = item;
    let most = 0;
    for (const [name, count] of this.counts.get(item) ?? []) {
      if (count > most || (count === most && name < best)) [best, most] = [name, count];
    }
    return best;
  }
}
