/** How Flagger says that a gate halted a version; after the first few, its events of them are dropped or combined. */
const REFUSALS = [
  /^Halt \S+ advancement (\S+) \S+ [<>] \S+$/,
  /^Halt advancement no values found for custom metric: (\S+):/,
  /^Metric query failed for (\S+):/,
];

/** What Flagger logs of the versions in each namespace. */
export class FlaggerWords {
  private readonly byNamespace = new Map<string, Map<string, string>>();

  /** Takes a line of its log, JSON. */
  add(line: string): void {
    const { msg, canary } = parsed(line);
    if (msg === undefined || canary === undefined) return;
    const [gate] = REFUSALS.flatMap((form) => form.exec(msg)?.[1] ?? []);
    if (gate === undefined) return;
    const namespace = canary.slice(canary.lastIndexOf('.') + 1);
    const refusals = this.byNamespace.get(namespace) ?? new Map<string, string>();
    if (!refusals.has(gate)) refusals.set(gate, msg);
    this.byNamespace.set(namespace, refusals);
  }

  /** Gates that have said no since {@link forget}, each with what Flagger said first. */
  refusals(namespace: string): ReadonlyMap<string, string> {
    return new Map(this.byNamespace.get(namespace));
  }

  /** Begins anew, for the next version. */
  forget(namespace: string): void {
    this.byNamespace.delete(namespace);
  }
}

/** Flagger's libraries log lines of other forms, too. */
function parsed(line: string): { readonly msg?: string; readonly canary?: string } {
  try {
    return JSON.parse(line);
  } catch {
    return {};
  }
}
