import { canonical, isObject, isUnknown, type ObjectValue, UNKNOWN, type Value } from './dynamic-value';
import type { Profile } from './profile';
import { type Attribute, type Block, type Nesting, nestedBlock } from './schema';

/** The proposed value with what the provider would decide marked as unknown; what is write-only is never planned. */
export function planBlock(block: Block, value: ObjectValue): ObjectValue {
  const planned: ObjectValue = { ...value };
  for (const attribute of block.attributes)
    planned[attribute.name] = planAttribute(attribute, value[attribute.name] ?? null);
  for (const nested of block.blocks) {
    planned[nested.typeName] = mapNested(nested.nesting, value[nested.typeName] ?? null, (v) =>
      planBlock(nested.block, v),
    );
  }
  return planned;
}

function planAttribute(attribute: Attribute, value: Value): Value {
  if (attribute.writeOnly) return null;
  if (value === null) return attribute.computed ? UNKNOWN : null;
  const { nested } = attribute;
  return nested ? mapNested(nested.nesting, value, (v) => planBlock(nestedBlock(nested), v)) : value;
}

/** Applies `change` to each object that a nested block or attribute holds; its index or key comes along. */
export function mapNested(
  nesting: Nesting,
  value: Value,
  change: (value: ObjectValue, at: string) => ObjectValue,
): Value {
  if (value === null || isUnknown(value)) return value;
  const each = (v: Value, at: string): Value => (isObject(v) ? change(v, at) : v);
  if (nesting === 'SINGLE') return each(value, '');
  if (Array.isArray(value)) return value.map((v, i) => each(v, String(i)));
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, v]) => [key, each(v, key)])) : value;
}

export type Step = { attribute_name: string } | { element_key_int: number };

/** The paths whose change makes the provider replace the resource. */
export function replacements(
  profile: Profile,
  type: string,
  prior: ObjectValue,
  planned: ObjectValue,
): { steps: Step[] }[] {
  const at = (value: Value | undefined, path: readonly (string | number)[]): Value | undefined =>
    path.reduce<Value | undefined>((v, key) => {
      if (typeof key === 'number') return Array.isArray(v) ? v[key] : undefined;
      return isObject(v) ? v[key] : undefined;
    }, value);
  return (profile.forcesReplacement ?? [])
    .filter((rule) => rule.type.test(type))
    .flatMap((rule) => rule.paths)
    .filter(
      (path) => at(prior, path) !== undefined && canonical(at(prior, path)) !== canonical(at(planned, path) ?? null),
    )
    .map((path) => ({
      steps: path.map((key) => (typeof key === 'number' ? { element_key_int: key } : { attribute_name: key })),
    }));
}
