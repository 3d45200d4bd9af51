import { z } from 'zod';
import { ConfigSchema } from './schema';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly required?: readonly string[];
}

/** JSON Schema of a config file, for editors. */
export function configJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(ConfigSchema, { io: 'input' });
  return { $schema, title: 'recommender.config', ...schema };
}

/** `docs/config.md`: every setting with its default, from the schema. */
export function configPage(): string {
  return `<!-- Written from src/config/ by \`npm run docs\`; a test compares them. -->

# Configuration of the stacks

One file at the root of the repository: \`recommender.config.ts\`, \`.json\` or \`.yaml\`. All its mistakes are told at once.
Editors check the JSON form by [config.schema.json](config.schema.json). The model server has
[settings of its own](configuration.md), which the stacks fill in.

| setting | default | what it is |
|---|---|---|
${rows(configJsonSchema() as JsonSchema, '', true).join('\n')}
`;
}

function rows(schema: JsonSchema, path: string, required: boolean): string[] {
  const own = path && schema.description ? [row(schema, path, required)] : [];
  return [...own, ...children(schema, path)];
}

function children(schema: JsonSchema, path: string): string[] {
  const prefix = path ? `${path}.` : '';
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    rows(child, prefix + name, schema.required?.includes(name) ?? false),
  );
  if (typeof schema.additionalProperties === 'object' && schema.additionalProperties.properties) {
    return [...properties, ...children(schema.additionalProperties, `${prefix}<name>`)];
  }
  return properties;
}

function row(schema: JsonSchema, path: string, required: boolean): string {
  const isGroup = schema.properties !== undefined || schema.additionalProperties !== undefined;
  const fallback = schema.default === undefined || isGroup ? '' : `\`${JSON.stringify(schema.default)}\``;
  const cells = [`\`${path}\``, fallback || (required ? 'required' : ''), `${schema.description}${choices(schema)}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function choices({ enum: values, oneOf }: JsonSchema): string {
  const kinds = oneOf?.map(({ properties = {} }) => {
    const { kind, ...rest } = properties;
    const names = Object.keys(rest);
    return `\`${kind?.const}\`${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
  });
  const allowed = kinds ?? values?.map((value) => `\`${value}\``);
  return allowed ? ` One of ${allowed.join(', ')}.` : '';
}
