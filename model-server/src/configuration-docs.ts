import { z } from 'zod';
import {
  CONFIG_FILE_VARIABLE,
  ENVIRONMENT_PREFIX,
  environmentVariable,
  fileVariable,
  SECRET_SETTINGS,
  ServerConfig,
} from './config';

interface SettingSchema {
  type: string;
  description: string;
  default?: unknown;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  maxItems?: number;
}

/** JSON schema (draft 2020-12) of the configuration file. */
export function configurationJsonSchema(): z.core.JSONSchema.JSONSchema {
  // `input`: what a person writes, where what has a default may be left out.
  return { title: 'cdktf-recommender model server', ...z.toJSONSchema(ServerConfig, { io: 'input' }) };
}

/** The page `docs/configuration.md`. */
export function configurationPage(): string {
  const settings = Object.entries(configurationJsonSchema().properties as Record<string, SettingSchema>);
  const rows = settings.map(([name, schema]) =>
    [`\`${name}\``, `\`${environmentVariable(name)}\``, allowed(schema), shownDefault(schema), schema.description].join(
      ' | ',
    ),
  );
  return `<!-- Written from model-server/src/config.ts by \`npm run docs -w model-server\`; a test compares them. -->

# Configuration of the model server

Settings come from the environment, and from a JSON file when \`${CONFIG_FILE_VARIABLE}\` names one; the environment
wins. A list in a variable is separated by commas. Unknown settings, and unknown variables that begin with
\`${ENVIRONMENT_PREFIX}\`, are refused: the server prints every problem at once and exits with code 2.
[server.schema.json](../model-server/server.schema.json) is the file's JSON schema.

What may have a password in it can be in a file of its own, such as a mounted Secret. Named by one of these, it is read
when the server starts, and wins over the variable:
${SECRET_SETTINGS.map((setting) => `\`${fileVariable(setting)}\``).join(', ')}.

In SageMaker, \`SAGEMAKER_BIND_TO_PORT\` is the port, whatever \`port\` says.

In Kubernetes, a Service named \`recommender\` would add variables such as \`${ENVIRONMENT_PREFIX}PORT\` to every pod of
its namespace: set \`enableServiceLinks: false\` on the server's pods.

| setting | variable | allowed | default | |
|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}

function allowed(schema: SettingSchema): string {
  if (schema.enum) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'integer' || schema.type === 'number') return `${schema.minimum} to ${schema.maximum}`;
  if (schema.type === 'array') return `list, at most ${schema.maxItems}`;
  return 'text';
}

function shownDefault({ default: value }: SettingSchema): string {
  if (value === undefined) return 'none';
  return Array.isArray(value) ? 'empty' : `\`${value}\``;
}
