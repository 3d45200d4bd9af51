import { z } from 'zod';
import { ConfigError } from '../errors';

/** An object that refuses keys it doesn't know, naming those it does. */
export function object<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape, { error: unknownKeys(Object.keys(shape)) });
}

/** A map from some of `keys` to values of one kind. */
export function someOf<Key extends string, Value extends z.ZodType>(keys: readonly Key[], value: Value) {
  return z.partialRecord(z.enum(keys), value, { error: unknownKeys(keys) });
}

function unknownKeys(allowed: readonly string[]) {
  return (issue: z.core.$ZodRawIssue): string | undefined =>
    issue.code === 'unrecognized_keys'
      ? `unknown ${issue.keys.length === 1 ? 'key' : 'keys'} ${issue.keys.join(', ')}; allowed are ${allowed.join(', ')}`
      : undefined;
}

/** Checks what a declaration's constructor checks, so that its failures come with all the others. */
export function declares<Props>(construct: (props: Props) => unknown) {
  return (props: Props, context: z.core.$RefinementCtx<Props>): void => {
    try {
      construct(props);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      context.addIssue({ code: 'custom', message: error.message });
    }
  };
}

/** How the values that are missing or of the wrong type are reported. */
export function describeType(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code !== 'invalid_type') return undefined;
  const expected = issue.expected === 'record' ? 'object' : issue.expected;
  const article = /^[aeiou]/.test(expected) ? 'an' : 'a';
  return issue.input === undefined ? `is missing; expected ${article} ${expected}` : `must be ${article} ${expected}`;
}
