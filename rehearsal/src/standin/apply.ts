import { createHash } from 'node:crypto';
import { canonical, isUnknown, type ObjectValue, type Value } from './dynamic-value';
import { madeUpValue } from './made-up';
import { mapNested } from './plan';
import type { Profile } from './profile';
import { type Attribute, type Block, nestedBlock } from './schema';

export interface Filling {
  readonly type: string;
  readonly profile: Profile;
  /** What the values are made up from. */
  readonly value: ObjectValue;
  readonly seed: string;
  readonly isMissing: (attribute: Attribute, value: Value) => boolean;
}

/** What a resource is after its apply: every unknown has a made-up value, the same for the same plan. */
export function applyBlock(profile: Profile, type: string, block: Block, planned: ObjectValue): ObjectValue {
  return fill(
    block,
    planned,
    [],
    filling(profile, type, planned, (_, value) => isUnknown(value)),
  );
}

/** What a data source answers: every computed attribute that the configuration leaves out has a made-up value. */
export function readBlock(profile: Profile, type: string, block: Block, config: ObjectValue): ObjectValue {
  return fill(
    block,
    config,
    [],
    filling(profile, type, config, (attribute, value) => value === null && attribute.computed),
  );
}

function filling(profile: Profile, type: string, value: ObjectValue, isMissing: Filling['isMissing']): Filling {
  return { type, profile, value, isMissing, seed: createHash('sha256').update(canonical(value)).digest('hex') };
}

function fill(block: Block, value: ObjectValue, path: readonly string[], how: Filling): ObjectValue {
  const filled: ObjectValue = { ...value };
  for (const attribute of block.attributes) {
    const { name, nested } = attribute;
    const current = value[name] ?? null;
    if (how.isMissing(attribute, current)) filled[name] = madeUpValue(attribute, how, [...path, name]);
    else if (nested)
      filled[name] = mapNested(nested.nesting, current, (v, at) =>
        fill(nestedBlock(nested), v, [...path, name, at], how),
      );
    else filled[name] = current;
  }
  for (const { typeName, nesting, block: inner } of block.blocks) {
    filled[typeName] = mapNested(nesting, value[typeName] ?? null, (v, at) =>
      fill(inner, v, [...path, typeName, at], how),
    );
  }
  return filled;
}
