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

/** A setting of the config. */
export interface Setting {
  /** `environments.<name>.aws.region`, where `<name>` is any. */
  readonly path: string;
  readonly required: boolean;
  /** What it is when it is left out; undefined where that is nothing, or depends on others. */
  readonly fallback?: unknown;
  readonly description: string;
  /** Values, or kinds with their own settings: `jwt (issuer, audiences, jwksUri)`. */
  readonly allowed?: readonly string[];
}

/** Every setting, a group before what is in it. */
export function configSettings(): Setting[] {
  return settingsOf(configJsonSchema() as JsonSchema, '', true);
}

/** `docs/config.md`: every setting with its default, from the schema. */
export function configPage(): string {
  return `<!-- Written from src/config/ by \`npm run docs\`; a test compares them. -->

# Configuration of the stacks

One file at the root of the repository: \`recommender.config.ts\`, \`.json\` or \`.yaml\`. All its mistakes are told at once:
\`recommender config check\` tells them with what the guards refuse, \`recommender config explain <setting>\` says what is below
here. Editors check the JSON form by [config.schema.json](config.schema.json). The model server has
[settings of its own](configuration.md), which the stacks fill in.

| setting | default | what it is |
|---|---|---|
${configSettings().map(row).join('\n')}
`;
}

function settingsOf(schema: JsonSchema, path: string, required: boolean): Setting[] {
  const own = path && schema.description ? [settingOf(schema, schema.description, path, required)] : [];
  return [...own, ...children(schema, path)];
}

function children(schema: JsonSchema, path: string): Setting[] {
  const prefix = path ? `${path}.` : '';
  const properties = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    settingsOf(child, prefix + name, schema.required?.includes(name) ?? false),
  );
  if (typeof schema.additionalProperties === 'object' && schema.additionalProperties.properties) {
    return [...properties, ...children(schema.additionalProperties, `${prefix}<name>`)];
  }
  return properties;
}

function settingOf(schema: JsonSchema, description: string, path: string, required: boolean): Setting {
  const isGroup = schema.properties !== undefined || schema.additionalProperties !== undefined;
  return { path, required, fallback: isGroup ? undefined : schema.default, description, allowed: choices(schema) };
}

function choices({ enum: values, oneOf }: JsonSchema): string[] | undefined {
  const kinds = oneOf?.map(({ properties = {} }) => {
    const { kind, ...rest } = properties;
    const names = Object.keys(rest);
    return `\`${kind?.const}\`${names.length > 0 ? ` (${names.join(', ')})` : ''}`;
  });
  return kinds ?? values?.map((value) => `\`${value}\``);
}

function row({ path, required, fallback, description, allowed }: Setting): string {
  const without = fallback === undefined ? (required ? 'required' : '') : `\`${JSON.stringify(fallback)}\``;
  const cells = [`\`${path}\``, without, `${description}${allowed ? ` One of ${allowed.join(', ')}.` : ''}`];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
