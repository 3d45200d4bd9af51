import { z } from 'zod';

export type JsonSchema = Record<string, unknown>;

/**
 * JSON schemas (draft 2020-12, which is OpenAPI 3.1's) of zod schemas. What has an `id` in its metadata becomes a
 * component that others refer to.
 */
export class SchemaComponents {
  private readonly found = new Map<string, JsonSchema>();

  /** Of a body: what has a default may be left out, and unknown fields are refused where the schema does so. */
  of(schema: z.ZodType): JsonSchema {
    return this.convert(schema, 'input');
  }

  /** Of a parameter, which is read from text: what comes out of that. */
  ofParameter(schema: z.ZodType): JsonSchema {
    return this.convert(schema, 'output');
  }

  /** By name, sorted. */
  get all(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  private convert(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
    const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    for (const [id, component] of Object.entries($defs)) this.found.set(id, linked(component));
    return linked(own);
  }
}

/**
 * Unicode's classes by their characters, because few other languages' patterns have them. Half a surrogate pair is no
 * text in most of them, and is refused where it comes as an escape in JSON.
 */
const CLASSES = [
  ['\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f'],
  ['\\p{Cs}', ''],
] as const;

function linked(schema: object): JsonSchema {
  return JSON.parse(JSON.stringify(schema), (key, value) => {
    if (key === '$ref') return String(value).replace('#/$defs/', '#/components/schemas/');
    if (key === 'pattern' && typeof value === 'string') {
      return CLASSES.reduce((pattern, [name, characters]) => pattern.replaceAll(name, characters), value);
    }
    return value;
  });
}
