import type { DeriveOptions } from './derive';
import type { ObjectValue, Value } from './dynamic-value';
import { azurerm } from './profiles/azurerm';
import { helm } from './profiles/helm';
import { kubernetes } from './profiles/kubernetes';
import { random } from './profiles/random';
import { time } from './profiles/time';
import { tls } from './profiles/tls';

/** Where a value is made up: the type, its planned value, and a hash that is the same for the same input. */
export interface MadeUp {
  readonly type: string;
  readonly value: ObjectValue;
  /** Without list indices, e.g. `['status', 'load_balancer', 'ingress', 'ip']`. */
  readonly path: readonly string[];
  /** 64 hex digits. */
  readonly hash: string;
}

/** What a provider's package doesn't say about the provider. Each is optional: a stand-in works without. */
export interface Profile extends DeriveOptions {
  /** Attributes that the provider marks sensitive, matched against `<type>.<path>`. */
  readonly sensitive?: readonly RegExp[];
  /** Changes of these make the provider replace the resource; a number in a path is a list index. */
  readonly forcesReplacement?: readonly {
    readonly type: RegExp;
    readonly paths: readonly (readonly (string | number)[])[];
  }[];
  /** The shape of an id, and of any attribute that ends in `_id`. */
  readonly id?: (made: MadeUp) => string;
  /** Values by `<type>.<path>`, where the general rules won't do. */
  readonly values?: Readonly<Record<string, (made: MadeUp) => Value>>;
  /** What the provider itself finds wrong with a configuration, one message each. */
  readonly validate?: (type: string, config: ObjectValue) => readonly string[];
}

const PROFILES: Readonly<Record<string, Profile>> = { azurerm, helm, kubernetes, random, time, tls };

export const profileOf = (provider: string): Profile => PROFILES[provider] ?? {};
