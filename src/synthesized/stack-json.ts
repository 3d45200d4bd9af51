import type { Address } from './expressions';

/** Arguments of a block, as cdktf writes them: references are text, a block that comes once is an object. */
export type Fields = Readonly<Record<string, unknown>>;

/** Blocks by type and name. */
export type Blocks = Readonly<Record<string, Readonly<Record<string, Fields>>>>;

/** What is read of the JSON that cdktf writes for a stack. */
export interface StackJson {
  /** Settings of providers by their names. */
  readonly provider?: Readonly<Record<string, unknown>>;
  readonly variable?: Readonly<Record<string, { readonly default?: unknown }>>;
  readonly resource?: Blocks;
  readonly data?: Blocks;
}

/** What the stack itself says of an address: an argument or a variable's default; undefined where it says nothing. */
export function declaredIn({ variable, resource, data }: StackJson, address: Address): unknown {
  if (address[0] === 'var') return variable?.[String(address[1])]?.default;
  const [blocks, [type, id, ...path]] = address[0] === 'data' ? [data, address.slice(1)] : [resource, address];
  return walk(blocks?.[String(type)]?.[String(id)], path);
}

/** A block that comes once is an object in cdktf's JSON, and a list of one elsewhere. */
export function walk(value: unknown, path: Address): unknown {
  return path.reduce<unknown>((parent, part) => {
    if (typeof parent !== 'object' || parent === null) return undefined;
    if (part === 0 && !Array.isArray(parent)) return parent;
    return Reflect.get(parent, part);
  }, value);
}
