import { createHash } from 'node:crypto';
import { BenchError } from '../../errors';

export type Fields = Readonly<Record<string, unknown>>;
type Resources = Readonly<Record<string, Readonly<Record<string, Fields>>>>;

const EXPRESSION = /\$\{([^}]*)\}/g;
const HASH = /^sha256\(jsonencode\((.*)\)\)$/;

/**
 * Resources with the expressions resolved that refer to what is configured in others: attributes, and the hash of one.
 *
 * @throws BenchError on one that only an apply could resolve
 */
export function resolveReferences(resources: Resources): Resources {
  const resolved = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replaceAll(EXPRESSION, (_, expression: string) => evaluated(expression));
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => name !== 'depends_on')
        .map(([name, field]) => [name, resolved(field)]),
    );
  };
  const evaluated = (expression: string): string => {
    const [, hashed] = HASH.exec(expression) ?? [];
    const found = resolved(attribute(resources, hashed ?? expression));
    if (hashed !== undefined) return createHash('sha256').update(JSON.stringify(found)).digest('hex');
    if (typeof found === 'string') return found;
    throw new BenchError(`\${${expression}} is nothing that is configured`);
  };
  return resolved(resources) as Resources;
}

/** `kubernetes_config_map_v1.Settings.metadata[0].name`; a block that may come once is there as itself. */
function attribute(resources: Resources, path: string): unknown {
  let value: unknown = resources;
  for (const name of path.replaceAll('[0]', '').split('.')) value = (value as Fields | undefined)?.[name];
  return value;
}
