import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname, resolve } from 'node:path';
import { createJiti } from 'jiti';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { ConfigError } from '../errors';
import { describeType } from './checks';
import { type Config, type ConfigInput, ConfigSchema } from './schema';

/** Names that are looked for, in this order. */
export const CONFIG_FILES = ['ts', 'json', 'yaml', 'yml'].map((extension) => `recommender.config.${extension}`);

/** Types a config in TypeScript while it is written; checks nothing. */
export function defineConfig(config: ConfigInput): ConfigInput {
  return config;
}

/**
 * Reads and checks a config file.
 *
 * @param file path of the file, or of the folder that holds one of {@link CONFIG_FILES}
 * @throws ConfigError naming every value that is wrong, all at once
 */
export function loadConfig(file: string): Config {
  const found = findConfig(file);
  return parseConfig(readConfig(found), found);
}

/** Checks a config that is already in memory. `source` names it in errors. */
export function parseConfig(input: unknown, source: string): Config {
  const result = ConfigSchema.safeParse(input, { error: describeType });
  if (result.success) return result.data;
  const failures = result.error.issues.map((issue) => `  ${line(issue, input)}`);
  throw new ConfigError(
    `${source} has ${failures.length} ${failures.length === 1 ? 'mistake' : 'mistakes'}:\n${failures.join('\n')}`,
  );
}

function findConfig(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  const found = CONFIG_FILES.map((name) => resolve(path, name)).find((name) => existsSync(name));
  if (found) return found;
  throw new ConfigError(`no config in ${path}; expected one of ${CONFIG_FILES.join(', ')}.`);
}

function readConfig(file: string): unknown {
  const path = resolve(file);
  if (!existsSync(path)) throw new ConfigError(`${file} does not exist; expected a .ts, .json, .yaml or .yml file.`);
  try {
    switch (extname(path)) {
      case '.ts':
        return (createJiti(path, { moduleCache: false })(path) as { default?: unknown }).default;
      case '.json':
        return JSON.parse(readFileSync(path, 'utf8'));
      case '.yaml':
      case '.yml':
        return parseYaml(readFileSync(path, 'utf8'));
    }
  } catch (error) {
    throw new ConfigError(`${file} can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  throw new ConfigError(`${file} has an unknown extension; expected .ts, .json, .yaml or .yml.`);
}

/** Where it is, what is wrong, and the value received where it is short enough to help. */
function line({ path, message }: z.core.$ZodIssue, input: unknown): string {
  const at = path.join('.');
  // A declaration's own error names the value in full.
  if (at && message.startsWith(`${at}.`)) return message;
  const value = path.reduce<unknown>(
    (parent, key) => (typeof parent === 'object' && parent !== null ? Reflect.get(parent, key) : undefined),
    input,
  );
  const received = value === undefined || typeof value === 'object' ? '' : ` (received ${JSON.stringify(value)})`;
  return `${at || 'the config'}: ${message}${received}`;
}
