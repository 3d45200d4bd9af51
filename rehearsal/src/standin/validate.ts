import { isObject, type ObjectValue, type Value } from './dynamic-value';
import type { Step } from './plan';
import type { Profile } from './profile';
import type { Block } from './schema';

export interface Diagnostic {
  readonly severity: 'ERROR';
  readonly summary: string;
  readonly detail: string;
  readonly attribute?: { readonly steps: Step[] };
}

export const error = (summary: string, detail = '', steps?: Step[]): Diagnostic => ({
  severity: 'ERROR',
  summary,
  detail,
  ...(steps ? { attribute: { steps } } : {}),
});

/** A configured value where only the provider decides: the core leaves it to the provider's SDK to refuse that. */
export function unconfigurable(block: Block, value: Value, steps: Step[] = []): Diagnostic[] {
  if (!isObject(value)) return [];
  const found = block.attributes
    .filter(({ name, computed, optional }) => computed && !optional && (value[name] ?? null) !== null)
    .map(({ name }) =>
      error('Value for unconfigurable attribute', `Can't configure a value for "${name}": the provider decides it.`, [
        ...steps,
        { attribute_name: name },
      ]),
    );
  const nested = block.blocks.flatMap(({ typeName, block: inner }) => {
    const at: Step[] = [...steps, { attribute_name: typeName }];
    const v = value[typeName] ?? null;
    return Array.isArray(v)
      ? v.flatMap((e, i) => unconfigurable(inner, e, [...at, { element_key_int: i }]))
      : unconfigurable(inner, v, at);
  });
  return [...found, ...nested];
}

export function problems(profile: Profile, type: string, config: ObjectValue): Diagnostic[] {
  return (profile.validate?.(type, config) ?? []).map((message) => error(message));
}
