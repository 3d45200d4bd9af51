import type { ObjectValue, Value } from './dynamic-value';
import { mapNested } from './plan';
import { type Block, type CtyType, nestedBlock } from './schema';

type Json = null | string | number | boolean | Json[] | { [name: string]: Json };

/** A resource out of a state file, in the shape of the current schema: what is missing is null, what is unknown to it goes. */
export function fromStateJson(block: Block, state: { [name: string]: Json }): ObjectValue {
  const value: ObjectValue = {};
  for (const { name, type, nested } of block.attributes) {
    const json = state[name] ?? null;
    value[name] = nested
      ? mapNested(nested.nesting, json, (v) => fromStateJson(nestedBlock(nested), v as { [name: string]: Json }))
      : fromJson(type as CtyType, json);
  }
  for (const { typeName, nesting, block: inner } of block.blocks) {
    const json = state[typeName];
    // Blocks with something dynamic in them are of different types, so that the core keeps their list as a dynamic value.
    if (isDynamic(json) && JSON.stringify(inner).includes('"dynamic"')) {
      value[typeName] = fromJson('dynamic', json);
      continue;
    }
    const empty = nesting === 'SINGLE' ? null : nesting === 'MAP' ? {} : [];
    value[typeName] = mapNested(nesting, json ?? empty, (v) => fromStateJson(inner, v as { [name: string]: Json }));
  }
  return value;
}

function isDynamic(json: Json | undefined): json is { type: Json; value: Json } {
  return typeof json === 'object' && json !== null && 'type' in json && 'value' in json;
}

function fromJson(type: CtyType, json: Json): Value {
  if (json === null) return null;
  if (type === 'dynamic') {
    const { type: actual, value } = json as { type: CtyType & Json; value: Json };
    return [Buffer.from(JSON.stringify(actual)), fromJson(actual, value)];
  }
  if (typeof type === 'string') return json;
  if (type[0] === 'tuple') return (json as Json[]).map((v, i) => fromJson(type[1][i] as CtyType, v));
  if (type[0] === 'object') {
    const object = json as { [name: string]: Json };
    return Object.fromEntries(Object.entries(type[1]).map(([name, t]) => [name, fromJson(t, object[name] ?? null)]));
  }
  const element = type[1];
  if (Array.isArray(json)) return json.map((v) => fromJson(element, v));
  return Object.fromEntries(
    Object.entries(json as { [name: string]: Json }).map(([key, v]) => [key, fromJson(element, v)]),
  );
}
