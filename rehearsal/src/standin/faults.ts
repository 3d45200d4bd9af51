import { isObject, type ObjectValue, type Value } from './dynamic-value';

/** What a stand-in does wrong on demand, so that tests can break a stack. */
export interface Faults {
  /** What someone else changed: shown when the resource is read, until an apply puts it right. */
  readonly drift?: readonly Drift[];
  /** What the cloud refuses. */
  readonly failApply?: readonly FailApply[];
}

export interface Drift {
  /** e.g. `kubernetes_config_map_v1` */
  readonly type: string;
  /**
   * Of which one: `shop/settings`.
   * @default - all of the type
   */
  readonly id?: string;
  /** e.g. `['metadata', 0, 'labels']` */
  readonly path: readonly (string | number)[];
  readonly value: Value;
}

export interface FailApply {
  readonly type: string;
  /** The provider's error, as Terraform prints it. */
  readonly message: string;
}

export class FaultPlan {
  private drift: readonly Drift[] = [];
  private failures: readonly FailApply[] = [];

  /** Replaces what was planned before. */
  set(faults: Faults): void {
    this.drift = faults.drift ?? [];
    this.failures = faults.failApply ?? [];
  }

  drifted(type: string, state: ObjectValue): ObjectValue {
    return this.drift
      .filter((d) => d.type === type && (d.id === undefined || d.id === state.id))
      .reduce((value, d) => setAt(value, d.path, d.value) as ObjectValue, state);
  }

  /** After an apply nothing of that type has drifted. */
  repaired(type: string): void {
    this.drift = this.drift.filter((d) => d.type !== type);
  }

  failure(type: string): string | undefined {
    return this.failures.find((f) => f.type === type)?.message;
  }
}

function setAt(target: Value, path: readonly (string | number)[], value: Value): Value {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (typeof key === 'number')
    return Array.isArray(target) ? target.map((v, i) => (i === key ? setAt(v, rest, value) : v)) : target;
  return isObject(target) ? { ...target, [key]: setAt(target[key] ?? null, rest, value) } : target;
}
